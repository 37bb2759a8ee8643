"""Stripe: who calls, which request, whether it was made before, and what comes back."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any
from collections.abc import Callable

from .. import pages
from ..fields import Field, Flag, Group, Invalid, Many, Text, nested
from ..store import Row
from ..vendor import Refused
from ..web import Reply, Request
from ..world import Dialect, World
from . import checkout, customers, payments, returns, shapes
from .book import Book, Object
from .errors import StripeError
from .telling import sign

Action = Callable[[Book, Object, str], Object]
DAY = 86_400
IN_LIST = {"customer": shapes.ID, "payment_intent": shapes.ID, "charge": shapes.ID}

_B, _L = shapes.BASE, shapes.LIST


def _list(*names: str, **more: Field) -> dict[str, Field]:
    return {**_L, **{name: IN_LIST[name] for name in names}, **more}


# Method, path, parameters, those that must be there, what is done.
ROUTES: list[tuple[str, str, dict[str, Field], tuple[str, ...], Action]] = [
    ("GET", "account", _B, (), returns.account),
    ("GET", "accounts/ID", _B, (), returns.account),
    ("GET", "balance", _B, (), returns.balance),
    ("GET", "balance_transactions", _list(type=Text(), source=Text(), currency=shapes.CURRENCY),
     (), returns.entries),
    ("GET", "balance_transactions/ID", _B, (), returns.entry),
    ("GET", "charges", _list("customer", "payment_intent"), (), returns.charges),
    ("GET", "charges/ID", _B, (), returns.charge),
    ("POST", "checkout/sessions", shapes.SESSION, ("mode",), checkout.create),
    ("GET", "checkout/sessions", _list("customer", "payment_intent", status=Text()),
     (), checkout.listing),
    ("GET", "checkout/sessions/ID", _B, (), checkout.retrieve),
    ("POST", "checkout/sessions/ID/expire", _B, (), checkout.expire),
    ("POST", "customers", shapes.CUSTOMER, (), customers.create),
    ("GET", "customers", _list(email=Text()), (), customers.listing),
    ("GET", "customers/ID", _B, (), customers.retrieve),
    ("POST", "customers/ID", shapes.CUSTOMER, (), customers.update),
    ("DELETE", "customers/ID", {}, (), customers.delete),
    ("GET", "customers/ID/payment_methods", _list(type=Text()), (), customers.methods),
    ("GET", "disputes", _list("charge", "payment_intent"), (), returns.disputes),
    ("GET", "disputes/ID", _B, (), returns.retrieve_dispute),
    ("GET", "events", _list(type=Text(), types=Many(Text()), delivery_success=Flag()),
     (), returns.events),
    ("GET", "events/ID", _B, (), returns.event),
    ("POST", "payment_intents", shapes.INTENT, ("amount", "currency"), payments.create),
    ("GET", "payment_intents", _list("customer"), (), payments.listing),
    ("GET", "payment_intents/search", {"query": Text(), "limit": _L["limit"], "page": Text(), **_B},
     ("query",), payments.search),
    ("GET", "payment_intents/ID", {**_B, "client_secret": Text()}, (), payments.retrieve),
    ("POST", "payment_intents/ID", shapes.INTENT_UPDATE, (), payments.update),
    ("POST", "payment_intents/ID/confirm", shapes.INTENT_CONFIRM, (), payments.confirm),
    ("POST", "payment_intents/ID/cancel", shapes.CANCEL, (), payments.cancel),
    ("GET", "payment_methods", _list("customer", type=Text()), (), customers.methods),
    ("GET", "payment_methods/ID", _B, (), customers.method),
    ("POST", "payment_methods/ID/attach", {**_B, "customer": shapes.ID}, ("customer",),
     customers.attach),
    ("POST", "payment_methods/ID/detach", _B, (), customers.detach),
    ("POST", "refunds", shapes.REFUND, (), returns.create_refund),
    ("GET", "refunds", _list("charge", "payment_intent"), (), returns.refunds),
    ("GET", "refunds/ID", _B, (), returns.retrieve_refund),
    ("POST", "setup_intents", shapes.SETUP, (), checkout.create_setup),
    ("GET", "setup_intents", _list("customer", payment_method=shapes.ID), (), checkout.setups),
    ("GET", "setup_intents/ID", {**_B, "client_secret": Text()}, (), checkout.retrieve_setup),
    ("POST", "setup_intents/ID/confirm", shapes.SETUP_CONFIRM, (), checkout.confirm_setup),
    ("POST", "setup_intents/ID/cancel", shapes.CANCEL, (), checkout.cancel_setup),
]  # fmt: skip

PATTERNS = [
    (method, re.compile("/v1/" + path.replace("ID", "([A-Za-z0-9_]+)")), Group(names, needs), act)
    for method, path, names, needs, act in ROUTES
]

CODES = {
    "unknown": "parameter_unknown",
    "missing": "parameter_missing",
    "integer": "parameter_invalid_integer",
}


@dataclass
class Call:
    """A request that was understood."""

    action: Action
    book: Book
    params: Object
    key: str
    expand: list[str]

    def answer(self) -> Object:
        """Does it."""
        return self.book.expanded(self.action(self.book, self.params, self.key), self.expand)


class Stripe:
    """The dialect below `/stripe`."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.dialects["stripe"] = Dialect(
            signer=sign,
            amount_keys=("amount", "amount_total", "amount_subtotal", "amount_received",
                         "amount_captured"),
            currency_keys=("currency",),
            recipient_keys=("customer", "client_reference_id"),
            event_id_key="id",
            new_event_id=lambda: "evt_" + world.store.token(24),
            # Roughly Stripe's schedule in live mode: up to three days, ever more slowly.
            retries=(300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200),
        )  # fmt: skip

    def register(self, wish: dict[str, Any]) -> Row:
        """An account; needs `secret_key` and `base`, the address of this server."""
        key = wish.get("account") or "acct_" + self.world.store.token(16)
        if not wish["secret_key"].startswith(("sk_", "rk_")):
            raise ValueError("a Stripe secret key begins with sk_ or rk_")
        base = wish.get("base", "http://127.0.0.1:18460")
        return {"id": key, "account": "", "secret_key": wish["secret_key"], "base": base}

    def handle(self, request: Request) -> Reply:
        """Answers one request."""
        if request.path.startswith(("/pay/", "/authenticate/")):
            return self._page(request)
        if request.path == "/done":
            return Reply.html(pages.message("Done", "There is no address to return to."))
        try:
            account = self._caller(request)
            return self._call(account, request)
        except StripeError as error:
            return self._reply(error.body(), error.status)

    def _caller(self, request: Request) -> Row:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                given = base64.b64decode(given, validate=True).decode().partition(":")[0]
            except ValueError:
                given = ""
        elif kind.lower() != "bearer":
            given = ""
        account = self.world.account_where("stripe", secret_key=given) if given else None
        if account is None:
            text = "Invalid API Key provided." if given else "You did not provide an API key."
            raise StripeError(401, text)
        version = request.headers.get("stripe-version")
        if version and not re.fullmatch(r"20\d\d-\d\d-\d\d(\.[a-z]+)?", version):
            raise StripeError(400, f"Invalid Stripe API version: {version}")
        other = request.headers.get("stripe-account")
        if other and other != account["id"]:
            text = f"The provided key does not have access to account '{other}'."
            raise StripeError(403, text, "account_invalid")
        return account

    def _call(self, account: Row, request: Request) -> Reply:
        action, shape, key = self._route(request)
        params = self._params(request, shape)
        book = Book(self.world, account)
        self.world.operation.account = account["id"]
        self.world.operation.name = f"{request.method} {request.path}"
        call = Call(action, book, params, key, params.pop("expand", []))
        if request.method != "POST":
            return self._reply(call.answer())
        given = request.headers.get("idempotency-key", "")
        if len(given) > 255:
            text = "The idempotency key is longer than 255 characters."
            raise StripeError(400, text, kind="idempotency_error")
        name = f"{account['id']}/{given}" if given else ""
        content = json.dumps([request.path, sorted(request.form())])
        print_of = hashlib.sha256(content.encode()).hexdigest()
        known = self._known(name, print_of) if name else None
        return known if known is not None else self._first_time(call, name, print_of)

    def _route(self, request: Request) -> tuple[Action, Group, str]:
        known = False
        for method, pattern, shape, action in PATTERNS:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return action, shape, match.group(1) if match.groups() else ""
            known = known or match is not None
        text = f"Unrecognized request URL ({request.method}: {request.path})."
        raise StripeError(405 if known else 404, text)

    def _params(self, request: Request, shape: Group) -> Object:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.body and kind != "application/x-www-form-urlencoded":
            text = "Invalid request: the body must be application/x-www-form-urlencoded."
            raise StripeError(415 if kind else 400, text)
        if request.query and request.method == "POST":
            raise StripeError(400, "Parameters of a POST belong in its body.")
        try:
            pairs = request.query if request.method != "POST" else request.form()
            params: Object = shape.read(nested(pairs), ())
            return params
        except Invalid as error:
            name = "".join([error.where[0], *(f"[{step}]" for step in error.where[1:])])
            text = f"{error.text}: {name}"
            raise StripeError(400, text, CODES.get(error.issue, ""), name) from error
        except ValueError as error:
            raise StripeError(400, f"Invalid parameters: {error}") from error

    def _known(self, name: str, print_of: str) -> Reply | None:
        """The saved answer of an earlier request with the same key.

        Source: https://docs.stripe.com/api/idempotent_requests.
        """
        row = self.world.store.get("stripe.key", name)
        if row is None or self.world.clock.now() - row["at"] > DAY:
            return None
        if row["print"] != print_of:
            text = (
                "Keys for idempotent requests can only be used with the same parameters they were "
                "first used with."
            )
            raise StripeError(400, text, kind="idempotency_error")
        if ("stripe", name) in self.world.in_flight:
            text = "There is currently another in-progress request using this Idempotent Key."
            raise StripeError(409, text, "idempotency_key_in_use", kind="idempotency_error")
        reply = self._reply(json.loads(row["body"]), row["status"])
        reply.headers["idempotent-replayed"] = "true"
        return reply

    def _first_time(self, call: Call, name: str, print_of: str) -> Reply:
        try:
            status, answer = 200, call.answer()
        except StripeError as error:
            status, answer = error.status, error.body()
        fate, broken = self.world.draw_fate()
        if broken:
            text = "An unknown error occurred."
            status, answer = 500, StripeError(500, text, kind="api_error").body()
        if name:
            row = {
                "account": call.book.account["id"],
                "at": self.world.clock.now(),
                "print": print_of,
            }
            row.update(status=status, body=json.dumps(answer))
            self.world.store.put("stripe.key", name, row)
            self.world.in_flight[("stripe", name)] = 1
        reply = self._reply(answer, status)
        reply.fate = fate
        reply.done = lambda: self.world.landed("stripe", name)
        return reply

    def _reply(self, value: Object, status: int = 200) -> Reply:
        reply = Reply.json(value, status)
        reply.headers["request-id"] = "req_" + self.world.store.token(14)
        return reply

    # Pages and what happens at Stripe's own site

    def _find_page(self, key: str) -> tuple[Book, Row] | None:
        for kind in ("checkout.session", "payment_intent"):
            row = self.world.store.get("stripe." + kind, key)
            if row is not None:
                return Book(self.world, self.world.account(row["account"])), row
        return None

    def _page(self, request: Request) -> Reply:
        key = request.path.rpartition("/")[2]
        found = self._find_page(key)
        if found is None:
            return Reply.html(pages.message("Not found", "There is no such page."), 404)
        book, row = found
        session = row["object"]["object"] == "checkout.session"
        if request.method == "POST":
            form = dict(request.form())
            try:
                url = self.act(key, form.get("act", ""), form.get("card", "good"))
            except Refused as reason:
                return Reply.html(pages.message("Not possible", str(reason)), 409)
            return Reply.redirect(str(url))
        if session:
            checkout.retrieve(book, {}, key)
            note = "The card was declined." if ("declined", "") in request.query else ""
            return Reply.html(checkout.show(book, row, note))
        action = f"/stripe/authenticate/{key}"
        return Reply.html(pages.challenge("3-D Secure (simulated)", action, {}))

    def act(self, page: str, act: str, card: str) -> str | None:
        """Presses a button; `page` is a session or an intent."""
        found = self._find_page(page)
        if found is None:
            return None
        book, row = found
        self.world.operation.account, self.world.operation.name = book.account["id"], "page " + act
        try:
            if row["object"]["object"] == "checkout.session":
                return checkout.act(book, row, act, card)
            return checkout.act_on_intent(book, row, act)
        except StripeError as error:
            raise Refused(str(error)) from error

    def _book_and_charge(self, charge: Row) -> tuple[Book, Object]:
        book = Book(self.world, self.world.account(charge["account"]))
        return book, book.get("charge", charge["id"])

    def refund(self, charge: Row, amount: int | None) -> str:
        """A refund at the dashboard."""
        book, found = self._book_and_charge(charge)
        try:
            return str(returns.refund(book, found, amount, {})["id"])
        except StripeError as error:
            raise Refused(str(error)) from error

    def chargeback(self, charge: Row) -> str:
        """A dispute."""
        book, found = self._book_and_charge(charge)
        if found["disputed"] or found["refunded"]:
            raise Refused("nothing of this charge is left to take back")
        return str(returns.dispute(book, found)["id"])

    def charge(self, account: Row, amount: int, currency: str, reference: str) -> str:
        """A payment taken at the dashboard."""
        book = Book(self.world, account)
        method = customers.new_method(book, "good", None)
        facts = {"amount": amount, "currency": currency.lower(), "payment_method": method["id"]}
        metadata = {account["options"].get("reference_key", "reference"): reference}
        intent = payments.new_intent(book, {**facts, "metadata": metadata}, reference)
        return str(payments.succeed(book, intent)["latest_charge"])

    def review(self, subject: str) -> None:
        """Nothing is held for review here."""

    def close_batches(self) -> int:
        """Settlement is not visible here."""
        return 0
