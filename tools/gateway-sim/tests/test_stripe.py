"""Stripe's main paths, its strictness, its idempotency and its signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import unittest
from typing import Any

from .support import Answer, Case, call

LINE = {
    "line_items__0__price_data__currency": "eur",
    "line_items__0__price_data__unit_amount": 1250,
    "line_items__0__price_data__product_data__name": "Invoice 7",
    "line_items__0__quantity": 1,
}


class Stripe(Case):
    """One account, no faults."""

    def setUp(self) -> None:
        super().setUp()
        self.account = self.stripe_account()

    def session(self, **more: Any) -> Any:
        """A checkout session for 12.50."""
        given = {"mode": "payment", "success_url": "http://x.test/ok?s={CHECKOUT_SESSION_ID}"}
        answer = self.stripe("POST", "checkout/sessions", **{**given, **LINE, **more})
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def stored(self) -> tuple[str, str]:
        """A customer with a stored card."""
        customer = self.stripe("POST", "customers", email="a@b.test").json["id"]
        answer = self.stripe("POST", "payment_methods/pm_card_visa/attach", customer=customer)
        self.assertEqual(answer.status, 200, answer.body)
        return customer, answer.json["id"]

    def charge(self, key: str = "", **more: Any) -> Answer:
        """Charges without the payer."""
        given = {"amount": 900, "currency": "eur", "confirm": "true", "off_session": "true"}
        return self.stripe("POST", "payment_intents", key, **{**given, **more})

    def test_a_checkout_is_paid_and_told(self) -> None:
        session = self.session(client_reference_id="inv-7", metadata__attempt="a1")
        self.assertIsNone(session["payment_intent"])
        page = call(self.sim.port, "GET", "/stripe/pay/" + session["id"])
        for words in (b"12.50 EUR", b"Pay", b"Decline", b"Cancel", b"3-D Secure"):
            self.assertIn(words, page.body)
        self.assertNotIn(b"<script", page.body)
        paid = call(self.sim.port, "POST", "/stripe/pay/" + session["id"], {}, b"act=pay&card=good")
        self.assertEqual(paid.status, 303)
        self.assertEqual(paid.headers["location"], "http://x.test/ok?s=" + session["id"])
        got = self.receiver.wait(lambda bodies: len(bodies) >= 4)
        kinds = {body["type"] for _, body in got}
        self.assertLessEqual(
            {"charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}, kinds
        )
        [charge] = self.sim.truth()["charges"]
        facts = (charge["org"], charge["amount"], charge["currency"], charge["reference"])
        self.assertEqual(facts, ("acme", 1250, "EUR", "inv-7"))
        answer = self.stripe(
            "GET",
            "checkout/sessions/" + session["id"],
            **{"expand[]": "payment_intent.latest_charge"},
        )
        self.assertEqual(answer.json["payment_status"], "paid")
        self.assertEqual(answer.json["payment_intent"]["latest_charge"]["id"], charge["id"])

    def test_declines_cancels_and_challenges_are_no_payments(self) -> None:
        session = self.session(cancel_url="http://x.test/no")
        page = session["id"]
        self.assertIn("declined", self.sim.control("/pages", page=page, act="decline")["redirect"])
        cancelled = self.sim.control("/pages", page=page, act="cancel")
        self.assertEqual(cancelled["redirect"], "http://x.test/no")
        self.sim.control("/pages", page=page, act="challenge")
        self.assertEqual(self.sim.truth()["charges"], [])
        shown = call(self.sim.port, "GET", "/stripe/pay/" + page)
        self.assertIn(b"Complete authentication", shown.body)
        self.sim.control("/pages", page=page, act="complete")
        self.assertEqual(len(self.sim.truth()["charges"]), 1)

    def test_signatures_can_be_checked_by_others(self) -> None:
        self.stripe("POST", "customers", email="ü@b.test")
        self.receiver.wait(lambda bodies: bool(bodies))
        headers, body = self.receiver.got[0]
        parts = [part.split("=", 1) for part in headers["stripe-signature"].split(",")]
        stamp = next(value for name, value in parts if name == "t")
        given = [value for name, value in parts if name == "v1"]
        mac = hmac.new(b"whsec_acme", f"{stamp}.".encode() + body, hashlib.sha256)
        self.assertEqual(given, [mac.hexdigest()])

    def test_forged_manners_do_not_verify(self) -> None:
        self.stripe("POST", "customers")
        event = self.receiver.wait(lambda bodies: bool(bodies))[0][1]["id"]
        for manner in ("missing", "wrong", "empty_key"):
            self.sim.control("/deliver", event=event, manner=manner)
        self.sim.control("/deliver", event=event, signed_ago=7 * 86_400)
        self.receiver.wait(lambda bodies: len(bodies) == 5)
        good = 0
        for headers, body in self.receiver.got:
            signature = headers.get("stripe-signature", "t=0,v1=")
            stamp = signature.split(",")[0][2:]
            mac = hmac.new(b"whsec_acme", f"{stamp}.".encode() + body, hashlib.sha256)
            good += mac.hexdigest() in signature
        # The first one, and the replay, which is genuine but a week old.
        self.assertEqual(good, 2)

    def test_stored_methods_are_charged_detached_and_kept_apart(self) -> None:
        customer, method = self.stored()
        paid = self.charge(customer=customer, payment_method=method, metadata__reference="i-1")
        self.assertEqual(paid.json["status"], "succeeded", paid.body)
        other = self.stripe("POST", "customers").json["id"]
        wrong = self.charge(customer=other, payment_method=method)
        self.assertEqual(wrong.status, 400)
        self.assertEqual(self.charge(payment_method=method).status, 400)
        self.assertEqual(self.stripe("POST", f"payment_methods/{method}/detach").status, 200)
        self.assertEqual(self.charge(customer=customer, payment_method=method).status, 400)
        self.assertEqual(len(self.sim.truth()["charges"]), 1)
        self.assertIsNotNone(self.sim.truth()["methods"][0]["removed"])

    def test_another_account_sees_nothing(self) -> None:
        self.stripe_account("rival")
        customer, method = self.stored()
        for path in (f"customers/{customer}", f"payment_methods/{method}"):
            self.assertEqual(self.stripe("GET", path, org="rival").status, 404)
        self.assertEqual(self.stripe("GET", "customers", org="rival").json["data"], [])

    def test_later_behaviour_of_a_card(self) -> None:
        customer, method = self.stored()
        both = {"customer": customer, "payment_method": method}
        self.sim.control("/method", method=method, label="declines_later")
        declined = self.charge(**both)
        self.assertEqual((declined.status, declined.json["error"]["code"]), (402, "card_declined"))
        self.assertEqual(
            declined.json["error"]["payment_intent"]["status"], "requires_payment_method"
        )
        self.sim.control("/method", method=method, label="asks_later")
        asked = self.charge(**both)
        self.assertEqual(asked.json["error"]["code"], "authentication_required")
        present = self.stripe(
            "POST", "payment_intents", amount=900, currency="eur", confirm="true",
            return_url="http://x.test/back", **both,
        )  # fmt: skip
        self.assertEqual(present.json["status"], "requires_action")
        back = self.sim.control("/pages", page=present.json["id"], act="complete")["redirect"]
        self.assertIn("redirect_status=succeeded", back)
        self.assertEqual(len(self.sim.truth()["charges"]), 1)

    def test_a_key_gives_one_charge_and_the_same_answer(self) -> None:
        customer, method = self.stored()
        both = {"customer": customer, "payment_method": method}
        first, second = self.charge("k1", **both), self.charge("k1", **both)
        self.assertEqual(first.body, second.body)
        self.assertEqual(second.headers["idempotent-replayed"], "true")
        other = self.charge("k1", **both, description="different")
        self.assertEqual((other.status, other.json["error"]["type"]), (400, "idempotency_error"))
        self.sim.control("/clock", advance=86_401)
        self.assertNotEqual(self.charge("k1", **both).json["id"], first.json["id"])
        self.assertEqual(len(self.sim.truth()["charges"]), 2)

    def test_a_key_in_use_is_a_conflict(self) -> None:
        customer, method = self.stored()
        both = {"customer": customer, "payment_method": method}
        self.sim.control("/faults", settings={"hang_seconds": 1.5}, next=[{"fault": "hang"}])
        answers: list[Answer] = []
        hanging = threading.Thread(target=lambda: answers.append(self.charge("k", **both)))
        hanging.start()
        self.receiver.wait(lambda bodies: any(b["type"] == "charge.succeeded" for b in bodies))
        conflict = self.charge("k", **both)
        self.assertEqual(conflict.status, 409)
        self.assertEqual(conflict.json["error"]["code"], "idempotency_key_in_use")
        hanging.join()
        self.assertEqual(answers[0].status, 200)
        self.assertEqual(len(self.sim.truth()["charges"]), 1)

    def test_a_5xx_after_the_charge_is_kept_for_its_key(self) -> None:
        customer, method = self.stored()
        both = {"customer": customer, "payment_method": method}
        self.sim.control("/faults", next=[{"fault": "server_error"}])
        self.assertEqual(self.charge("k", **both).status, 500)
        self.assertEqual(self.charge("k", **both).status, 500)
        listed = self.stripe("GET", "payment_intents", customer=customer).json["data"]
        self.assertEqual([intent["status"] for intent in listed], ["succeeded"])

    def test_refunds_are_bounded(self) -> None:
        customer, method = self.stored()
        intent = self.charge(customer=customer, payment_method=method).json
        part = self.stripe("POST", "refunds", payment_intent=intent["id"], amount=400)
        self.assertEqual(part.json["status"], "succeeded")
        much = self.stripe("POST", "refunds", payment_intent=intent["id"], amount=501)
        self.assertEqual(much.status, 400)
        rest = self.stripe("POST", "refunds", charge=intent["latest_charge"])
        self.assertEqual(rest.json["amount"], 500)
        again = self.stripe("POST", "refunds", charge=intent["latest_charge"])
        self.assertEqual(again.json["error"]["code"], "charge_already_refunded")
        sums = [row["amount"] for row in self.sim.truth()["refunds"]]
        self.assertEqual(sums, [400, 500])
        kinds = [row["type"] for row in self.stripe("GET", "balance_transactions").json["data"]]
        self.assertEqual(kinds, ["refund", "refund", "charge"])

    def test_a_chargeback_is_told_and_bars_refunds(self) -> None:
        customer, method = self.stored()
        intent = self.charge(customer=customer, payment_method=method).json
        self.sim.control("/chargeback", charge=intent["latest_charge"])
        self.receiver.wait(lambda b: any(e["type"] == "charge.dispute.created" for e in b))
        refused = self.stripe("POST", "refunds", payment_intent=intent["id"])
        self.assertEqual(refused.json["error"]["code"], "charge_disputed")
        self.assertEqual(self.sim.truth()["chargebacks"][0]["amount"], 900)

    def test_a_setup_stores_a_method(self) -> None:
        customer = self.stripe("POST", "customers").json["id"]
        session = self.stripe(
            "POST", "checkout/sessions", mode="setup", currency="eur", customer=customer,
            success_url="http://x.test/ok",
        ).json  # fmt: skip
        self.sim.control("/pages", page=session["id"], act="pay", card="declines_later")
        setup = self.stripe("GET", "setup_intents/" + session["setup_intent"]).json
        self.assertEqual(setup["status"], "succeeded")
        listed = self.stripe("GET", f"customers/{customer}/payment_methods").json["data"]
        self.assertEqual([row["id"] for row in listed], [setup["payment_method"]])

    def test_a_setup_without_a_customer_makes_one(self) -> None:
        session = self.stripe(
            "POST", "checkout/sessions", mode="setup", currency="eur", customer_creation="always",
            success_url="http://x.test/ok",
        ).json  # fmt: skip
        self.sim.control("/pages", page=session["id"], act="pay", card="good")
        customer = self.stripe("GET", "checkout/sessions/" + session["id"]).json["customer"]
        setup = self.stripe("GET", "setup_intents/" + session["setup_intent"]).json
        self.assertEqual((setup["status"], setup["customer"]), ("succeeded", customer))
        listed = self.stripe("GET", f"customers/{customer}/payment_methods").json["data"]
        self.assertEqual([row["id"] for row in listed], [setup["payment_method"]])

    def test_what_is_wrong_is_refused(self) -> None:
        good = {"amount": 900, "currency": "eur"}
        wrong: list[tuple[dict[str, Any], str]] = [
            ({**good, "ammount": 1}, "parameter_unknown"),
            ({**good, "metadata__a__b": 1}, ""),
            ({"currency": "eur"}, "parameter_missing"),
            ({**good, "amount": "9.00"}, "parameter_invalid_integer"),
            ({**good, "amount": 10}, "amount_too_small"),
            ({**good, "currency": "EUR"}, ""),
            ({**good, "confirm": "yes"}, ""),
            ({**good, "off_session": "true"}, ""),
            ({**good, "expand[]": "nothing"}, ""),
            ({**good, "customer": "cus_none"}, "resource_missing"),
        ]
        for params, code in wrong:
            answer = self.stripe("POST", "payment_intents", **params)
            self.assertIn(answer.status, (400, 404), params)
            self.assertEqual(answer.json["error"].get("code", ""), code, params)
        headers = {"authorization": "Bearer sk_test_acme", "content-type": "application/json"}
        path = "/stripe/v1/payment_intents"
        as_json = call(self.sim.port, "POST", path, headers, json.dumps(good).encode())
        self.assertEqual(as_json.status, 415)
        self.assertEqual(self.stripe("GET", "account", org="nobody").status, 401)
        self.assertEqual(self.stripe("GET", "nothing").status, 404)

    def test_lists_are_paged(self) -> None:
        made = [self.stripe("POST", "customers", name=str(i)).json["id"] for i in range(5)]
        first = self.stripe("GET", "customers", limit=2).json
        self.assertTrue(first["has_more"])
        after = first["data"][-1]["id"]
        rest = self.stripe("GET", "customers", limit=3, starting_after=after).json
        self.assertFalse(rest["has_more"])
        self.assertEqual([c["id"] for c in first["data"] + rest["data"]], made[::-1])

    def test_a_search_lags_behind(self) -> None:
        customer, method = self.stored()
        both = {"customer": customer, "payment_method": method}
        intent = self.charge(**both, metadata__reference="i-9").json["id"]
        query = {"query": "metadata['reference']:'i-9'"}
        found = self.stripe("GET", "payment_intents/search", **query).json["data"]
        self.assertEqual(found, [])
        self.sim.control("/clock", advance=61)
        found = self.stripe("GET", "payment_intents/search", **query).json["data"]
        self.assertEqual([row["id"] for row in found], [intent])

    def test_refused_deliveries_come_again(self) -> None:
        self.receiver.status = 500
        self.stripe("POST", "customers")
        self.receiver.wait(lambda bodies: len(bodies) == 1)
        self.receiver.status = 200
        self.sim.control("/clock", advance=301)
        got = self.receiver.wait(lambda bodies: len(bodies) == 2)
        self.assertEqual(got[0][1], got[1][1])

    def test_brands_that_share_an_account_are_all_told(self) -> None:
        port = self.receiver.server.server_port
        hooks = [
            {"url": self.receiver.url, "secret": "whsec_one", "events": ["customer.created"]},
            {
                "url": "http://brand-two.test:1/hook",
                "connect": f"127.0.0.1:{port}",
                "secret": "whsec_two",
                "second_secret": "whsec_new",
            },
        ]
        facts = {"dialect": "stripe", "org": "acme", "account": self.account["id"]}
        self.sim.control("/accounts", **facts, secret_key="sk_test_acme", webhooks=hooks)
        self.stripe("POST", "customers")
        got = self.receiver.wait(lambda bodies: len(bodies) == 2)
        self.assertEqual(got[0][1], got[1][1])
        hosts = {headers["host"] for headers, _ in got}
        self.assertEqual(hosts, {f"127.0.0.1:{port}", "brand-two.test:1"})
        counts = sorted(headers["stripe-signature"].count("v1=") for headers, _ in got)
        self.assertEqual(counts, [1, 2])


if __name__ == "__main__":
    unittest.main()
