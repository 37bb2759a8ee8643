"""The mail server: what it takes is read, and what goes wrong on purpose is told to nobody."""

from __future__ import annotations

import smtplib
import unittest
from email.message import EmailMessage

from torture.mailbox import Mail, Mailbox

PAYMENT = "0193c5a0b1c27def8123456789abcdef"


def mail() -> EmailMessage:
    """A receipt."""
    it = EmailMessage()
    it["From"], it["To"], it["Message-ID"] = "a@b.example", "C-1@x.example", "<one@b.example>"
    it.set_content(f"Gracias\n.\nhttp://acme.localhost:1/payments/pay_{PAYMENT}\nñ")
    it.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    return it


class Server(unittest.TestCase):
    """Asked as clients ask."""

    def setUp(self) -> None:
        self.box = Mailbox(1)
        self.addCleanup(self.box.close)

    def test_a_receipt_is_known_by_its_name_recipient_and_payment(self) -> None:
        self.box.is_calm = True
        with smtplib.SMTP("127.0.0.1", self.box.port) as client:
            client.send_message(mail())
            client.noop()
            client.send_message(mail())
        self.assertEqual(self.box.mails(), [Mail("<one@b.example>", "c-1@x.example", PAYMENT)] * 2)

    def test_some_are_put_off_and_some_are_taken_without_a_word(self) -> None:
        fine = put_off = unanswered = 0
        for _ in range(100):
            try:
                with smtplib.SMTP("127.0.0.1", self.box.port) as client:
                    client.send_message(mail())
                fine += 1
            except smtplib.SMTPDataError:
                put_off += 1
            except smtplib.SMTPServerDisconnected:
                unanswered += 1
        self.assertTrue(put_off and unanswered and fine > 75, (fine, put_off, unanswered))
        self.assertEqual(len(self.box.mails()), fine + unanswered)
