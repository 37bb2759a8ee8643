"""A mail server on this machine that keeps what it takes, and at times does not say so.

The least of SMTP that a client needs: standard Python has no such server any more.
"""

from __future__ import annotations

import email
import email.policy
import random
import re
import socketserver
import threading
from dataclasses import dataclass
from typing import Any

# How often of a hundred times a mail is taken without an answer, and how often it is put off.
UNANSWERED, PUT_OFF = 5, 5
PAYMENT = re.compile(r"/payments/[a-z]+_([0-9a-f-]{32,36})")


@dataclass(frozen=True)
class Mail:
    """A mail that was taken."""

    # Its Message-ID.
    identifier: str
    recipient: str
    # The payment that it tells of, as it stands in the data; "" of any other mail.
    payment: str


def read(raw: bytes, recipient: str) -> Mail:
    """What of a mail is compared."""
    message: Any = email.message_from_bytes(raw, policy=email.policy.default)
    text = message.get_body(("plain",))
    found = PAYMENT.search(text.get_content()) if text is not None else None
    payment = found[1].replace("-", "") if found else ""
    return Mail(str(message["message-id"]).strip(), recipient.lower(), payment)


class Mailbox:
    """The server, and all that it took."""

    def __init__(self, seed: int) -> None:
        self._lock, self._chance = threading.Lock(), random.Random(f"{seed}/mail")
        self._mails: list[Mail] = []
        self.is_calm = False
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer._serve(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def mails(self) -> list[Mail]:
        """Everything so far, in the order in which it was taken."""
        with self._lock:
            return list(self._mails)

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, line: socketserver.StreamRequestHandler) -> None:
        def say(text: str) -> None:
            line.wfile.write(text.encode() + b"\r\n")

        recipients: list[str] = []
        try:
            say("220 mailbox")
            while word := line.rfile.readline(4_096).decode("latin-1").strip():
                verb = word[:4].upper()
                if verb == "RCPT":
                    recipients.append(word.partition("<")[2].partition(">")[0])
                if verb == "DATA":
                    say("354 go on")
                    answer = self._take(_data(line), recipients)
                    if not answer:
                        return
                    say(answer)
                elif verb == "QUIT":
                    say("221 bye")
                    return
                elif verb == "EHLO":
                    say("250-mailbox\r\n250 8BITMIME")
                else:
                    say("250 well")
                if verb in ("MAIL", "RSET", "DATA"):
                    recipients = []
        except OSError:
            # The other side is gone, perhaps by a kill.
            pass

    def _take(self, raw: bytes | None, recipients: list[str]) -> str:
        """Keeps a mail, or not. The answer is what is said of it, which may be nothing."""
        if raw is None:
            return ""
        with self._lock:
            fate = 100 if self.is_calm else self._chance.randrange(100)
            if fate < PUT_OFF:
                return "451 later"
            self._mails += [read(raw, it) for it in recipients]
        return "" if fate < PUT_OFF + UNANSWERED else "250 taken"


def _data(line: socketserver.StreamRequestHandler) -> bytes | None:
    """A mail up to its end; nothing where the other side went before."""
    lines = []
    while part := line.rfile.readline():
        if part == b".\r\n":
            return b"".join(lines)
        lines.append(part[1:] if part.startswith(b"..") else part)
    return None
