"""Authorize.Net: one address for all requests, told apart by the root element."""

from __future__ import annotations

from typing import Any
from collections.abc import Callable
from xml.etree.ElementTree import ParseError

from .. import pages
from ..store import Row
from ..vendor import Refused
from ..web import Reply, Request
from ..world import Dialect, World
from . import hosted, profiles, reporting, transactions
from .errors import AnetError, TransactionRefused
from .ledger import Ledger
from .schema import SEQUENCES, SchemaError, check
from .telling import sign, tell_transaction, uuid
from .xml import Node, Tree, document

ACTIONS: dict[str, Callable[[Ledger, Node], Tree]] = {
    "authenticateTest": reporting.test,
    "getMerchantDetails": reporting.merchant,
    "createTransaction": transactions.create,
    "getHostedPaymentPage": hosted.payment_page,
    "getHostedProfilePage": hosted.profile_page,
    "createCustomerProfile": profiles.create,
    "createCustomerProfileFromTransaction": profiles.create_from_transaction,
    "getCustomerProfile": profiles.get,
    "getCustomerPaymentProfile": profiles.get_payment,
    "deleteCustomerProfile": profiles.delete,
    "deleteCustomerPaymentProfile": profiles.delete_payment,
    "getTransactionDetails": reporting.details,
    "getUnsettledTransactionList": reporting.unsettled,
    "getSettledBatchList": reporting.batches,
    "getTransactionList": reporting.in_batch,
}
TEXTS = {
    "I00001": "Successful.",
    "I00004": "No records found.",
    "E00027": "The transaction was unsuccessful.",
}
# What stands, empty, in the refusals of these answers: their schema wants it always.
EMPTY: dict[str, Tree] = {
    "createTransactionResponse": [("transactionResponse", [])],
    "createCustomerProfileResponse": [
        ("customerPaymentProfileIdList", []),
        ("customerShippingAddressIdList", []),
        ("validationDirectResponseList", []),
    ],
}
PAGES = ("/payment/payment", "/customer/manage", "/customer/addPayment", "/page")


class AuthorizeNet:
    """The dialect below `/authorizenet`."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.dialects["authorizenet"] = Dialect(
            signer=sign,
            amount_keys=("authAmount",),
            currency_keys=(),
            recipient_keys=("invoiceNumber", "merchantReferenceId"),
            event_id_key="notificationId",
            new_event_id=lambda: uuid(world),
            # Three times after three minutes, three after eight hours, four after two days.
            retries=(180,) * 3 + (28_800,) * 3 + (172_800,) * 4,
        )

    def register(self, wish: dict[str, Any]) -> Row:
        """An account; needs `api_login_id` and `transaction_key`; `currency` is USD if not said."""
        store = self.world.store
        key = wish.get("account") or "anet_" + store.token(10)
        if len(wish["transaction_key"]) > 16 or len(wish["api_login_id"]) > 25:
            raise ValueError("a transaction key has up to 16, a login up to 25 characters")
        return {
            "id": key,
            "account": "",
            "base": wish["base"],
            "api_login_id": wish["api_login_id"],
            "transaction_key": wish["transaction_key"],
            "currency": wish.get("currency", "USD"),
            "gateway_id": str(500_000 + store.number()),
            "notification_id": uuid(self.world),
        }

    def handle(self, request: Request) -> Reply:
        """Answers one request."""
        if request.path in PAGES:
            return self._page(request)
        if request.path != "/xml/v1/request.api":
            return Reply.html(pages.message("Not found", "There is no such page."), 404)
        if request.method != "POST":
            return Reply.html(pages.message("Not allowed", "Use POST."), 405)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in ("text/xml", "application/xml"):
            return Reply.html(pages.message("Not understood", "Send XML as text/xml."), 415)
        return self._call(request)

    def _call(self, request: Request) -> Reply:
        ref_id, name = "", "ErrorResponse"
        try:
            node = Node.parse(request.body.removeprefix(b"\xef\xbb\xbf"))
            action = self._action(node)
            ref_id, name = node.text("refId"), node.name.removesuffix("Request") + "Response"
            account = self._caller(node)
            ledger = Ledger(self.world, account)
            self.world.operation.account = account["id"]
            self.world.operation.name = node.name
            ledger.settle_if_due()
            tree = action(ledger, node)
        except AnetError as error:
            name = _response(name)
            return self._reply(name, ref_id, error.code, error.text, EMPTY.get(name, []))
        except SchemaError as error:
            return self._reply("ErrorResponse", "", "E00003", str(error), [])
        except ParseError as error:
            return self._reply("ErrorResponse", "", "E00003", f"The XML is not valid: {error}", [])
        code = "I00001"
        if tree and tree[0][0] == "!":
            code, tree = str(tree[0][1]), tree[1:]
        reply = self._reply(_response(name), ref_id, code, TEXTS[code], tree)
        fate, broken = self.world.draw_fate()
        if broken:
            reply = self._broken(ref_id)
        reply.fate = fate
        return reply

    def _broken(self, ref_id: str) -> Reply:
        """Either of the two ways in which the real one fails after it has worked."""
        if self.world.store.number() % 2:
            return Reply.html("<h1>Service Unavailable</h1>", 503)
        text = "An error occurred during processing. Please try again."
        return self._reply("ErrorResponse", ref_id, "E00001", text, [])

    def _action(self, node: Node) -> Callable[[Ledger, Node], Tree]:
        action = ACTIONS.get(node.name.removesuffix("Request"))
        if action is None or node.name not in SEQUENCES:
            raise SchemaError(f"The simulator has no request {node.name!r}.")
        check(node.element, node.name)
        return action

    def _caller(self, node: Node) -> Row:
        account = self.world.account_where(
            "authorizenet",
            api_login_id=node.text("merchantAuthentication/name"),
            transaction_key=node.text("merchantAuthentication/transactionKey"),
        )
        if account is None:
            text = "User authentication failed due to invalid authentication values."
            raise AnetError("E00007", text)
        return account

    def _reply(self, name: str, ref_id: str, code: str, text: str, tree: Tree) -> Reply:
        message: Tree = [("code", code), ("text", text)]
        result = "Ok" if code.startswith("I") else "Error"
        messages: Tree = [("resultCode", result), ("message", message)]
        head: Tree = [("refId", ref_id or None), ("messages", messages)]
        headers = {"content-type": "application/xml; charset=utf-8"}
        return Reply(200, document(name, head + tree), headers)

    # Pages and what happens at Authorize.Net's own site

    def _page(self, request: Request) -> Reply:
        form = dict(request.form()) if request.method == "POST" else {}
        token = form.get("token", "")
        row = self.world.store.get("anet.page", token)
        if row is None:
            text = "Missing or invalid token."
            return Reply.html(pages.message("Not possible", text), 400)
        ledger = Ledger(self.world, self.world.account(row["account"]))
        note = ""
        if request.path == "/page":
            try:
                url = self.act(token, form.get("act", ""), form.get("card", "good"))
            except Refused as reason:
                return Reply.html(pages.message("Not possible", str(reason)), 409)
            if url:
                return Reply.redirect(url)
            if form.get("act") in ("decline", "fail", "pay"):
                note = "The card was declined."
        return Reply.html(hosted.show(ledger, token, row, note))

    def act(self, page: str, act: str, card: str) -> str | None:
        """Presses a button; `page` is the token."""
        row = self.world.store.get("anet.page", page)
        if row is None:
            return None
        ledger = Ledger(self.world, self.world.account(row["account"]))
        self.world.operation.account, self.world.operation.name = row["account"], "page " + act
        try:
            return hosted.act(ledger, page, row, act, card)
        except AnetError as error:
            raise Refused(error.text) from error

    def _ledger(self, charge: Row) -> Ledger:
        return Ledger(self.world, self.world.account(charge["account"]))

    def refund(self, charge: Row, amount: int | None) -> str:
        """A refund in the merchant interface; a void while the charge is not yet settled."""
        ledger = self._ledger(charge)
        row = ledger.transaction(charge["id"])
        assert row is not None
        left = charge["amount"] - charge["refunded"]
        try:
            if row["status"] == "capturedPendingSettlement" and amount in (None, charge["amount"]):
                transactions.void(ledger, row["id"], "")
                return f"{row['id']}-void"
            facts = {k: row[k] for k in ("invoice", "profile", "payment", "method", "po")}
            facts.update(description="", ref_id="", user_fields={}, ref_trans_id=row["id"])
            facts.update(customer_id=row["customer_id"], customer_email=row["customer_email"])
            facts["amount"] = left if amount is None else amount
            return str(transactions.refund(ledger, row["id"], facts)["id"])
        except TransactionRefused as refused:
            raise Refused(refused.text) from refused

    def chargeback(self, charge: Row) -> str:
        """A line of its own in the next batch; Authorize.Net sends no notification of it."""
        if charge["charged_back"] or charge["refunded"] == charge["amount"]:
            raise Refused("nothing of this charge is left to take back")
        ledger = self._ledger(charge)
        row = ledger.transaction(charge["id"])
        assert row is not None
        own = ("id", "type", "at", "simulated", "batch", "account")
        copied = {k: v for k, v in row.items() if k not in own}
        done = transactions.outcome("chargeback", 1, 1, "Chargeback.")
        left = {"amount": charge["amount"] - charge["refunded"], "ref_trans_id": charge["id"]}
        made = ledger.add("chargeback", **{**copied, **left, **done})
        self.world.record_chargeback(ledger.account, made["id"], charge["id"])
        return str(made["id"])

    def charge(self, account: Row, amount: int, currency: str, reference: str) -> str:
        """A payment taken in the virtual terminal."""
        if currency != account["currency"]:
            raise Refused(f"this account takes only {account['currency']}")
        ledger = Ledger(self.world, account)
        empty = ("description", "ref_id", "customer_id", "customer_email", "profile", "payment",
                 "ref_trans_id", "po")  # fmt: skip
        facts: Row = dict.fromkeys(empty, "")
        facts.update(amount=amount, invoice=reference[:20], user_fields={}, method="terminal")
        text = "This transaction has been approved."
        done = transactions.outcome("capturedPendingSettlement", 1, 1, text)
        row = ledger.add("authCaptureTransaction", **facts, **done)
        transactions.approved(ledger, row)
        return str(row["id"])

    def review(self, subject: str) -> None:
        """Accepts seven of ten held transactions, refuses the others."""
        row = self.world.store.get("anet.transaction", subject)
        if row is None or row["status"] != "FDSPendingReview":
            return
        ledger = Ledger(self.world, self.world.account(row["account"]))
        key = row["invoice"] or row["ref_id"] or row["id"]
        accepted = self.world.faults.fraction("accept", key) < 0.7
        if accepted:
            text = "This transaction has been approved."
            row.update(transactions.outcome("capturedPendingSettlement", 1, 1, text))
            transactions.approved(ledger, ledger.save(row), "fraud.approved")
        else:
            text = "This transaction has been declined."
            row.update(transactions.outcome("declined", 2, 2, text))
            tell_transaction(ledger, "fraud.declined", ledger.save(row))

    def close_batches(self) -> int:
        """Settles now; returns how many batches were closed."""
        accounts = [r for r in self.world.store.all("account") if r["dialect"] == "authorizenet"]
        return sum(Ledger(self.world, row).close_batch() for row in accounts)


def _response(name: str) -> str:
    """The one answer that is not called like its request."""
    if name == "createCustomerProfileFromTransactionResponse":
        return "createCustomerProfileResponse"
    return name
