"""The faults: drawn by seed, at their rates, each written into the truth."""

from __future__ import annotations

import json
import tempfile
import time
import unittest
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .support import Case, Receiver, Simulator

from gatewaysim.faults import NAMED, Faults
from gatewaysim.planning import falsify


class Drawing(unittest.TestCase):
    """The draws alone."""

    def test_draws_depend_on_seed_and_key_and_not_on_order(self) -> None:
        keys = [f"inv-{number}" for number in range(500)]
        forward = {key: Faults(7, NAMED).strikes("drop", "a", key) for key in keys}
        faults = Faults(7, NAMED)
        backward = {key: faults.strikes("drop", "a", key) for key in reversed(keys)}
        self.assertEqual(forward, backward)
        other = {key: Faults(8, NAMED).strikes("drop", "a", key) for key in keys}
        self.assertNotEqual(forward, other)

    def test_rates_are_kept(self) -> None:
        faults = Faults(3, NAMED)
        for name, rate in NAMED.items():
            count = sum(faults.strikes(name, "a", str(number)) for number in range(20_000))
            self.assertAlmostEqual(count / 20_000, rate, delta=0.012, msg=name)

    def test_the_named_rates_are_the_agreed_ones(self) -> None:
        agreed = {"duplicate": 20, "reorder": 30, "drop": 10, "reply_lost": 5, "server_error": 3,
                  "hang": 2, "event_first": 10, "wrong_event": 1, "bad_signature": 2,
                  "old_replay": 1, "foreign_event": 1, "refund_first": 1, "chargeback": 1,
                  "needs_action": 5}  # fmt: skip
        for name, percent in agreed.items():
            self.assertEqual(NAMED[name], percent / 100, name)
        self.assertEqual(NAMED["never_redelivered"], 0.5)
        self.assertEqual(Faults(1).settings["delay_max_seconds"], 120)
        self.assertEqual(Faults(1).settings["hang_seconds"], 35)

    def test_a_file_of_rates_is_read_and_checked(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "faults.json"
            path.write_text(json.dumps({"rates": {"drop": 0.5}, "settings": {"hang_seconds": 1}}))
            faults = Faults.parse(1, str(path))
            self.assertEqual((faults.rates, faults.settings["hang_seconds"]), ({"drop": 0.5}, 1))
            path.write_text(json.dumps({"rates": {"dorp": 0.5}}))
            with self.assertRaises(ValueError):
                Faults.parse(1, str(path))

    def test_lies_change_what_they_say(self) -> None:
        body = {"a": {"amount": 100, "currency": "eur", "list": [{"value": "12.50"}]}}
        self.assertTrue(falsify(body, ("amount", "value")))
        self.assertEqual(
            body["a"], {"amount": 1000, "currency": "eur", "list": [{"value": "912.50"}]}
        )
        self.assertTrue(falsify(body, ("currency",)))
        self.assertEqual(body["a"]["currency"], "usd")
        self.assertFalse(falsify(body, ("nothing",)))


def campaign(seed: int, receiver: Receiver, count: int) -> tuple[Any, Any]:
    """Pays `count` sessions under the named faults; the truth, and the events with deliveries."""
    sim = Simulator("named", "scaled:60", seed)
    try:
        for org in ("acme", "rival"):
            hook = {"url": receiver.url, "secret": "whsec_" + org}
            keys = {"secret_key": "sk_test_" + org}
            facts = {"dialect": "stripe", "org": org, "webhooks": [hook]}
            sim.control("/accounts", account="acct_" + org, **facts, **keys)
        for number in range(count):
            reference = f"inv-{number}"
            wish = {"account": "acct_acme", "amount": 1000 + number, "currency": "EUR"}
            sim.control("/charge", reference=reference, **wish)
        return sim.truth(), sim.read("/events")["events"]
    finally:
        sim.stop()


class Campaign(unittest.TestCase):
    """Whole runs."""

    def test_the_same_seed_gives_the_same_faults(self) -> None:
        receiver = Receiver()
        self.addCleanup(receiver.stop)

        def faults(seed: int) -> list[tuple[str, str]]:
            truth, _ = campaign(seed, receiver, 60)
            found = [
                (row["fault"], row["touched"].get("reference", ""))
                for row in truth["faults"]
                if row["fault"] != "delay"
            ]
            return sorted(found)

        first = faults(5)
        self.assertEqual(first, faults(5))
        self.assertNotEqual(first, faults(6))
        self.assertGreater(len(first), 30)

    def test_every_kind_of_event_fault_happens_and_is_written_down(self) -> None:
        receiver = Receiver()
        self.addCleanup(receiver.stop)
        truth, events = campaign(11, receiver, 250)
        kinds = Counter(row["fault"] for row in truth["faults"])
        for name in ("duplicate", "delay", "reorder", "drop", "wrong_event", "bad_signature",
                     "old_replay", "foreign_event", "refund_first", "chargeback"):  # fmt: skip
            self.assertGreater(kinds[name], 0, name)
        self.assertEqual(len(truth["charges"]), 250)
        self.assertEqual({row["org"] for row in truth["charges"]}, {"acme"})
        by_id = {event["id"]: event for event in events}
        for row in truth["faults"]:
            touched = row["touched"]
            if row["fault"] == "drop" and not touched["redelivered"]:
                due = [d for d in by_id[touched["event"]]["deliveries"] if "signer" not in d]
                honest = [d for d in due if d["signed_ago"] == 0]
                duplicated = any(
                    other["fault"] == "duplicate" and other["touched"]["event"] == touched["event"]
                    for other in truth["faults"]
                )
                self.assertTrue(duplicated or not honest)
            if row["fault"] == "wrong_event":
                self.assertIn(by_id[touched["told"]]["lie"], ("amount", "currency", "recipient"))
            if row["fault"] == "foreign_event":
                self.assertEqual(row["account"], "acct_rival")


class Replies(Case):
    """What becomes of replies, and what happens to payments afterwards."""

    def setUp(self) -> None:
        super().setUp()
        self.stripe_account()
        customer = self.stripe("POST", "customers").json["id"]
        attach = self.stripe("POST", "payment_methods/pm_card_visa/attach", customer=customer)
        self.both = {"customer": customer, "payment_method": attach.json["id"]}

    def charge(self, key: str = "", **more: Any) -> Any:
        """Charges without the payer."""
        given = {"amount": 900, "currency": "eur", "confirm": "true", "off_session": "true"}
        return self.stripe("POST", "payment_intents", key, **{**given, **self.both, **more})

    def force(self, name: str, **settings: Any) -> None:
        """Queues a fault."""
        self.sim.control("/faults", next=[{"fault": name}], settings=settings)

    def test_a_lost_reply_is_a_charge_all_the_same(self) -> None:
        self.force("reply_lost")
        with self.assertRaises((ConnectionError, OSError)):
            self.charge("k")
        self.assertEqual(len(self.sim.truth()["charges"]), 1)
        self.assertEqual(self.charge("k").json["status"], "succeeded")
        self.assertEqual(len(self.sim.truth()["charges"]), 1)
        [fault] = self.sim.truth()["faults"]
        self.assertEqual(fault["fault"], "reply_lost")

    def test_the_event_can_come_before_the_reply(self) -> None:
        self.sim.control("/faults", rates={"delay": 1})
        self.force("event_first")
        self.charge(metadata__reference="first")
        kinds = [json.loads(body)["type"] for _, body in self.receiver.got]
        self.assertIn("payment_intent.succeeded", kinds)

    def test_a_payment_can_need_its_payer(self) -> None:
        self.force("needs_action")
        refused = self.charge()
        self.assertEqual(refused.json["error"]["code"], "authentication_required")
        self.assertEqual(self.sim.truth()["charges"], [])

    def test_a_refund_can_be_told_before_its_charge(self) -> None:
        self.force("refund_first")
        self.charge()
        self.sim.control("/clock", advance=10)
        self.receiver.wait(lambda bodies: any(b["type"] == "refund.created" for b in bodies))
        kinds = [json.loads(body)["type"] for _, body in self.receiver.got]
        self.assertNotIn("charge.succeeded", kinds)
        self.sim.control("/settle")
        self.receiver.wait(lambda bodies: any(b["type"] == "charge.succeeded" for b in bodies))
        [charge] = self.sim.truth()["charges"]
        self.assertEqual(charge["refunded"], 900)

    def test_a_chargeback_comes_later(self) -> None:
        self.force("chargeback")
        self.charge()
        self.assertEqual(self.sim.truth()["chargebacks"], [])
        self.sim.control("/clock", advance=601)
        self.receiver.wait(lambda b: any(e["type"] == "charge.dispute.created" for e in b))
        self.assertEqual(len(self.sim.truth()["chargebacks"]), 1)

    def test_settling_delivers_what_is_left_and_stops_the_faults(self) -> None:
        self.sim.control("/faults", rates={"delay": 1, "reorder": 1})
        for number in range(10):
            self.charge(metadata__reference=f"r-{number}")
        self.sim.control("/settle")

        def all_paid(bodies: list[Any]) -> bool:
            return sum(b["type"] == "payment_intent.succeeded" for b in bodies) == 10

        self.receiver.wait(all_paid)
        self.assertEqual(self.sim.read("/faults")["rates"], {})
        self.assertEqual(self.sim.read("/counters")["charges"], 10)

    def until(self, wanted: Callable[[Any], bool]) -> None:
        """Waits until the counters are so."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if wanted(self.sim.read("/counters")):
                return
            time.sleep(0.02)
        self.fail(f"{self.sim.read('/counters')}")

    def test_a_message_can_be_had_to_be_brought_by_hand(self) -> None:
        self.charge(metadata__reference="by-hand")
        self.until(lambda counters: counters["pending"] == 0)
        got = len(self.receiver.got)
        [event] = [
            event
            for event in self.sim.read("/events")["events"]
            if event["type"] == "payment_intent.succeeded"
        ]
        good = self.sim.control("/message", event=event["id"])
        self.assertEqual((good["url"], good["body"]), (self.receiver.url, event["body"]))
        self.assertRegex(good["headers"]["stripe-signature"], "^t=[0-9]+,v1=[0-9a-f]{64},v0=")
        bare = self.sim.control("/message", event=event["id"], manner="missing")
        self.assertNotIn("stripe-signature", bare["headers"])
        self.until(lambda counters: counters["pending"] == 0)
        self.assertEqual(len(self.receiver.got), got, "nothing was delivered")

    def test_what_the_receiver_does_not_want_is_counted_apart(self) -> None:
        self.receiver.status = 400
        self.charge()
        self.until(lambda counters: counters["refused"] == counters["pending"] > 0)

    def test_a_stray_charge_is_in_the_truth(self) -> None:
        [account] = self.sim.read("/accounts")["accounts"]
        wish = {"account": account["id"], "amount": 100, "currency": "EUR"}
        self.sim.control("/charge", reference="inv-2000", **wish)
        [charge] = self.sim.truth()["charges"]
        self.assertEqual((charge["amount"], charge["reference"]), (100, "inv-2000"))


if __name__ == "__main__":
    unittest.main()
