"""PayPal's main paths, its strictness, its request identifiers and its signatures."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import unittest
import zlib
from datetime import datetime, timedelta, UTC
from pathlib import Path
from typing import Any

from .support import Case, call

RETURN = {"return_url": "http://x.test/ok", "cancel_url": "http://x.test/no"}


def order(value: str = "12.50", invoice: str = "inv-7", **source: Any) -> dict[str, Any]:
    """The body of a new order."""
    unit = {"amount": {"currency_code": "EUR", "value": value}, "invoice_id": invoice}
    body: dict[str, Any] = {"intent": "CAPTURE", "purchase_units": [unit]}
    body["payment_source"] = {"paypal": {"experience_context": RETURN, **source}}
    return body


class PayPal(Case):
    """One account, no faults."""

    def setUp(self) -> None:
        super().setUp()
        self.account = self.paypal_account()

    def approved(self, card: str = "good", act: str = "pay", **more: Any) -> str:
        """An order that a payer has agreed to."""
        request_id = {"PayPal_Request_Id": f"{zlib.crc32(json.dumps(more).encode()):x}"}
        made = self.paypal("POST", "/v2/checkout/orders", order(**more), **request_id)
        self.assertIn(made.status, (200, 201), made.body)
        self.assertEqual(made.json["status"], "PAYER_ACTION_REQUIRED")
        self.sim.control("/pages", page=made.json["id"], act=act, card=card)
        return str(made.json["id"])

    def capture(self, key: str, request_id: str = "c-1") -> Any:
        """Captures and returns the whole order."""
        headers = {"PayPal_Request_Id": request_id, "Prefer": "return=representation"}
        return self.paypal("POST", f"/v2/checkout/orders/{key}/capture", {}, **headers)

    def test_an_order_is_approved_captured_and_told(self) -> None:
        made = self.paypal("POST", "/v2/checkout/orders", order(), PayPal_Request_Id="o-1").json
        self.assertEqual(set(made), {"id", "status", "links"})
        [link] = [row["href"] for row in made["links"] if row["rel"] == "payer-action"]
        path = link[link.index("/paypal") :]
        page = call(self.sim.port, "GET", path)
        self.assertIn(b"12.50 EUR", page.body)
        self.assertNotIn(b"<script", page.body)
        sent = call(self.sim.port, "POST", path, {}, b"act=pay&card=good")
        self.assertEqual(sent.status, 303)
        self.assertIn(f"http://x.test/ok?token={made['id']}&PayerID=", sent.headers["location"])
        done = self.capture(made["id"])
        self.assertEqual((done.status, done.json["status"]), (201, "COMPLETED"))
        [capture] = done.json["purchase_units"][0]["payments"]["captures"]
        self.assertEqual(capture["amount"], {"currency_code": "EUR", "value": "12.50"})
        got = self.receiver.wait(lambda bodies: len(bodies) >= 2)
        told = {body["event_type"]: body["resource"] for _, body in got}
        self.assertIn("CHECKOUT.ORDER.APPROVED", told)
        resource = told["PAYMENT.CAPTURE.COMPLETED"]
        self.assertEqual(resource["supplementary_data"]["related_ids"]["order_id"], made["id"])
        [charge] = self.sim.truth()["charges"]
        facts = (charge["id"], charge["amount"], charge["currency"], charge["reference"])
        self.assertEqual(facts, (capture["id"], 1250, "EUR", "inv-7"))

    def test_captures_happen_once(self) -> None:
        key = self.approved()
        first, second = self.capture(key), self.capture(key)
        self.assertEqual((first.status, second.status), (201, 200))
        self.assertEqual(first.json, second.json)
        third = self.capture(key, "c-2")
        self.assertEqual(third.json["details"][0]["issue"], "ORDER_ALREADY_CAPTURED")
        other = self.approved(invoice="inv-8")
        mixed = self.capture(other)
        self.assertEqual(mixed.json["details"][0]["issue"], "DUPLICATE_REQUEST_ID")
        same_invoice = self.approved(value="12.51")
        refused = self.capture(same_invoice, "c-3")
        self.assertEqual(refused.json["details"][0]["issue"], "DUPLICATE_INVOICE_ID")
        self.assertEqual(len(self.sim.truth()["charges"]), 1)

    def test_a_lost_capture_is_found_by_its_request_id(self) -> None:
        key = self.approved()
        self.sim.control("/faults", next=[{"fault": "server_error"}])
        self.assertEqual(self.capture(key).status, 500)
        self.assertEqual((self.capture(key).status, len(self.sim.truth()["charges"])), (200, 1))

    def test_declines_and_unapproved_orders(self) -> None:
        key = self.approved(act="decline")
        refused = self.capture(key)
        self.assertEqual(refused.json["details"][0]["issue"], "INSTRUMENT_DECLINED")
        plain = order()
        del plain["payment_source"]
        made = self.paypal("POST", "/v2/checkout/orders", plain).json
        self.assertEqual(made["status"], "CREATED")
        unapproved = self.capture(made["id"], "c-9")
        self.assertEqual(unapproved.json["details"][0]["issue"], "ORDER_NOT_APPROVED")

    def test_refunds_are_bounded(self) -> None:
        key = self.approved()
        capture = self.capture(key).json["purchase_units"][0]["payments"]["captures"][0]["id"]
        path = f"/v2/payments/captures/{capture}/refund"
        part = {"amount": {"currency_code": "EUR", "value": "2.50"}}
        self.assertEqual(self.paypal("POST", path, part, PayPal_Request_Id="r-1").status, 201)
        self.assertEqual(self.paypal("POST", path, part, PayPal_Request_Id="r-1").status, 200)
        much = {"amount": {"currency_code": "EUR", "value": "10.01"}}
        issue = self.paypal("POST", path, much).json["details"][0]["issue"]
        self.assertEqual(issue, "REFUND_AMOUNT_EXCEEDED")
        wrong = {"amount": {"currency_code": "USD", "value": "1.00"}}
        issue = self.paypal("POST", path, wrong).json["details"][0]["issue"]
        self.assertEqual(issue, "REFUND_CAPTURE_CURRENCY_MISMATCH")
        rest = self.paypal("POST", path, {}, Prefer="return=representation")
        self.assertEqual(rest.json["amount"]["value"], "10.00")
        shown = self.paypal("GET", "/v2/payments/refunds/" + rest.json["id"])
        self.assertEqual(shown.json["status"], "COMPLETED")
        status = self.paypal("GET", "/v2/payments/captures/" + capture).json["status"]
        self.assertEqual(status, "REFUNDED")
        self.assertEqual([r["amount"] for r in self.sim.truth()["refunds"]], [250, 1000])

    def test_methods_are_stored_charged_and_deleted(self) -> None:
        wallet = {"usage_type": "MERCHANT", "experience_context": RETURN}
        body = {"customer": {"id": "cust1"}, "payment_source": {"paypal": wallet}}
        setup = self.paypal("POST", "/v3/vault/setup-tokens", body).json
        token_body = {"payment_source": {"token": {"id": setup["id"], "type": "SETUP_TOKEN"}}}
        early = self.paypal("POST", "/v3/vault/payment-tokens", token_body)
        self.assertEqual(early.status, 422)
        self.sim.control("/pages", page=setup["id"], act="pay")
        token = self.paypal("POST", "/v3/vault/payment-tokens", token_body).json["id"]
        listed = self.paypal("GET", "/v3/vault/payment-tokens?customer_id=cust1").json
        self.assertEqual([row["id"] for row in listed["payment_tokens"]], [token])
        stored = order(vault_id=token)
        headers = {"PayPal_Request_Id": "m-1", "Prefer": "return=representation"}
        paid = self.paypal("POST", "/v2/checkout/orders", stored, **headers)
        self.assertEqual(paid.json["status"], "COMPLETED")
        self.sim.control("/method", method=token, label="declines_later")
        headers["PayPal_Request_Id"] = "m-2"
        second = order(invoice="2", vault_id=token)
        declined = self.paypal("POST", "/v2/checkout/orders", second, **headers)
        self.assertEqual(declined.json["details"][0]["issue"], "INSTRUMENT_DECLINED")
        self.sim.control("/method", method=token, label="asks_later")
        headers["PayPal_Request_Id"] = "m-3"
        third = order(invoice="3", vault_id=token)
        asked = self.paypal("POST", "/v2/checkout/orders", third, **headers)
        self.assertEqual(asked.json["status"], "PAYER_ACTION_REQUIRED")
        self.assertEqual(self.paypal("DELETE", "/v3/vault/payment-tokens/" + token).status, 204)
        headers["PayPal_Request_Id"] = "m-4"
        fourth = order(invoice="4", vault_id=token)
        gone = self.paypal("POST", "/v2/checkout/orders", fourth, **headers)
        self.assertEqual(gone.status, 404)
        self.assertEqual(len(self.sim.truth()["charges"]), 1)

    def test_a_payment_can_store_its_method(self) -> None:
        vault = {"store_in_vault": "ON_SUCCESS", "usage_type": "MERCHANT"}
        key = self.approved(attributes={"vault": vault, "customer": {"id": "cust2"}})
        done = self.capture(key).json["payment_source"]["paypal"]["attributes"]["vault"]
        self.assertEqual((done["status"], done["customer"]["id"]), ("VAULTED", "cust2"))
        self.assertEqual(self.sim.truth()["methods"][0]["id"], done["id"])

    def verification(self, headers: dict[str, str], raw: bytes) -> Any:
        """Asks PayPal whether a transmission is its own."""
        wish = {
            "auth_algo": headers["paypal-auth-algo"],
            "cert_url": headers["paypal-cert-url"],
            "transmission_id": headers["paypal-transmission-id"],
            "transmission_sig": headers["paypal-transmission-sig"],
            "transmission_time": headers["paypal-transmission-time"],
            "webhook_id": "1JE50Z90C7278480K",
        }
        text = json.dumps(wish)[:-1].encode() + b',"webhook_event":' + raw + b"}"
        answer = self.paypal("POST", "/v1/notifications/verify-webhook-signature", text)
        return answer.json.get("verification_status", answer.json)

    def test_transmissions_are_verified_byte_by_byte(self) -> None:
        self.approved()
        event = self.receiver.wait(lambda bodies: bool(bodies))[0][1]["id"]
        headers, body = self.receiver.got[0]
        self.assertEqual(self.verification(headers, body), "SUCCESS")
        reordered = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
        self.assertEqual(self.verification(headers, reordered), "FAILURE")
        self.assertEqual(self.verification(headers, body.replace(b"12.50", b"99.50")), "FAILURE")
        for manner in ("wrong", "empty_key"):
            self.sim.control("/deliver", event=event, manner=manner)
        self.receiver.wait(lambda bodies: len(bodies) == 3)
        for forged, body in self.receiver.got[1:]:
            self.assertEqual(self.verification(forged, body), "FAILURE")

    def test_a_webhook_is_known_by_its_identifier(self) -> None:
        path = "/v1/notifications/webhooks/"
        known = self.paypal("GET", path + "1JE50Z90C7278480K")
        self.assertEqual((known.status, known.json["id"]), (200, "1JE50Z90C7278480K"))
        self.assertEqual(known.json["event_types"], [{"name": "*"}])
        self.assertEqual(self.paypal("GET", path + "0AB12345CD678901E").status, 404)

    @unittest.skipUnless(shutil.which("openssl"), "needs openssl")
    def test_the_certificate_verifies_the_signature_by_openssl(self) -> None:
        self.approved()
        self.receiver.wait(lambda bodies: bool(bodies))
        headers, body = self.receiver.got[0]
        path = headers["paypal-cert-url"]
        pem = call(self.sim.port, "GET", path[path.index("/paypal") :]).body
        names = ("paypal-transmission-id", "paypal-transmission-time")
        text = "|".join([*(headers[n] for n in names), "1JE50Z90C7278480K", str(zlib.crc32(body))])
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            (here / "cert.pem").write_bytes(pem)
            (here / "text").write_text(text)
            signature = base64.b64decode(headers["paypal-transmission-sig"])
            (here / "sig").write_bytes(signature)
            key = subprocess.run(
                ["openssl", "x509", "-in", here / "cert.pem", "-pubkey", "-noout"],
                check=True, capture_output=True,
            )  # fmt: skip
            (here / "key.pem").write_bytes(key.stdout)
            verify = [
                "openssl",
                "dgst",
                "-sha256",
                "-verify",
                "key.pem",
                "-signature",
                "sig",
                "text",
            ]
            done = subprocess.run(verify, cwd=here, capture_output=True)
        self.assertEqual(done.returncode, 0, done)

    def test_the_report_lags_behind_and_has_everything(self) -> None:
        key = self.approved()
        capture = self.capture(key).json["purchase_units"][0]["payments"]["captures"][0]["id"]
        self.sim.control("/refund", charge=capture, amount=250)
        now = datetime.now(UTC)
        days = [(now + timedelta(days=d)).strftime("%Y-%m-%dT%H:%M:%SZ") for d in (-1, 1, 40)]
        path = f"/v1/reporting/transactions?start_date={days[0]}&end_date={days[1]}"
        self.assertEqual(self.paypal("GET", path).json["total_items"], 0)
        self.sim.control("/clock", advance=3 * 3_600 + 1)
        rows = self.paypal("GET", path).json["transaction_details"]
        values = [row["transaction_info"]["transaction_amount"]["value"] for row in rows]
        self.assertEqual(values, ["12.50", "-2.50"])
        self.assertEqual(rows[1]["transaction_info"]["paypal_reference_id"], capture)
        too_long = f"/v1/reporting/transactions?start_date={days[0]}&end_date={days[2]}"
        self.assertEqual(self.paypal("GET", too_long).status, 400)

    def test_what_is_wrong_is_refused(self) -> None:
        def issue(body: Any, **headers: str) -> tuple[int, str]:
            answer = self.paypal("POST", "/v2/checkout/orders", body, **headers)
            return answer.status, answer.json.get("details", [{"issue": ""}])[0]["issue"]

        key = {"PayPal_Request_Id": "w"}
        unknown = {**order(), "colour": "red"}
        self.assertEqual(issue(unknown, **key), (400, "INVALID_PARAMETER_SYNTAX"))
        self.assertEqual(issue(order(), **{}), (400, "PAYPAL_REQUEST_ID_REQUIRED"))
        self.assertEqual(issue(order("1.001"), **key), (422, "DECIMAL_PRECISION"))
        self.assertEqual(issue(order("0.00"), **key), (422, "CANNOT_BE_ZERO_OR_NEGATIVE"))
        number = {"amount": {"currency_code": "EUR", "value": 12.5}}
        wrong = {"intent": "CAPTURE", "purchase_units": [number]}
        self.assertEqual(issue(wrong), (400, "INVALID_PARAMETER_SYNTAX"))
        missing = {"intent": "CAPTURE"}
        self.assertEqual(issue(missing), (400, "MISSING_REQUIRED_PARAMETER"))
        self.assertEqual(issue(b"{"), (400, "MALFORMED_REQUEST_JSON"))
        plain = {"content_type": "text/plain"}
        self.assertEqual(self.paypal("POST", "/v2/checkout/orders", order(), **plain).status, 415)
        token = {"authorization": "Bearer x"}
        bad = call(self.sim.port, "GET", "/paypal/v2/checkout/orders/1", token)
        self.assertEqual(bad.status, 401)

    def test_another_account_sees_nothing(self) -> None:
        self.paypal_account("rival")
        key = self.approved()
        self.assertEqual(self.paypal("GET", "/v2/checkout/orders/" + key, org="rival").status, 404)

    def test_a_chargeback_is_told(self) -> None:
        key = self.approved()
        capture = self.capture(key).json["purchase_units"][0]["payments"]["captures"][0]["id"]
        dispute = self.sim.control("/chargeback", charge=capture)["chargeback"]
        kinds = {"CUSTOMER.DISPUTE.CREATED", "PAYMENT.CAPTURE.REVERSED"}
        self.receiver.wait(lambda bodies: kinds <= {b["event_type"] for b in bodies})
        shown = self.paypal("GET", "/v1/customer/disputes/" + dispute).json
        self.assertEqual(shown["disputed_transactions"][0]["seller_transaction_id"], capture)


if __name__ == "__main__":
    unittest.main()
