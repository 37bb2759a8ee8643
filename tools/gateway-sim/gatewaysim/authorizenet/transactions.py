"""createTransaction: charges, refunds, voids.

Source: https://developer.authorize.net/api/reference/index.html#payment-transactions. There is no
idempotency key; only the duplicate window protects, and only for as long as it lasts.
"""

from __future__ import annotations

from ..money import to_minor
from ..store import Row
from . import profiles
from .errors import AnetError, TransactionRefused
from .ledger import Ledger
from .telling import tell_transaction
from .xml import Node, Tree

WINDOW = 120
LONGEST_WINDOW = 28_800
SETTINGS = ("allowPartialAuth", "duplicateWindow", "emailCustomer", "headerEmailReceipt",
            "footerEmailReceipt", "recurringBilling", "testRequest")  # fmt: skip
DUPLICATE = TransactionRefused("11", "A duplicate transaction has been submitted.")


def create(ledger: Ledger, request: Node) -> Tree:
    """createTransactionRequest"""
    wish = request.node("transactionRequest")
    assert wish is not None
    ref_id = request.text("refId")
    try:
        row = perform(ledger, wish, ref_id, "")
    except TransactionRefused as refused:
        return _refused_tree(refused)
    return _answer(ledger, row)


def perform(ledger: Ledger, wish: Node, ref_id: str, page_card: str) -> Row:
    """Does what a transaction request asks; `page_card` is the card given on a hosted page."""
    kind = wish.text("transactionType")
    ledger.world.operation.reference = wish.text("order/invoiceNumber") or ref_id
    if kind == "voidTransaction":
        return void(ledger, wish.text("refTransId"), ref_id)
    acts = {"authCaptureTransaction": _charge, "refundTransaction": _refund}
    if kind not in acts:
        text = f"The simulator has no transactionType {kind!r}."
        raise AnetError("E00013", text)
    if wish.text("profile/createProfile") in ("true", "1"):
        text = "The simulator has no createProfile; make the profile from the transaction."
        raise AnetError("E00013", text)
    settings = wish.pairs("transactionSettings", "settingName", "settingValue")
    for name in settings:
        if name not in SETTINGS:
            raise AnetError("E00013", f"Setting name {name} is invalid.")
    currency = wish.text("currencyCode")
    if currency and currency != ledger.currency:
        text = "The currency code is not supported by this merchant's processor."
        raise TransactionRefused("39", text)
    facts = _facts(wish, ref_id, page_card)
    _refuse_duplicate(ledger, kind, facts, settings.get("duplicateWindow", str(WINDOW)))
    return acts[kind](ledger, wish, facts)


def _facts(wish: Node, ref_id: str, page_card: str) -> Row:
    amount = to_minor(wish.text("amount"), 2)
    if not amount:
        raise TransactionRefused("5", "A valid amount is required.")
    profile, payment = (
        wish.text("profile/customerProfileId"),
        wish.text("profile/paymentProfile/paymentProfileId"),
    )
    opaque = wish.text("payment/opaqueData/dataValue")
    card = wish.text("payment/creditCard/cardNumber")
    method = page_card or "/".join(filter(None, (profile, payment, opaque, card)))
    return {
        "amount": amount,
        "invoice": wish.text("order/invoiceNumber"),
        "description": wish.text("order/description"),
        "ref_id": ref_id,
        "customer_id": wish.text("customer/id"),
        "customer_email": wish.text("customer/email"),
        "profile": profile,
        "payment": payment,
        "ref_trans_id": wish.text("refTransId"),
        "user_fields": wish.pairs("userFields", "name", "value"),
        "method": method,
        "po": wish.text("poNumber"),
    }


def _refuse_duplicate(ledger: Ledger, kind: str, facts: Row, window: str) -> None:
    if not window.isdigit() or int(window) > LONGEST_WINDOW:
        raise TransactionRefused("33", "duplicateWindow must be from 0 to 28800.")
    names = ("amount", "invoice", "customer_id", "method", "ref_trans_id", "po")
    since = ledger.world.clock.now() - int(window)
    for row in reversed(ledger.transactions()):
        if row["simulated"] <= since:
            return
        same = row["type"] == kind and all(row[name] == facts[name] for name in names)
        if same and row["response_code"] in (1, 4):
            raise DUPLICATE


def _charge(ledger: Ledger, wish: Node, facts: Row) -> Row:
    card = facts["method"] if facts["method"] in ("good", "declines", "asks_later") else "good"
    if facts["payment"]:
        stored = ledger.get("payment", facts["payment"])
        if stored["profile"] != facts["profile"]:
            raise AnetError("E00040", "Customer Profile ID or Payment Profile ID not found.")
        truth = ledger.store.get("method", stored["id"])
        card = truth["label"] if truth else "good"
    elif not facts["method"]:
        raise TransactionRefused("33", "Credit card number is required.")
    elif wish.text("payment/creditCard/cardNumber"):
        raise AnetError("E00013", "The simulator charges no card numbers, masked or not.")
    row = ledger.add("authCaptureTransaction", **facts, **_outcome(ledger, facts, card))
    if row["response_code"] == 1:
        approved(ledger, row)
    if row["response_code"] == 4:
        tell_transaction(ledger, "fraud.held", row)
        wait = ledger.world.faults.between(60, 600, "review", row["id"])
        ledger.world.later(wait, "review", ledger.account["id"], row["id"])
    return row


def _outcome(ledger: Ledger, facts: Row, card: str) -> Row:
    world, account = ledger.world, ledger.account["id"]
    reference = facts["invoice"] or facts["ref_id"]
    if card in ("declines", "declines_later"):
        return outcome("declined", 2, 2, "This transaction has been declined.")
    ordinal = world.ordinal("confirm", account, reference)
    struck = card == "good" and world.faults.strikes("needs_action", account, reference, ordinal)
    if struck:
        world.log_fault("needs_action", account, reference=reference, held=True)
    if struck or card == "asks_later":
        text = "Your order has been received. Thank you for your business!"
        return outcome("FDSPendingReview", 4, 252, text)
    code = ledger.store.token(6, "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    text = "This transaction has been approved."
    return {**outcome("capturedPendingSettlement", 1, 1, text), "auth_code": code}


def outcome(status: str, response: int, reason: int, text: str) -> Row:
    """How a transaction ended."""
    return {"status": status, "response_code": response, "reason": reason, "reason_text": text}


def approved(ledger: Ledger, row: Row, event: str = "authcapture.created") -> None:
    """The money is taken."""
    details = {
        "ref_id": row["ref_id"],
        "description": row["description"],
        "customer_id": row["customer_id"],
        "user_fields": row["user_fields"],
    }
    ledger.world.record_charge(
        ledger.account,
        row["id"],
        amount=row["amount"],
        currency=ledger.currency,
        reference=row["invoice"] or row["ref_id"],
        customer=row["profile"] or row["customer_id"] or None,
        method=row["payment"] or None,
        details=details,
    )
    tell_transaction(ledger, event, row, paid=True)


def _refund(ledger: Ledger, wish: Node, facts: Row) -> Row:
    if not facts["ref_trans_id"]:
        text = "A referenced transaction ID is required."
        raise TransactionRefused("33", text)
    if not wish.text("payment/creditCard/cardNumber") and not facts["payment"]:
        text = "Credit card number is required: its last four digits, or the stored profile."
        raise TransactionRefused("33", text)
    return refund(ledger, facts["ref_trans_id"], facts)


def refund(ledger: Ledger, original_id: str, facts: Row) -> Row:
    """Gives money of a settled charge back."""
    original = ledger.transaction(original_id)
    charge = ledger.store.get("charge", original_id)
    if original is None or charge is None:
        raise TransactionRefused("16", "The transaction cannot be found.")
    if original["status"] != "settledSuccessfully" or charge["charged_back"]:
        text = "The referenced transaction does not meet the criteria for issuing a credit."
        raise TransactionRefused("54", text)
    if facts["amount"] > charge["amount"] - charge["refunded"]:
        text = (
            "The sum of credits against the referenced transaction would exceed original debit "
            "amount."
        )
        raise TransactionRefused("55", text)
    copied = {k: original[k] for k in ("invoice", "profile", "customer_id", "customer_email")}
    merged = {**copied, **{k: v for k, v in facts.items() if v != ""}}
    for name in ("description", "payment", "ref_id"):
        merged.setdefault(name, "")
    text = "This transaction has been approved."
    done = outcome("refundPendingSettlement", 1, 1, text)
    row = ledger.add("refundTransaction", **{**facts, **merged, **done})
    ledger.world.record_refund(ledger.account, row["id"], original_id, row["amount"])
    tell_transaction(ledger, "refund.created", row)
    return row


def void(ledger: Ledger, key: str, ref_id: str) -> Row:
    """Takes an unsettled transaction back; the truth books it as a refund of all that is left."""
    row = ledger.transaction(key)
    if row is None:
        raise TransactionRefused("16", "The transaction cannot be found.")
    if row["status"] == "voided":
        raise TransactionRefused("310", "This transaction has already been voided.")
    if row["status"] not in ("capturedPendingSettlement", "FDSPendingReview"):
        raise TransactionRefused("16", "The transaction cannot be found.")
    charge = ledger.store.get("charge", key)
    row["status"] = "voided"
    ledger.save(row)
    if charge is not None:
        left = charge["amount"] - charge["refunded"]
        ledger.world.record_refund(ledger.account, f"{key}-void", key, left)
    tell_transaction(ledger, "void.created", {**row, "ref_id": ref_id or row["ref_id"]})
    return row


def _refused_tree(refused: TransactionRefused) -> Tree:
    error: Tree = [("errorCode", refused.code), ("errorText", refused.text)]
    response: Tree = [
        ("responseCode", "3"),
        ("authCode", ""),
        ("avsResultCode", "P"),
        ("transId", "0"),
        ("refTransID", ""),
        ("testRequest", "0"),
        ("accountNumber", ""),
        ("accountType", ""),
        ("errors", [("error", error)]),
        ("transHashSha2", ""),
    ]
    return [("!", "E00027"), ("transactionResponse", response)]


def _answer(ledger: Ledger, row: Row) -> Tree:
    said: Tree
    if row["response_code"] in (1, 4):
        told: Tree = [("code", str(row["reason"])), ("description", row["reason_text"])]
        said = [("messages", [("message", told)])]
    else:
        why: Tree = [("errorCode", str(row["reason"])), ("errorText", row["reason_text"])]
        said = [("errors", [("error", why)])]
    fields: Tree = [
        ("userField", [("name", name), ("value", value)])
        for name, value in row["user_fields"].items()
    ]
    response: Tree = [
        ("responseCode", str(row["response_code"])),
        ("authCode", row["auth_code"]),
        ("avsResultCode", "Y"),
        ("cvvResultCode", "P"),
        ("cavvResultCode", "2"),
        ("transId", row["id"]),
        ("refTransID", row["ref_trans_id"]),
        ("transHash", ""),
        ("testRequest", "0"),
        ("accountNumber", "XXXX1111"),
        ("accountType", "Visa"),
        *said,
        ("userFields", fields or None),
        ("transHashSha2", ""),
        ("profile", profiles.identity(row)),
        ("networkTransId", row["network_id"]),
    ]
    return [("transactionResponse", response)]
