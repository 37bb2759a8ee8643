"""A line that is cut, or silent: nothing that is asked for then is done."""

from __future__ import annotations

import http.client
import threading
import time
from typing import Any

from .support import Case, call


class Outages(Case):
    """For all vendors at once."""

    def balance(self) -> Any:
        """A request to Stripe that moves nothing."""
        key = {"authorization": "Bearer sk_test_nobody"}
        return call(self.sim.port, "GET", "/stripe/v1/balance", key)

    def test_what_is_cut_is_not_done_and_connects_again_later(self) -> None:
        self.assertEqual(self.balance().status, 401)
        before = self.sim.read("/counters")["calls"]
        kept = http.client.HTTPConnection("127.0.0.1", self.sim.port, timeout=20)
        kept.request("GET", "/stripe/v1/balance")
        self.assertEqual(kept.getresponse().read()[:1], b"{")
        cut = self.sim.control("/outage", kind="cut", seconds=0.5)
        self.assertEqual(cut["connected"], 1)
        with self.assertRaises((OSError, http.client.HTTPException)):
            kept.request("GET", "/stripe/v1/balance")
            kept.getresponse()
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.balance()
        self.assertEqual(self.sim.read("/counters")["calls"], before + 1)
        time.sleep(0.6)
        self.assertEqual(self.balance().status, 401)

    def test_who_asks_the_silent_waits_in_vain(self) -> None:
        self.sim.control("/outage", kind="silent", seconds=60)
        ended = threading.Event()

        def ask() -> None:
            with self.assertRaises((OSError, http.client.HTTPException)):
                self.balance()
            ended.set()

        thread = threading.Thread(target=ask)
        thread.start()
        self.assertFalse(ended.wait(0.3))
        self.assertEqual(self.sim.read("/counters")["calls"], 0)
        self.sim.control("/outage")
        thread.join(10)
        self.assertTrue(ended.is_set())
        self.assertEqual(self.balance().status, 401)

    def test_there_are_two_kinds(self) -> None:
        answer = call(self.sim.port, "POST", "/control/outage", {}, b'{"kind": "x"}')
        self.assertEqual(answer.status, 400)
