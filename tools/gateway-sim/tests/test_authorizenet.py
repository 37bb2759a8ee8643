"""Authorize.Net's main paths, its order of elements, its duplicate window, its signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
import unittest
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from .support import ANET, Case, call


def setting(name: str, value: Any) -> str:
    """One setting."""
    text = value if isinstance(value, str) else json.dumps(value)
    return (
        f"<setting><settingName>{name}</settingName>"
        f"<settingValue>{escape(text)}</settingValue></setting>"
    )


class AuthorizeNet(Case):
    """One account, no faults."""

    def setUp(self) -> None:
        super().setUp()
        self.account = self.anet_account()

    def code(self, root: Any) -> str:
        """The message code of an answer."""
        return str(root.findtext("messages/message/code"))

    def stored(self) -> tuple[str, str]:
        """A customer profile with a card from the hosted page."""
        made = self.anet(
            "createCustomerProfileRequest",
            "<profile><merchantCustomerId>c1</merchantCustomerId></profile>",
        )
        profile = made.findtext("customerProfileId")
        root = self.anet(
            "getHostedProfilePageRequest",
            f"<customerProfileId>{profile}</customerProfileId><hostedProfileSettings>"
            + setting("hostedProfileReturnUrl", "http://x.test/back")
            + "</hostedProfileSettings>",
        )
        token = root.findtext("token")
        self.sim.control("/pages", page=token, act="pay")
        shown = self.anet(
            "getCustomerProfileRequest", f"<customerProfileId>{profile}</customerProfileId>"
        )
        return profile, shown.findtext("profile/paymentProfiles/customerPaymentProfileId")

    def charge(self, who: tuple[str, str], invoice: str = "i-1", more: str = "") -> Any:
        """Charges a stored card 9.00."""
        profile, payment = who
        return self.anet(
            "createTransactionRequest",
            "<transactionRequest><transactionType>authCaptureTransaction</transactionType>"
            f"<amount>9.00</amount><profile><customerProfileId>{profile}</customerProfileId>"
            f"<paymentProfile><paymentProfileId>{payment}</paymentProfileId></paymentProfile>"
            f"</profile><order><invoiceNumber>{invoice}</invoiceNumber></order>{more}"
            "</transactionRequest>",
            ref="ref-1",
        )

    def back(self, kind: str, key: str, amount: str = "9.00") -> Any:
        """Refunds or voids."""
        inner = f"<transactionType>{kind}</transactionType>"
        if kind == "refundTransaction":
            inner += (
                f"<amount>{amount}</amount><payment><creditCard><cardNumber>XXXX1111</cardNumber>"
                "<expirationDate>XXXX</expirationDate></creditCard></payment>"
            )
        inner += f"<refTransId>{key}</refTransId>"
        return self.anet(
            "createTransactionRequest", f"<transactionRequest>{inner}</transactionRequest>"
        )

    def page(self, invoice: str = "inv-7", receipt: bool = False) -> str:
        """The token of a hosted payment page for 12.50."""
        options = {
            "showReceipt": receipt,
            "url": "http://x.test/ok",
            "cancelUrl": "http://x.test/no",
        }
        root = self.anet(
            "getHostedPaymentPageRequest",
            "<transactionRequest><transactionType>authCaptureTransaction</transactionType>"
            f"<amount>12.50</amount><order><invoiceNumber>{invoice}</invoiceNumber></order>"
            "</transactionRequest><hostedPaymentSettings>"
            + setting("hostedPaymentReturnOptions", options)
            + "</hostedPaymentSettings>",
            ref="a1",
        )
        self.assertEqual(self.code(root), "I00001")
        return str(root.findtext("token"))

    def test_a_hosted_page_is_paid_and_told(self) -> None:
        token = self.page()
        form = {"content-type": "application/x-www-form-urlencoded"}
        body = urlencode({"token": token}).encode()
        shown = call(self.sim.port, "POST", "/authorizenet/payment/payment", form, body)
        for words in (b"12.50 USD", b"Pay", b"Decline", b"Cancel", b"3-D Secure"):
            self.assertIn(words, shown.body)
        self.assertNotIn(b"<script", shown.body)
        pressed = urlencode({"token": token, "act": "pay", "card": "good"}).encode()
        paid = call(self.sim.port, "POST", "/authorizenet/page", form, pressed)
        self.assertEqual((paid.status, paid.headers["location"]), (303, "http://x.test/ok"))
        [charge] = self.sim.truth()["charges"]
        facts = (charge["org"], charge["amount"], charge["currency"], charge["reference"])
        self.assertEqual(facts, ("acme", 1250, "USD", "inv-7"))
        [(headers, event)] = self.receiver.wait(lambda bodies: bool(bodies))
        self.assertEqual(event["eventType"], "net.authorize.payment.authcapture.created")
        payload = event["payload"]
        self.assertEqual((payload["id"], payload["authAmount"]), (charge["id"], 12.5))
        self.assertEqual(payload["merchantReferenceId"], "a1")
        key = ("ABCDEF0123456789" * 8).encode()
        mac = hmac.new(key, self.receiver.got[0][1], hashlib.sha512).hexdigest().upper()
        self.assertEqual(headers["x-anet-signature"], "sha512=" + mac)
        again = call(self.sim.port, "POST", "/authorizenet/page", form, pressed)
        self.assertEqual(again.status, 409)

    def test_declines_cancels_and_challenges_are_no_payments(self) -> None:
        token = self.page()
        self.sim.control("/pages", page=token, act="decline")
        away = self.sim.control("/pages", page=token, act="cancel")["redirect"]
        self.assertEqual(away, "http://x.test/no")
        self.sim.control("/pages", page=token, act="challenge")
        self.assertEqual(self.sim.truth()["charges"], [])
        self.sim.control("/pages", page=token, act="complete")
        self.assertEqual(len(self.sim.truth()["charges"]), 1)

    def test_only_the_duplicate_window_protects(self) -> None:
        who = self.stored()
        first = self.charge(who)
        self.assertEqual(first.findtext("transactionResponse/responseCode"), "1")
        self.assertEqual(first.findtext("refId"), "ref-1")
        twice = self.charge(who)
        self.assertEqual(self.code(twice), "E00027")
        self.assertEqual(twice.findtext("transactionResponse/errors/error/errorCode"), "11")
        self.assertEqual(self.charge(who, "i-2").findtext("transactionResponse/responseCode"), "1")
        self.sim.control("/clock", advance=121)
        late = self.charge(who)
        self.assertEqual(late.findtext("transactionResponse/responseCode"), "1")
        self.assertEqual(len(self.sim.truth()["charges"]), 3)
        none = "<transactionSettings>" + setting("duplicateWindow", "0") + "</transactionSettings>"
        self.charge(who, more=none)
        self.assertEqual(len(self.sim.truth()["charges"]), 4)

    def test_a_lost_charge_is_found_by_asking(self) -> None:
        who = self.stored()
        self.sim.control("/faults", next=[{"fault": "reply_lost"}])
        with self.assertRaises((ConnectionError, OSError)):
            self.charge(who, "i-lost")
        root = self.anet("getUnsettledTransactionListRequest")
        [found] = root.findall("transactions/transaction")
        self.assertEqual(found.findtext("invoiceNumber"), "i-lost")
        details = self.anet(
            "getTransactionDetailsRequest", f"<transId>{found.findtext('transId')}</transId>"
        )
        self.assertEqual(details.findtext("transrefId"), "ref-1")
        self.assertEqual(
            details.findtext("transaction/transactionStatus"), "capturedPendingSettlement"
        )

    def test_voids_before_and_refunds_after_the_night(self) -> None:
        who = self.stored()
        key = self.charge(who).findtext("transactionResponse/transId")
        early = self.back("refundTransaction", key)
        self.assertEqual(early.findtext("transactionResponse/errors/error/errorCode"), "54")
        voided = self.charge(who, "i-2").findtext("transactionResponse/transId")
        self.assertEqual(self.code(self.back("voidTransaction", voided)), "I00001")
        again = self.back("voidTransaction", voided)
        self.assertEqual(again.findtext("transactionResponse/errors/error/errorCode"), "310")
        self.sim.control("/clock", advance=86_400)
        batch = self.anet("getSettledBatchListRequest").findtext("batchList/batch/batchId")
        listed = self.anet("getTransactionListRequest", f"<batchId>{batch}</batchId>")
        states = {
            row.findtext("transId"): row.findtext("transactionStatus")
            for row in listed.findall("transactions/transaction")
        }
        self.assertEqual(states, {key: "settledSuccessfully", voided: "voided"})
        late = self.back("voidTransaction", key)
        self.assertEqual(late.findtext("transactionResponse/errors/error/errorCode"), "16")
        part = self.back("refundTransaction", key, "4.00")
        self.assertEqual(part.findtext("transactionResponse/responseCode"), "1")
        much = self.back("refundTransaction", key, "5.01")
        self.assertEqual(much.findtext("transactionResponse/errors/error/errorCode"), "55")
        amounts = [row["amount"] for row in self.sim.truth()["refunds"]]
        self.assertEqual(amounts, [900, 400])
        unsettled = self.anet("getUnsettledTransactionListRequest")
        self.assertEqual(unsettled.findtext("totalNumInResultSet"), "1")

    def test_held_transactions_are_decided_later(self) -> None:
        who = self.stored()
        self.sim.control("/method", method=who[1], label="asks_later")
        for number in range(8):
            held = self.charge(who, f"held-{number}")
            self.assertEqual(held.findtext("transactionResponse/responseCode"), "4")
        self.assertEqual(self.sim.truth()["charges"], [])
        pending = self.anet(
            "getUnsettledTransactionListRequest", "<status>pendingApproval</status>"
        )
        self.assertEqual(len(pending.findall("transactions/transaction")), 8)
        self.sim.control("/settle")
        decided = self.receiver.wait(
            lambda bodies: (
                sum(b["eventType"].split(".")[-1] in ("approved", "declined") for b in bodies) == 8
            )
        )
        accepted = sum(body["eventType"].endswith("fraud.approved") for _, body in decided)
        self.assertEqual(len(self.sim.truth()["charges"]), accepted)

    def test_a_decline_is_an_answer(self) -> None:
        who = self.stored()
        self.sim.control("/method", method=who[1], label="declines_later")
        root = self.charge(who)
        self.assertEqual(self.code(root), "I00001")
        self.assertEqual(root.findtext("transactionResponse/responseCode"), "2")
        self.assertEqual(root.findtext("transactionResponse/errors/error/errorCode"), "2")
        self.assertEqual(self.sim.truth()["charges"], [])

    def test_profiles_from_transactions_and_their_end(self) -> None:
        token = self.page()
        self.sim.control("/pages", page=token, act="pay", card="declines_later")
        key = self.sim.truth()["charges"][0]["id"]
        inner = (
            f"<transId>{key}</transId><customer><merchantCustomerId>c9</merchantCustomerId>"
            "</customer>"
        )
        made = self.anet("createCustomerProfileFromTransactionRequest", inner)
        self.assertEqual(made.tag, "createCustomerProfileResponse")
        profile = made.findtext("customerProfileId")
        payment = made.findtext("customerPaymentProfileIdList/numericString")
        twice = self.anet("createCustomerProfileFromTransactionRequest", inner)
        self.assertEqual(self.code(twice), "E00039")
        self.assertEqual(
            self.charge((profile, payment)).findtext("transactionResponse/responseCode"), "2"
        )
        both = (
            f"<customerProfileId>{profile}</customerProfileId>"
            f"<customerPaymentProfileId>{payment}</customerPaymentProfileId>"
        )
        self.assertEqual(
            self.code(self.anet("deleteCustomerPaymentProfileRequest", both)), "I00001"
        )
        self.assertEqual(
            self.code(self.anet("deleteCustomerPaymentProfileRequest", both)), "E00040"
        )
        self.assertEqual(self.code(self.charge((profile, payment))), "E00040")
        one = f"<customerProfileId>{profile}</customerProfileId>"
        self.assertEqual(self.code(self.anet("deleteCustomerProfileRequest", one)), "I00001")
        self.assertEqual(self.code(self.anet("getCustomerProfileRequest", one)), "E00040")

    def test_a_profile_charges_only_its_own_cards(self) -> None:
        _, payment = self.stored()
        other = self.anet(
            "createCustomerProfileRequest",
            "<profile><merchantCustomerId>c2</merchantCustomerId></profile>",
        ).findtext("customerProfileId")
        self.assertEqual(self.code(self.charge((other, payment))), "E00040")
        self.anet_account("rival")
        one = f"<customerProfileId>{other}</customerProfileId>"
        foreign = self.anet("getCustomerProfileRequest", one, org="rival")
        self.assertEqual(self.code(foreign), "E00040")

    def test_what_is_wrong_is_refused(self) -> None:
        kind = "<transactionType>authCaptureTransaction</transactionType>"
        order = "<order><invoiceNumber>1</invoiceNumber></order>"
        wrong = [
            f"<transactionRequest>{kind}{order}<amount>1.00</amount></transactionRequest>",
            f"<transactionRequest>{kind}<amount>1,00</amount></transactionRequest>",
            f"<transactionRequest>{kind}<amount>1</amount><colour>red</colour></transactionRequest>",
            "<transactionRequest><amount>1.00</amount></transactionRequest>",
            f"<transactionRequest>{kind}<amount>1</amount><order><invoiceNumber>{'1' * 21}"
            "</invoiceNumber></order></transactionRequest>",
            f"<transactionRequest>{kind}<amount>1</amount><payment><creditCard><cardNumber>"
            "4111111111111111</cardNumber><expirationDate>2030-12</expirationDate></creditCard>"
            "</payment></transactionRequest>",
            "<transactionRequest>",
            "",
        ]
        for inner in wrong:
            root = self.anet("createTransactionRequest", inner)
            self.assertEqual((root.tag, self.code(root)), ("ErrorResponse", "E00003"), inner)
        plain = call(
            self.sim.port, "POST", "/authorizenet/xml/v1/request.api",
            {"content-type": "text/xml"}, b"<authenticateTestRequest/>",
        )  # fmt: skip
        self.assertIn(b"E00003", plain.body)
        self.assertEqual(self.code(self.anet("authenticateTestRequest", org="nobody")), "E00007")
        self.assertEqual(self.code(self.anet("authenticateTestRequest")), "I00001")
        self.assertEqual(
            self.anet("getMerchantDetailsRequest").findtext("currencies/currency"), "USD"
        )
        doctype = f'<!DOCTYPE x><authenticateTestRequest xmlns="{ANET}"/>'.encode()
        path = "/authorizenet/xml/v1/request.api"
        refused = call(self.sim.port, "POST", path, {"content-type": "text/xml"}, doctype)
        self.assertIn(b"E00003", refused.body)

    def test_a_chargeback_shows_in_the_next_batch(self) -> None:
        who = self.stored()
        key = self.charge(who).findtext("transactionResponse/transId")
        self.sim.control("/batch")
        back = self.sim.control("/chargeback", charge=key)["chargeback"]
        self.assertEqual(self.sim.control("/batch")["batches"], 1)
        details = self.anet("getTransactionDetailsRequest", f"<transId>{back}</transId>")
        self.assertEqual(details.findtext("transaction/transactionStatus"), "chargeback")
        self.assertEqual(details.findtext("transaction/refTransId"), key)


if __name__ == "__main__":
    unittest.main()
