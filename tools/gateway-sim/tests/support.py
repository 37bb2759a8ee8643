"""A running simulator, a receiver of webhooks, and clients that speak each vendor's language."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import sys
import threading
import time
import unittest
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from collections.abc import Callable
from urllib.parse import urlencode
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from main import build  # noqa: E402

ANET = "AnetApi/xml/v1/schema/AnetApiSchema.xsd"


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def call(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body or None, headers or {})
        reply = connection.getresponse()
        names = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, names, reply.read())
    finally:
        connection.close()


class Simulator:
    """A simulator in a thread of this process."""

    def __init__(
        self, faults: str = "none", clock: str = "real", seed: int = 1, state: Path | None = None
    ) -> None:
        self.server = build(state, seed, faults, clock)
        self.loop = asyncio.new_event_loop()
        self.port = 0
        started = threading.Event()

        def ready(port: int) -> None:
            self.port = port
            started.set()

        async def serve() -> None:
            with suppress(asyncio.CancelledError):
                await self.server.run("127.0.0.1", 0, ready)

        self.task = self.loop.create_task(serve())
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        assert started.wait(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.task)
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    def stop(self) -> None:
        """Ends it."""
        self.loop.call_soon_threadsafe(self.task.cancel)
        self.thread.join(10)
        self.server.world.store.close()

    def control(self, path: str, **wish: Any) -> Any:
        """Asks the control API."""
        answer = call(self.port, "POST", "/control" + path, {}, json.dumps(wish).encode())
        assert answer.status == 200, answer.body
        return answer.json

    def read(self, path: str) -> Any:
        """Reads from the control API."""
        return call(self.port, "GET", "/control" + path).json

    def truth(self) -> Any:
        """What really happened."""
        return self.read("/truth")


class Receiver:
    """Takes webhooks and remembers them."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(outer.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        serve = self.server.serve_forever
        threading.Thread(target=serve, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Ends it."""
        self.server.shutdown()
        self.server.server_close()

    def wait(self, wanted: Callable[[list[Any]], bool]) -> list[tuple[dict[str, str], Any]]:
        """Waits until what was received is enough."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            found = [(headers, json.loads(body)) for headers, body in list(self.got)]
            if wanted([body for _, body in found]):
                return found
            time.sleep(0.02)
        raise AssertionError(f"not received: {[b for _, b in self.got]}")


class Case(unittest.TestCase):
    """Has a simulator and a receiver."""

    faults, clock, seed = "none", "real", 1

    def setUp(self) -> None:
        self.sim = Simulator(self.faults, self.clock, self.seed)
        self.addCleanup(self.sim.stop)
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)

    # Stripe

    def stripe_account(self, org: str = "acme") -> Any:
        """Registers a Stripe account."""
        hook = {"url": self.receiver.url, "secret": "whsec_" + org}
        keys = {"secret_key": "sk_test_" + org}
        return self.sim.control("/accounts", dialect="stripe", org=org, webhooks=[hook], **keys)

    def stripe(
        self, method: str, path: str, key: str = "", org: str = "acme", **params: Any
    ) -> Answer:
        """Calls Stripe; names may be given as `a__b` for `a[b]`."""
        pairs = []
        for name, value in params.items():
            first, *rest = name.split("__")
            pairs.append((first + "".join(f"[{step}]" for step in rest), value))
        headers = {"authorization": "Bearer sk_test_" + org}
        if key:
            headers["idempotency-key"] = key
        body = urlencode(pairs).encode()
        target = "/stripe/v1/" + path
        if method != "POST":
            return call(
                self.sim.port, method, target + ("?" + body.decode() if pairs else ""), headers
            )
        headers["content-type"] = "application/x-www-form-urlencoded"
        return call(self.sim.port, method, target, headers, body)

    # PayPal

    def paypal_account(self, org: str = "acme") -> Any:
        """Registers a PayPal account."""
        hook = {"url": self.receiver.url, "webhook_id": "1JE50Z90C7278480K"}
        keys = {"client_id": "client_" + org, "client_secret": "secret"}
        return self.sim.control("/accounts", dialect="paypal", org=org, webhooks=[hook], **keys)

    def paypal(
        self, method: str, path: str, body: Any = None, org: str = "acme", **headers: str
    ) -> Answer:
        """Calls PayPal with a token of its own."""
        pair = base64.b64encode(f"client_{org}:secret".encode()).decode()
        basic = {"authorization": "Basic " + pair}
        answer = call(
            self.sim.port,
            "POST",
            "/paypal/v1/oauth2/token",
            basic,
            b"grant_type=client_credentials",
        )
        token = answer.json["access_token"]
        sent = {"authorization": "Bearer " + token}
        if method == "POST":
            sent["content-type"] = "application/json"
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        answer = call(self.sim.port, method, "/paypal" + path, sent, data)
        self.inspect(f"{method} {path}", data.decode(), answer)
        return answer

    # Authorize.Net

    def anet_account(self, org: str = "acme", **more: Any) -> Any:
        """Registers an Authorize.Net account."""
        hook = {"url": self.receiver.url, "secret": "ABCDEF0123456789" * 8}
        keys = {"api_login_id": "login_" + org, "transaction_key": "key"}
        return self.sim.control(
            "/accounts", dialect="authorizenet", org=org, webhooks=[hook], **keys, **more
        )

    def anet(self, name: str, inner: str = "", org: str = "acme", ref: str = "") -> Any:
        """Calls Authorize.Net; returns the answer's root, without namespaces."""
        answer = self.anet_raw(name, inner, org, ref)
        self.assertTrue(answer.body.startswith(b"\xef\xbb\xbf"))
        text = answer.body.decode("utf-8-sig").replace(f' xmlns="{ANET}"', "")
        return ElementTree.fromstring(text)

    def anet_raw(self, name: str, inner: str, org: str = "acme", ref: str = "") -> Answer:
        """The same with the bytes of the answer."""
        keys = f"<name>login_{org}</name><transactionKey>key</transactionKey>"
        head = f"<merchantAuthentication>{keys}</merchantAuthentication>"
        head += f"<refId>{ref}</refId>" if ref else ""
        text = f'<{name} xmlns="{ANET}">{head}{inner}</{name}>'
        headers = {"content-type": "text/xml"}
        path = "/authorizenet/xml/v1/request.api"
        answer = call(self.sim.port, "POST", path, headers, text.encode())
        self.inspect(name, text, answer)
        return answer

    def inspect(self, asked: str, sent: str, answer: Answer) -> None:
        """Looks at what was sent and answered; the tests with published data do."""
