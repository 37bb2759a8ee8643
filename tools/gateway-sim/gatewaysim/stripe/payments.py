"""Payment intents and what comes of confirming them.

Source: https://docs.stripe.com/api/payment_intents and /payments/save-during-payment (off session).
"""

from __future__ import annotations

import re
from typing import Any

from ..money import exponent
from . import customers
from .book import Book, Object
from .errors import StripeError
from .telling import tell

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
SEARCH_LAG = 60  # seconds until a search finds a new object


def check_amount(amount: int, currency: Any) -> None:
    """Stripe's least amount, and three-decimal currencies that must end in zero."""
    least = 50
    if amount < least:
        text = f"Amount must be at least {least} of the smallest unit of {currency}."
        raise StripeError(400, text, "amount_too_small", "amount")
    if exponent(currency) == 3 and amount % 10:
        text = "Three-decimal currencies take amounts that end in 0."
        raise StripeError(400, text, "invalid_charge_amount", "amount")


def create(book: Book, params: Object, _key: str) -> Object:
    """POST /v1/payment_intents"""
    check_amount(params["amount"], params["currency"])
    if "automatic_payment_methods" in params and "payment_method_types" in params:
        text = "You may only specify one of automatic_payment_methods, payment_method_types."
        raise StripeError(400, text, param="payment_method_types")
    for name in ("off_session", "return_url", "error_on_requires_action", "mandate"):
        if name in params and not params.get("confirm"):
            text = f"`{name}` may only be given together with `confirm=true`."
            raise StripeError(400, text, param=name)
    if "customer" in params:
        customers.live(book, params["customer"])
    if "payment_method" in params:
        method = customers.check_owner(book, params["payment_method"], params.get("customer"))
        params = {**params, "payment_method": method["id"]}
    if params.get("confirm"):
        _check_confirm(params)
    made = new_intent(book, params)
    tell(book, "payment_intent.created", made)
    if params.get("confirm"):
        return run(book, made, params)
    return made


def new_intent(book: Book, params: Object, reference: str = "") -> Object:
    """An intent, not yet confirmed."""
    secret = book.store.token(25)
    state = "requires_confirmation" if "payment_method" in params else "requires_payment_method"
    made = book.new(
        "payment_intent",
        "pi",
        {
            "amount": params["amount"],
            "amount_capturable": 0,
            "amount_received": 0,
            "automatic_payment_methods": params.get("automatic_payment_methods"),
            "canceled_at": None,
            "cancellation_reason": None,
            "capture_method": params.get("capture_method", "automatic_async"),
            "confirmation_method": params.get("confirmation_method", "automatic"),
            "currency": params["currency"],
            "customer": params.get("customer"),
            "description": params.get("description"),
            "last_payment_error": None,
            "latest_charge": None,
            "metadata": params.get("metadata", {}),
            "next_action": None,
            "payment_method": params.get("payment_method"),
            "payment_method_types": params.get("payment_method_types", ["card"]),
            "receipt_email": params.get("receipt_email"),
            "setup_future_usage": params.get("setup_future_usage"),
            "shipping": params.get("shipping"),
            "statement_descriptor": params.get("statement_descriptor"),
            "statement_descriptor_suffix": params.get("statement_descriptor_suffix"),
            "status": state,
        },
    )
    made["client_secret"] = f"{made['id']}_secret_{secret}"
    book.save(made, reference=reference or book.reference_of(made), return_url=None)
    return made


def _check_confirm(params: Object) -> None:
    if "payment_method" not in params:
        text = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. Supply "
            "one with `payment_method`."
        )
        raise StripeError(400, text, "payment_intent_unexpected_state")
    redirects = params.get("automatic_payment_methods", {}).get("allow_redirects", "always")
    narrowed = "payment_method_types" in params or redirects == "never"
    if not params.get("off_session") and not params.get("return_url") and not narrowed:
        text = (
            "This PaymentIntent accepts payment methods that may redirect, so a `return_url` is "
            "needed; or set `automatic_payment_methods[allow_redirects]=never`."
        )
        raise StripeError(400, text, param="return_url")


def retrieve(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/payment_intents/{id}"""
    return book.get("payment_intent", key, "intent")


def update(book: Book, params: Object, key: str) -> Object:
    """POST /v1/payment_intents/{id}"""
    found = _open(book, key)
    if "amount" in params:
        check_amount(params["amount"], params.get("currency") or found["currency"])
    metadata = {**found["metadata"], **params.get("metadata", {})}
    found.update({k: v for k, v in params.items() if k not in ("metadata", "expand")})
    found["metadata"] = {k: v for k, v in metadata.items() if v != ""}
    if found["payment_method"] and found["status"] == "requires_payment_method":
        found["status"] = "requires_confirmation"
    book.save(found)
    return found


def _open(book: Book, key: str) -> Object:
    found = book.get("payment_intent", key, "intent")
    if found["status"] not in OPEN:
        text = f"This PaymentIntent's status is {found['status']}, which allows no such change."
        code = "payment_intent_unexpected_state"
        raise StripeError(400, text, code, payment_intent=found)
    return found


def confirm(book: Book, params: Object, key: str) -> Object:
    """POST /v1/payment_intents/{id}/confirm"""
    found = _open(book, key)
    if "payment_method" in params:
        method = customers.check_owner(book, params["payment_method"], found["customer"])
        found["payment_method"] = method["id"]
    types = {"payment_method_types": found["payment_method_types"]}
    automatic = {"automatic_payment_methods": found["automatic_payment_methods"] or {}}
    narrow = automatic if found["automatic_payment_methods"] else types
    given = {"payment_method": found["payment_method"]} if found["payment_method"] else {}
    _check_confirm({**narrow, **params, **given})
    return run(book, found, params)


def cancel(book: Book, params: Object, key: str) -> Object:
    """POST /v1/payment_intents/{id}/cancel"""
    found = _open(book, key)
    found.update(
        status="canceled",
        canceled_at=int(book.world.clock.wall()),
        cancellation_reason=params.get("cancellation_reason"),
        next_action=None,
    )
    book.save(found)
    tell(book, "payment_intent.canceled", found)
    return found


def listing(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/payment_intents"""
    customer = params.get("customer")
    return book.listing(
        "payment_intent",
        params,
        "/v1/payment_intents",
        lambda o: customer in (None, o["customer"]),
    )


def search(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/payment_intents/search; new objects are found only after a minute.

    Source: https://docs.stripe.com/search#data-freshness.
    """
    clauses = re.split(r"\s+AND\s+", params["query"].strip())
    tests = []
    for clause in clauses:
        match = re.fullmatch(
            r"""(metadata\[(['"])(?P<key>.+?)\2\]|status|customer):(['"])(?P<value>.*)\4""", clause
        )
        if match is None:
            raise StripeError(400, f"We were unable to parse your query: {clause}", param="query")
        tests.append((match.group("key"), clause.split(":")[0], match.group("value")))

    def fits(found: Object) -> bool:
        values = [found["metadata"].get(key) if key else found[name] for key, name, _ in tests]
        return values == [value for _, _, value in tests]

    horizon = book.world.clock.now() - SEARCH_LAG
    rows = book.store.of("stripe.payment_intent", book.account["id"])
    found = [r["object"] for r in reversed(rows) if r["at"] <= horizon and fits(r["object"])]
    limit = params.get("limit", 10)
    return {
        "object": "search_result",
        "data": found[:limit],
        "has_more": len(found) > limit,
        "next_page": None,
        "url": "/v1/payment_intents/search",
    }


def run(book: Book, found: Object, params: Object) -> Object:
    """Tries to take the money of an intent that has a payment method."""
    row = book.row("payment_intent", found["id"])
    reference = row["reference"]
    book.world.operation.reference = reference
    if params.get("setup_future_usage"):
        found["setup_future_usage"] = params["setup_future_usage"]
    card = customers.behaviour(book, found["payment_method"])
    ordinal = book.world.ordinal("confirm", book.account["id"], reference)
    if card in ("declines", "declines_later"):
        raise decline(book, found)
    struck = card == "good" and book.world.faults.strikes(
        "needs_action", book.account["id"], reference, ordinal
    )
    if struck:
        book.world.log_fault("needs_action", book.account["id"], payment_intent=found["id"])
    if card == "asks_later" or struck:
        if params.get("off_session") or params.get("error_on_requires_action"):
            raise decline(book, found, "authentication_required", "authentication_required")
        return ask(book, found, params.get("return_url"))
    return succeed(book, found)


def ask(book: Book, found: Object, return_url: str | None) -> Object:
    """The payer's bank wants to ask first."""
    found["status"] = "requires_action"
    base = book.account["base"]
    found["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {
            "return_url": return_url,
            "url": f"{base}/stripe/authenticate/{found['id']}",
        },
    }
    book.save(found, return_url=return_url)
    tell(book, "payment_intent.requires_action", found, book.world.operation.reference)
    return found


def new_charge(book: Book, found: Object, paid: bool, **members: Any) -> Object:
    """The attempt that an intent made."""
    method = book.get("payment_method", found["payment_method"])
    return book.new(
        "charge",
        "ch",
        {
            "amount": found["amount"],
            "amount_captured": found["amount"] if paid else 0,
            "amount_refunded": 0,
            "balance_transaction": None,
            "billing_details": method["billing_details"],
            "captured": paid,
            "currency": found["currency"],
            "customer": found["customer"],
            "description": found["description"],
            "disputed": False,
            "failure_code": None,
            "failure_message": None,
            "metadata": found["metadata"],
            "outcome": {"network_status": "approved_by_network", "type": "authorized"},
            "paid": paid,
            "payment_intent": found["id"],
            "payment_method": method["id"],
            "payment_method_details": {"card": method["card"], "type": "card"},
            "receipt_email": found["receipt_email"],
            "receipt_url": None,
            "refunded": False,
            "statement_descriptor": found["statement_descriptor"],
            "status": "succeeded" if paid else "failed",
            **members,
        },
    )


def decline(
    book: Book, found: Object, code: str = "card_declined", why: str = "generic_decline"
) -> StripeError:
    """The refusal of a card: the error to raise, with the intent inside."""
    reference = book.row("payment_intent", found["id"])["reference"]
    text = "Your card was declined."
    if code == "authentication_required":
        text = "Your card was declined. This transaction requires authentication."
    outcome = {"network_status": "declined_by_network", "reason": why, "type": "issuer_declined"}
    charge = new_charge(
        book, found, False, failure_code=code, failure_message=text, outcome=outcome
    )
    method = book.get("payment_method", found["payment_method"])
    error = {"charge": charge["id"], "code": code, "decline_code": why, "message": text}
    found.update(
        status="requires_payment_method",
        latest_charge=charge["id"],
        payment_method=None,
        next_action=None,
        last_payment_error={**error, "payment_method": method, "type": "card_error"},
    )
    book.save(found)
    tell(book, "charge.failed", charge, reference)
    tell(book, "payment_intent.payment_failed", found, reference)
    more = {"charge": charge["id"], "decline_code": why, "payment_method": method}
    return StripeError(402, text, code, "", "card_error", payment_intent=dict(found), **more)


def succeed(book: Book, found: Object, session: str | None = None) -> Object:
    """The money is taken."""
    reference = book.row("payment_intent", found["id"])["reference"]
    charge = new_charge(book, found, True)
    charge["balance_transaction"] = balance_entry(book, charge, "charge", found["amount"])
    book.save(charge)
    found.update(
        status="succeeded",
        amount_received=found["amount"],
        latest_charge=charge["id"],
        next_action=None,
        last_payment_error=None,
    )
    if found["customer"] and found["setup_future_usage"]:
        customers.attach(book, {"customer": found["customer"]}, found["payment_method"])
    book.save(found)
    details = {"payment_intent": found["id"], "session": session, "metadata": found["metadata"]}
    book.world.record_charge(
        book.account,
        charge["id"],
        amount=found["amount"],
        currency=found["currency"].upper(),
        reference=reference,
        customer=found["customer"],
        method=found["payment_method"],
        details={**details, "description": found["description"]},
    )
    tell(book, "charge.succeeded", charge, reference, paid=True)
    tell(book, "payment_intent.succeeded", found, reference, paid=True)
    return found


def balance_entry(book: Book, source: Object, kind: str, amount: int) -> str:
    """An entry of the account's balance; charges bear a fee of 1.5 % and 25."""
    fee = amount * 15 // 1000 + 25 if kind == "charge" else 0
    stamp = int(book.world.clock.wall())
    made = book.new(
        "balance_transaction",
        "txn",
        {
            "amount": amount,
            "available_on": stamp + 2 * 86_400,
            "currency": source["currency"],
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "net": amount - fee,
            "reporting_category": kind if kind != "adjustment" else "dispute",
            "source": source["id"],
            "status": "pending",
            "type": kind,
        },
    )
    return str(made["id"])
