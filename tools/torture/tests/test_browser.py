"""What a browser without JavaScript sees of a page, and the figures of a report."""

from __future__ import annotations

import random
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from torture.acting import page_name, reference_of
from torture.browser import Browser, Page, Unreachable
from torture.campaign import Outcome
from torture.journal import Journal
from torture.report import bound, lines
from torture.world import Organisation, amount_text, bare

PAGE = """
<html><head><meta http-equiv="refresh" content="0; url=/away?a=1&amp;b=2">
<noscript><meta http-equiv="refresh" content="5; url=/later"></noscript></head><body>
<form method="post" action="/language"><button name="language" value="es">Español</button></form>
<form method="post" action="/pay"><input type="hidden" name="csrf" value="t&quot;k">
<input type="hidden" name="key" value="k1"><input name="amount" value="">
<input type="radio" name="way" value="gwy_1" checked><input type="radio" name="way" value="gwy_2">
<select name="card"><option value="good">Good</option><option value="bad">Bad</option></select>
<button type="submit">Pay</button></form>
<form method="post" action="http://127.0.0.1:9/page"><input type="hidden" name="token" value="t1">
<button name="act" value="pay">Pay</button></form><a href="/back">Back</a></body></html>
"""


class Reading(unittest.TestCase):
    """Pages."""

    def test_forms_have_what_would_be_sent(self) -> None:
        page = Page(PAGE, "http://localhost:1/here")
        form = page.form("/pay")
        assert form is not None
        self.assertEqual((form.hidden("csrf"), form.hidden("key")), ('t"k', "k1"))
        self.assertEqual(form.choices["way"], ["gwy_1", "gwy_2"])
        self.assertEqual(form.options["card"], ["good", "bad"])
        self.assertEqual(page.forms[2].presses(), {"pay"})
        self.assertIsNone(page.form("/nowhere"))
        self.assertEqual(page.leads_to, "http://localhost:1/away?a=1&b=2")
        self.assertEqual(page.links, ["http://localhost:1/back"])

    def test_a_page_of_a_provider_is_known_by_its_address_or_its_form(self) -> None:
        here = "localhost:1"
        self.assertEqual(page_name(Page(PAGE.replace("/away?a=1&amp;b=2", "http://x/pay/cs_1"),
                                        "http://localhost:1/"), here), "cs_1")  # fmt: skip
        self.assertEqual(page_name(Page(PAGE.replace("/away?a=1&amp;b=2", "http://x/c?token=o1"),
                                        "http://localhost:1/"), here), "o1")  # fmt: skip
        no_refresh = PAGE.replace('content="0;', 'content="9;')
        self.assertEqual(page_name(Page(no_refresh, "http://localhost:1/"), here), "t1")

    def test_names_and_amounts(self) -> None:
        self.assertEqual(bare("att_0190a1b2-c3d4"), "0190a1b2c3d4")
        self.assertEqual(amount_text(1_205, "USD"), "12.05")
        self.assertEqual(amount_text(1_205, "JPY"), "1205")
        self.assertEqual(reference_of("0" * 31 + "1"), "0" * 19 + "1")
        self.assertEqual(reference_of("f" * 32), "Z" * 20)


class Talking(unittest.TestCase):
    """Requests."""

    def setUp(self) -> None:
        self.seen: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # noqa: N802
                host, cookie = self.headers["host"], self.headers.get("cookie", "")
                outer.seen.append((host, cookie))
                self.send_response(303)
                self.send_header("set-cookie", "portico=s1; Path=/; HttpOnly")
                self.send_header("set-cookie", "notice=; Max-Age=0")
                self.send_header("location", "/next")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def test_cookies_are_kept_for_each_host(self) -> None:
        port = self.server.server_port
        browser = Browser("127.0.0.9")
        answer = browser.get(f"http://localhost:{port}/a")
        self.assertEqual((answer.status, answer.location), (303, f"http://localhost:{port}/next"))
        browser.get(f"http://localhost:{port}/b")
        browser.get(f"http://rival.localhost:{port}/c")
        browser.close()
        self.assertEqual(self.seen, [
            (f"localhost:{port}", ""),
            (f"localhost:{port}", "portico=s1"),
            (f"rival.localhost:{port}", ""),
        ])  # fmt: skip

    def test_where_nobody_listens_nobody_knows(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        with self.assertRaises(Unreachable):
            Browser("127.0.0.1").get(f"http://localhost:{self.server.server_port}/")


class Telling(unittest.TestCase):
    """The journal and the report."""

    def test_the_bound_is_that_of_trials_without_a_fault(self) -> None:
        for kills, percent in ((50, 5.8), (1_000, 0.30), (3_000, 0.10)):
            self.assertAlmostEqual(100 * bound(kills), percent, delta=0.06)
        self.assertEqual(bound(0), 1.0)

    def test_a_form_that_begins_two_attempts_is_told(self) -> None:
        journal = Journal()
        it = journal.begin("pay", "org", "cus", "key")
        journal.attempt(it, "a")
        journal.attempt(it, "a")
        self.assertEqual(journal.violations, [])
        journal.attempt(it, "b")
        self.assertEqual([number for number, _ in journal.violations], ["I5"])

    def test_a_report_says_what_it_proves_only_where_nothing_is_wrong(self) -> None:
        outcome = Outcome("sqlite", kills=50, looks=50, restarts=[0.5, 1.5, 0.7])
        self.assertIn("less than 5.82 % of kills", "\n".join(lines(outcome)))
        outcome.violations.append(("I4", "a charge was credited twice"))
        text = "\n".join(lines(outcome))
        self.assertIn("VIOLATED I4: a charge", text)
        self.assertNotIn("less than", text)

    def test_a_contest_is_of_as_many_as_it_says(self) -> None:
        it = Organisation("Acme", "org_1", "localhost", None)  # type: ignore[arg-type]
        it.codes["USD"].extend(["A", "B"])
        codes = [it.contest("USD", 3) for _ in range(6)]
        self.assertEqual([one.code for one in codes if one], ["A", "A", "A", "B", "B", "B"])
        self.assertIsNone(it.contest("USD", 3))
        self.assertIsNone(it.code("JPY"))
        self.assertIsNone(it.any_invoice(random.Random(1)))


if __name__ == "__main__":
    unittest.main()
