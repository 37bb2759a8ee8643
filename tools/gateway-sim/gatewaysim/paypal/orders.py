"""Orders: made, approved by a payer, captured. Source: PayPal's Orders v2 description."""

from __future__ import annotations

from typing import Any

from . import vault
from .errors import PayPalError
from .shelf import Resource, Shelf, minor_of, money
from .telling import event_body, tell


def _check_unit(unit: Resource, index: int) -> None:
    where = f"/purchase_units/{index}/amount"
    amount = minor_of(unit["amount"], where)
    if amount == 0:
        text = "Must be greater than zero. If the currency supports decimals, only two are allowed."
        raise PayPalError(422, "CANNOT_BE_ZERO_OR_NEGATIVE", text, where + "/value")
    parts = unit["amount"].get("breakdown")
    items = unit.get("items", [])
    if items and (not parts or "item_total" not in parts):
        text = "If item details are specified, items total amount is required."
        raise PayPalError(422, "ITEM_TOTAL_REQUIRED", text, where + "/breakdown/item_total")
    if not parts:
        return
    values = {name: minor_of(part, f"{where}/breakdown/{name}") for name, part in parts.items()}
    less = ("shipping_discount", "discount")
    total = sum(-value if name in less else value for name, value in values.items())
    if total != amount:
        text = "Should equal item_total + tax_total + shipping + handling + insurance - discounts."
        raise PayPalError(422, "AMOUNT_MISMATCH", text, where + "/value")
    if items:
        of_items = sum(
            minor_of(item["unit_amount"], where) * int(item["quantity"]) for item in items
        )
        if of_items != values["item_total"]:
            text = "Should equal sum of (unit_amount * quantity) across all items."
            raise PayPalError(422, "ITEM_TOTAL_MISMATCH", text, where + "/breakdown/item_total")


def _check(shelf: Shelf, wish: Resource, request_id: str) -> None:
    for index, unit in enumerate(wish["purchase_units"]):
        _check_unit(unit, index)
        payee = unit.get("payee", {}).get("merchant_id", shelf.account["merchant_id"])
        if payee != shelf.account["merchant_id"]:
            text = "Payee account is invalid."
            raise PayPalError(422, "PAYEE_ACCOUNT_INVALID", text, f"/purchase_units/{index}/payee")
    if len(wish["purchase_units"]) > 1:
        raise PayPalError(422, "UNSUPPORTED_INTENT", "The simulator takes one purchase unit.")
    source = wish.get("payment_source", {})
    if len(source) > 1:
        raise PayPalError(400, "INVALID_REQUEST", "Only one payment source.", "/payment_source")
    if source and not request_id:
        text = "A PayPal-Request-Id is required if you are trying to process payment for an Order."
        raise PayPalError(400, "PAYPAL_REQUEST_ID_REQUIRED", text)


def create(shelf: Shelf, wish: Resource, request_id: str) -> Resource:
    """POST /v2/checkout/orders"""
    _check(shelf, wish, request_id)
    source = wish.get("payment_source", {})
    stored = source.get("paypal", source.get("card", {})).get("vault_id")
    token = vault.owned(shelf, stored) if stored else None
    unit = {"reference_id": "default", **wish["purchase_units"][0]}
    payee = {"email_address": shelf.account["email"], "merchant_id": shelf.account["merchant_id"]}
    unit["payee"] = payee
    waiting = "PAYER_ACTION_REQUIRED" if source else "CREATED"
    order: Resource = {
        "id": shelf.fresh(),
        "intent": wish["intent"],
        "status": waiting,
        "purchase_units": [unit],
        "create_time": shelf.now(),
        "links": [],
    }
    context = source.get("paypal", {}).get("experience_context") or wish.get(
        "application_context", {}
    )
    attributes = source.get("paypal", {}).get("attributes", {})
    hidden = {"context": context, "attributes": attributes, "card": None, "asked": None}
    hidden["wallet"] = bool(source)
    _links(shelf, order, bool(source))
    shelf.put("order", order, **hidden)
    shelf.world.operation.reference = reference_of(order)
    if token is None:
        return order
    return _pay_with_stored(shelf, order, token)


def _pay_with_stored(shelf: Shelf, order: Resource, token: Resource) -> Resource:
    world, account, reference = shelf.world, shelf.account["id"], reference_of(order)
    truth = shelf.store.get("method", token["id"])
    card = truth["label"] if truth else "good"
    if card in ("declines", "declines_later"):
        raise declined(shelf, order)
    ordinal = world.ordinal("confirm", account, reference)
    struck = card == "good" and world.faults.strikes("needs_action", account, reference, ordinal)
    if struck:
        world.log_fault("needs_action", account, order=order["id"], reference=reference)
    if card == "asks_later" or struck:
        shelf.put("order", order, token=token["id"])
        return order
    order["payment_source"] = {"paypal": _payer()}
    return finish(shelf, order, token["customer"]["id"], token["id"])


def _links(shelf: Shelf, order: Resource, wallet: bool) -> None:
    path = f"/v2/checkout/orders/{order['id']}"
    links = [shelf.link("self", path)]
    page = f"/checkoutnow?token={order['id']}"
    if order["status"] in ("CREATED", "PAYER_ACTION_REQUIRED"):
        links.append(shelf.link("payer-action" if wallet else "approve", page))
    if order["status"] in ("CREATED", "APPROVED"):
        links.append(shelf.link("capture", path + "/capture", "POST"))
    order["links"] = links


def reference_of(order: Resource) -> str:
    """The merchant's own name for the payment."""
    unit = order["purchase_units"][0]
    return str(unit.get("invoice_id") or unit.get("custom_id") or unit["reference_id"])


def retrieve(shelf: Shelf, key: str) -> Resource:
    """GET /v2/checkout/orders/{id}"""
    return shelf.get("order", key)


def _payer() -> Resource:
    return {
        "email_address": "payer@example.com",
        "account_id": "QYR5Z8XDVJNXQ",
        "account_status": "VERIFIED",
        "name": {"given_name": "Pat", "surname": "Payer"},
        "address": {"country_code": "US"},
    }


def declined(shelf: Shelf, order: Resource) -> PayPalError:
    """The payer's instrument does not pay; the payer may choose another."""
    text = (
        "The instrument presented was either declined by the processor or bank, or it can't be "
        "used for this payment."
    )
    link = shelf.link("redirect", f"/checkoutnow?token={order['id']}")
    return PayPalError(422, "INSTRUMENT_DECLINED", text, links=[link])


def capture(shelf: Shelf, _wish: Resource, key: str) -> Resource:
    """POST /v2/checkout/orders/{id}/capture"""
    row = shelf.row("order", key)
    order: Resource = row["resource"]
    shelf.world.operation.reference = reference_of(order)
    if order["status"] == "COMPLETED":
        text = "Order already captured. If 'intent=CAPTURE' only one capture per order is allowed."
        raise PayPalError(422, "ORDER_ALREADY_CAPTURED", text)
    if order["status"] == "PAYER_ACTION_REQUIRED":
        text = "Payer needs to perform the following action before proceeding with payment."
        link = shelf.link("payer-action", f"/checkoutnow?token={key}")
        raise PayPalError(422, "PAYER_ACTION_REQUIRED", text, links=[link])
    if order["status"] != "APPROVED":
        text = "Payer has not yet approved the Order for payment."
        raise PayPalError(422, "ORDER_NOT_APPROVED", text)
    if row["card"] == "declines":
        raise declined(shelf, order)
    kept = row["attributes"].get("vault", {}).get("store_in_vault")
    customer, token = None, row.get("token")
    if kept:
        wished = row["attributes"].get("customer", {}).get("id")
        made = vault.keep(shelf, wished, row["card"])
        customer, token = made["customer"]["id"], made["id"]
        entry = {"id": token, "status": "VAULTED", "customer": {"id": customer}}
        order["payment_source"]["paypal"]["attributes"] = {"vault": entry}
    return finish(shelf, order, customer, token)


def finish(shelf: Shelf, order: Resource, customer: str | None, token: str | None) -> Resource:
    """The money is taken."""
    unit = order["purchase_units"][0]
    _check_invoice(shelf, unit)
    amount = minor_of(unit["amount"], "/purchase_units/0/amount")
    made = new_capture(shelf, unit, amount, order["id"])
    unit["payments"] = {"captures": [made]}
    order["status"], order["update_time"] = "COMPLETED", shelf.now()
    _links(shelf, order, True)
    shelf.put("order", order)
    shelf.put("capture", made, order=order["id"], reference=reference_of(order))
    details = {"order": order["id"], **{k: unit.get(k) for k in ("invoice_id", "custom_id")}}
    shelf.world.record_charge(
        shelf.account,
        made["id"],
        amount=amount,
        currency=unit["amount"]["currency_code"],
        reference=reference_of(order),
        customer=customer,
        method=token,
        details=details,
    )
    siblings = [event_body(shelf, "CHECKOUT.ORDER.COMPLETED", "checkout-order", order)]
    kind, facts = "PAYMENT.CAPTURE.COMPLETED", {"paid": True, "siblings": siblings}
    tell(shelf, kind, "capture", told_capture(shelf, made), reference_of(order), **facts)
    return order


def _check_invoice(shelf: Shelf, unit: Resource) -> None:
    """The account's usual setting: one payment per invoice number."""
    invoice = unit.get("invoice_id")
    if not invoice or not shelf.account["options"].get("block_duplicate_invoices", True):
        return
    for row in shelf.store.of("paypal.capture", shelf.account["id"]):
        if row["resource"].get("invoice_id") == invoice:
            text = "Duplicate Invoice ID detected. To avoid a duplicate transaction verify it."
            raise PayPalError(422, "DUPLICATE_INVOICE_ID", text)


def new_capture(shelf: Shelf, unit: Resource, amount: int, order_id: str) -> Resource:
    """A capture's resource."""
    currency = unit["amount"]["currency_code"]
    fee = amount * 34 // 1000 + (35 if amount > 100 else 0)
    key = shelf.fresh()
    path = f"/v2/payments/captures/{key}"
    named: Resource = {k: unit[k] for k in ("invoice_id", "custom_id") if k in unit}
    return {
        "id": key,
        "status": "COMPLETED",
        "amount": money(amount, currency),
        "final_capture": True,
        "seller_protection": {"status": "NOT_ELIGIBLE"},
        "seller_receivable_breakdown": {
            "gross_amount": money(amount, currency),
            "paypal_fee": money(fee, currency),
            "net_amount": money(amount - fee, currency),
        },
        **named,
        "create_time": shelf.now(),
        "update_time": shelf.now(),
        "links": [
            shelf.link("self", path),
            shelf.link("refund", path + "/refund", "POST"),
            shelf.link("up", f"/v2/checkout/orders/{order_id}"),
        ],
    }


def told_capture(shelf: Shelf, capture_: Resource) -> Resource:
    """A capture as events show it: with its order and its payee."""
    order = shelf.row("capture", capture_["id"])["order"]
    payee = {"email_address": shelf.account["email"], "merchant_id": shelf.account["merchant_id"]}
    related = {"related_ids": {"order_id": order}} if order else {}
    return {**capture_, "payee": payee, "supplementary_data": related}


def approve(shelf: Shelf, row: Any, card: str) -> None:
    """The payer agrees; with a stored method that asked, this also pays."""
    order = row["resource"]
    order["payment_source"] = {"paypal": _payer()}
    if row.get("token"):
        token = vault.owned(shelf, row["token"])
        finish(shelf, order, token["customer"]["id"], token["id"])
        return
    order["status"], order["update_time"] = "APPROVED", shelf.now()
    order["payer"] = {"email_address": "payer@example.com", "payer_id": "QYR5Z8XDVJNXQ"}
    _links(shelf, order, row["wallet"])
    shelf.put("order", order, card=card, asked=None)
    tell(shelf, "CHECKOUT.ORDER.APPROVED", "checkout-order", order, reference_of(order))
