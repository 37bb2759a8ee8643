"""Money going back: refunds and disputes; and the reading of charges and balances.

Source: https://docs.stripe.com/api/refunds, /disputes, /balance_transactions.
"""

from __future__ import annotations

import json
from collections import defaultdict

from .book import Book, Object
from .errors import StripeError
from .payments import balance_entry
from .telling import tell


def create_refund(book: Book, params: Object, _key: str) -> Object:
    """POST /v1/refunds"""
    if ("charge" in params) == ("payment_intent" in params):
        text = "One of charge, payment_intent must be given."
        raise StripeError(400, text, "parameter_missing", "charge")
    key = params.get("charge")
    if key is None:
        intent = book.get("payment_intent", params["payment_intent"], "payment_intent")
        key = intent["latest_charge"]
    if key is None:
        text = "This PaymentIntent does not have a successful charge to refund."
        raise StripeError(400, text, param="payment_intent")
    charge = book.get("charge", key, "charge")
    return refund(book, charge, params.get("amount"), params)


def refund(book: Book, charge: Object, amount: int | None, params: Object) -> Object:
    """Gives a charge back, wholly or in part."""
    if not charge["paid"]:
        raise StripeError(400, "This charge was not successful.", param="charge")
    if charge["disputed"]:
        text = f"Charge {charge['id']} has been charged back; it cannot be refunded."
        raise StripeError(400, text, "charge_disputed", "charge")
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        text = f"Charge {charge['id']} has already been refunded."
        raise StripeError(400, text, "charge_already_refunded")
    amount = left if amount is None else amount
    if amount > left:
        text = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise StripeError(400, text, param="amount")
    made = book.new(
        "refund",
        "re",
        {
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "currency": charge["currency"],
            "destination_details": {"card": {"type": "pending"}, "type": "card"},
            "metadata": params.get("metadata", {}),
            "payment_intent": charge["payment_intent"],
            "reason": params.get("reason"),
            "receipt_number": None,
            "status": "succeeded",
        },
    )
    made["balance_transaction"] = balance_entry(book, made, "refund", -amount)
    book.save(made)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    book.save(charge)
    truth = book.world.record_refund(book.account, made["id"], charge["id"], amount)
    tell(book, "refund.created", made, truth["reference"])
    tell(book, "charge.refunded", charge, truth["reference"])
    return made


def retrieve_refund(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/refunds/{id}"""
    return book.get("refund", key)


def refunds(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/refunds"""
    charge, intent = params.get("charge"), params.get("payment_intent")
    return book.listing(
        "refund",
        params,
        "/v1/refunds",
        lambda o: charge in (None, o["charge"]) and intent in (None, o["payment_intent"]),
    )


def dispute(book: Book, charge: Object) -> Object:
    """The payer's bank takes the rest of a charge back."""
    amount = charge["amount"] - charge["amount_refunded"]
    made = book.new(
        "dispute",
        "du",
        {
            "amount": amount,
            "balance_transactions": [],
            "charge": charge["id"],
            "currency": charge["currency"],
            "evidence_details": {"due_by": int(book.world.clock.wall()) + 7 * 86_400},
            "is_charge_refundable": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "reason": "fraudulent",
            "status": "needs_response",
        },
    )
    entry = balance_entry(book, made, "adjustment", -amount)
    made["balance_transactions"] = [book.get("balance_transaction", entry)]
    book.save(made)
    charge["disputed"] = True
    book.save(charge)
    truth = book.world.record_chargeback(book.account, made["id"], charge["id"])
    tell(book, "charge.dispute.created", made, truth["reference"])
    return made


def retrieve_dispute(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/disputes/{id}"""
    return book.get("dispute", key, "dispute")


def disputes(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/disputes"""
    charge, intent = params.get("charge"), params.get("payment_intent")
    return book.listing(
        "dispute",
        params,
        "/v1/disputes",
        lambda o: charge in (None, o["charge"]) and intent in (None, o["payment_intent"]),
    )


def charge(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/charges/{id}"""
    return book.get("charge", key)


def charges(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/charges"""
    customer, intent = params.get("customer"), params.get("payment_intent")
    return book.listing(
        "charge",
        params,
        "/v1/charges",
        lambda o: customer in (None, o["customer"]) and intent in (None, o["payment_intent"]),
    )


def entry(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/balance_transactions/{id}"""
    return book.get("balance_transaction", key)


def entries(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/balance_transactions"""
    names = ("type", "source", "currency")
    return book.listing(
        "balance_transaction",
        params,
        "/v1/balance_transactions",
        lambda o: all(params.get(name) in (None, o[name]) for name in names),
    )


def balance(book: Book, _params: Object, _key: str) -> Object:
    """GET /v1/balance"""
    sums: dict[str, int] = defaultdict(int)
    for found in book.objects("balance_transaction"):
        sums[found["currency"]] += found["net"]
    pending = [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in sorted(sums.items())
    ]
    empty = [{**row, "amount": 0, "source_types": {"card": 0}} for row in pending]
    return {"object": "balance", "available": empty, "livemode": False, "pending": pending}


def account(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/account and /v1/accounts/{id}"""
    row = book.account
    if key and key != row["id"]:
        text = f"The provided key does not have access to account '{key}'."
        raise StripeError(403, text, "account_invalid")
    return {
        "id": row["id"],
        "object": "account",
        "business_profile": {"name": row["org"], "support_email": None, "url": None},
        "charges_enabled": True,
        "country": "US",
        "default_currency": row["options"].get("currency", "eur").lower(),
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


def event(book: Book, _params: Object, key: str) -> Object:
    """GET /v1/events/{id}; only what was truly told is found."""
    row = book.store.get("event", key)
    if row is None or row["account"] != book.account["id"] or _untrue(row["lie"]):
        raise StripeError(404, f"No such event: '{key}'", "resource_missing", "id")
    return _event_object(row)


def _untrue(lie: str) -> bool:
    return lie not in ("", "sibling")


def _event_object(row: Object) -> Object:
    body: Object = json.loads(row["body"])
    return body


def events(book: Book, params: Object, _key: str) -> Object:
    """GET /v1/events"""
    kinds = params.get("types") or ([params["type"]] if "type" in params else None)
    rows = reversed(book.store.of("event", book.account["id"]))
    found = [
        _event_object(row)
        for row in rows
        if not _untrue(row["lie"]) and (kinds is None or row["type"] in kinds)
    ]
    limit = params.get("limit", 10)
    if "starting_after" in params:
        ids = [o["id"] for o in found]
        after = ids.index(params["starting_after"]) if params["starting_after"] in ids else len(ids)
        found = found[after + 1 :]
    return {
        "object": "list",
        "data": found[:limit],
        "has_more": len(found) > limit,
        "url": "/v1/events",
    }
