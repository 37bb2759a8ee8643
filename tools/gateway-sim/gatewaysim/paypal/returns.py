"""Captures, refunds, disputes, and the report of all transactions.

Source: PayPal's Payments v2 description, and https://developer.paypal.com/docs/api/ with
transaction-search/v1/ and customer-disputes/v1/.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ..store import Row
from .errors import PayPalError
from .orders import new_capture, told_capture
from .shelf import Resource, Shelf, minor_of, money, stamp
from .telling import tell

REPORT_LAG = 3 * 3_600  # "a maximum of three hours for executed transactions to appear"
LONGEST_REPORT = timedelta(days=31)


def capture(shelf: Shelf, key: str) -> Resource:
    """GET /v2/payments/captures/{id}"""
    return shelf.get("capture", key)


def refund(shelf: Shelf, wish: Resource, key: str) -> Resource:
    """POST /v2/payments/captures/{id}/refund"""
    found = shelf.get("capture", key)
    charge = shelf.store.get("charge", key)
    assert charge is not None
    if charge["charged_back"]:
        text = "Refund not permitted due to a chargeback on this capture."
        raise PayPalError(422, "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK", text)
    left = charge["amount"] - charge["refunded"]
    if left == 0:
        text = "The capture has already been fully refunded."
        raise PayPalError(422, "CAPTURE_FULLY_REFUNDED", text)
    amount = left
    if "amount" in wish:
        amount = minor_of(wish["amount"], "/amount")
        if wish["amount"]["currency_code"] != charge["currency"]:
            text = "Refund must be in the same currency as the capture."
            raise PayPalError(422, "REFUND_CAPTURE_CURRENCY_MISMATCH", text, "/amount")
        if amount == 0:
            text = "Must be greater than zero."
            raise PayPalError(422, "CANNOT_BE_ZERO_OR_NEGATIVE", text, "/amount/value")
    if amount > left:
        text = "The refund amount must be no more than what is not yet refunded."
        raise PayPalError(422, "REFUND_AMOUNT_EXCEEDED", text, "/amount/value")
    return _refund(shelf, found, charge, amount, wish)


def _refund(shelf: Shelf, found: Resource, charge: Row, amount: int, wish: Resource) -> Resource:
    currency, key = charge["currency"], shelf.fresh()
    names = ("invoice_id", "custom_id", "note_to_payer")
    named: Resource = {k: wish[k] for k in names if k in wish}
    total = charge["refunded"] + amount
    made: Resource = {
        "id": key,
        "status": "COMPLETED",
        "amount": money(amount, currency),
        **named,
        "seller_payable_breakdown": {
            "gross_amount": money(amount, currency),
            "paypal_fee": money(0, currency),
            "net_amount": money(amount, currency),
            "total_refunded_amount": money(total, currency),
        },
        "create_time": shelf.now(),
        "update_time": shelf.now(),
        "links": [
            shelf.link("self", f"/v2/payments/refunds/{key}"),
            shelf.link("up", f"/v2/payments/captures/{found['id']}"),
        ],
    }
    shelf.put("refund", made)
    found["status"] = "REFUNDED" if total == charge["amount"] else "PARTIALLY_REFUNDED"
    _changed(shelf, found)
    truth = shelf.world.record_refund(shelf.account, key, found["id"], amount)
    tell(shelf, "PAYMENT.CAPTURE.REFUNDED", "refund", made, truth["reference"])
    return made


def _changed(shelf: Shelf, found: Resource) -> None:
    """Keeps a capture, also where its order shows it."""
    found["update_time"] = shelf.now()
    shelf.put("capture", found)
    order_id = shelf.row("capture", found["id"])["order"]
    if order_id:
        order = shelf.get("order", order_id)
        order["purchase_units"][0]["payments"]["captures"] = [found]
        shelf.put("order", order)


def retrieve(shelf: Shelf, key: str) -> Resource:
    """GET /v2/payments/refunds/{id}"""
    return shelf.get("refund", key)


def chargeback(shelf: Shelf, charge: Row) -> Resource:
    """A dispute that takes the money back."""
    found = shelf.get("capture", charge["id"])
    key = "PP-D-" + shelf.store.token(6, "0123456789")
    truth = shelf.world.record_chargeback(shelf.account, key, charge["id"])
    made: Resource = {
        "id": key,
        "dispute_id": key,
        "create_time": shelf.now(),
        "update_time": shelf.now(),
        "disputed_transactions": [
            {
                "seller_transaction_id": charge["id"],
                "invoice_number": found.get("invoice_id"),
                "custom": found.get("custom_id"),
                "seller": {"merchant_id": shelf.account["merchant_id"]},
            }
        ],
        "reason": "UNAUTHORISED",
        "status": "RESOLVED",
        "dispute_amount": money(truth["amount"], charge["currency"]),
        "dispute_life_cycle_stage": "CHARGEBACK",
        "dispute_channel": "EXTERNAL",
        "links": [shelf.link("self", f"/v1/customer/disputes/{key}")],
    }
    shelf.put("dispute", made)
    found["status_details"] = {"reason": "CHARGEBACK"}
    _changed(shelf, found)
    tell(shelf, "CUSTOMER.DISPUTE.CREATED", "dispute", made, truth["reference"])
    reversed_ = told_capture(shelf, {**found, "status": "REVERSED"})
    tell(shelf, "PAYMENT.CAPTURE.REVERSED", "capture", reversed_, truth["reference"])
    return made


def dispute(shelf: Shelf, key: str) -> Resource:
    """GET /v1/customer/disputes/{id}"""
    return shelf.get("dispute", key)


def disputes(shelf: Shelf, _query: dict[str, str]) -> Resource:
    """GET /v1/customer/disputes"""
    rows = shelf.store.of("paypal.dispute", shelf.account["id"])
    return {"items": [row["resource"] for row in rows], "links": []}


def stray(shelf: Shelf, amount: int, currency: str, reference: str) -> str:
    """A capture that no order of the product made."""
    unit = {"amount": money(amount, currency), "invoice_id": reference or "none"}
    made = new_capture(shelf, unit, amount, "NONE")
    shelf.put("capture", made, order="", reference=reference)
    facts = {"amount": amount, "currency": currency, "reference": reference}
    shelf.world.record_charge(
        shelf.account, made["id"], customer=None, method=None, details={"stray": True}, **facts
    )
    shown = told_capture(shelf, made)
    tell(shelf, "PAYMENT.CAPTURE.COMPLETED", "capture", shown, reference, paid=True)
    return str(made["id"])


# The report


def _day(query: dict[str, str], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(query[name].replace("Z", "+00:00"))
        if found.tzinfo is None or "T" not in query[name]:
            raise ValueError(name)
        return found
    except (KeyError, ValueError) as error:
        text = f"`{name}` must be an Internet date and time with seconds and zone."
        raise PayPalError(400, "INVALID_REQUEST", text, name) from error


def _number(query: dict[str, str], name: str, default: int, high: int) -> int:
    text = query.get(name, str(default))
    if not text.isdigit() or not 1 <= int(text) <= high:
        raise PayPalError(400, "INVALID_REQUEST", f"`{name}` must be from 1 to {high}.", name)
    return int(text)


ASKABLE = {"start_date", "end_date", "fields", "page", "page_size", "transaction_id",
           "transaction_status", "transaction_currency", "transaction_type",
           "balance_affecting_records_only"}  # fmt: skip


def report(shelf: Shelf, query: dict[str, str]) -> Resource:
    """GET /v1/reporting/transactions; shows nothing younger than three (simulated) hours."""
    for name in query:
        if name not in ASKABLE:
            raise PayPalError(400, "INVALID_REQUEST", "Unknown query parameter.", name)
    start, end = _day(query, "start_date"), _day(query, "end_date")
    if not timedelta() <= end - start <= LONGEST_REPORT:
        text = "Date range is greater than 31 days, or ends before it starts."
        raise PayPalError(400, "INVALID_REQUEST", text, "end_date")
    lag = float(shelf.account["options"].get("reporting_lag_seconds", REPORT_LAG))
    horizon = shelf.world.clock.now() - lag
    entries = []
    for table, code, sign in (("charge", "T0006", 1), ("refund", "T1107", -1),
                              ("chargeback", "T1201", -1)):  # fmt: skip
        for row in shelf.store.of(table, shelf.account["id"]):
            inside = start.timestamp() <= row["at"] <= end.timestamp()
            if inside and row["simulated"] <= horizon:
                entries.append((row["at"], _entry(shelf, row, code, sign)))
    wanted = {
        "transaction_id": query.get("transaction_id"),
        "transaction_status": query.get("transaction_status"),
        "transaction_event_code": query.get("transaction_type"),
    }
    found = [
        {"transaction_info": entry}
        for _, entry in sorted(entries, key=lambda pair: pair[0])
        if all(value in (None, entry[name]) for name, value in wanted.items())
        and query.get("transaction_currency")
        in (None, entry["transaction_amount"]["currency_code"])
    ]
    size, page = _number(query, "page_size", 100, 500), _number(query, "page", 1, 2**31)
    return {
        "transaction_details": found[(page - 1) * size : page * size],
        "account_number": shelf.account["merchant_id"],
        "start_date": query["start_date"],
        "end_date": query["end_date"],
        "last_refreshed_datetime": stamp(shelf.world.clock.wall()),
        "page": page,
        "total_items": len(found),
        "total_pages": max(1, -(-len(found) // size)),
        "links": [],
    }


def _entry(shelf: Shelf, row: Row, code: str, sign: int) -> Resource:
    info: Resource = {
        "paypal_account_id": "QYR5Z8XDVJNXQ",
        "transaction_id": row["id"],
        "transaction_event_code": code,
        "transaction_initiation_date": stamp(row["at"]),
        "transaction_updated_date": stamp(row["at"]),
        "transaction_amount": money(sign * row["amount"], row["currency"]),
        "transaction_status": "S",
        "protection_eligibility": "02",
    }
    if "charge" in row:
        info.update(paypal_reference_id=row["charge"], paypal_reference_id_type="TXN")
    else:
        found = shelf.get("capture", row["id"])
        fee = found["seller_receivable_breakdown"]["paypal_fee"]
        info["fee_amount"] = {**fee, "value": "-" + fee["value"]}
        if found.get("invoice_id"):
            info["invoice_id"] = found["invoice_id"]
        if found.get("custom_id"):
            info["custom_field"] = found["custom_id"]
    return info
