"""Customer profiles and their payment profiles.

Source: https://developer.authorize.net/api/reference/index.html#customer-profiles.
"""

from __future__ import annotations

from ..store import Row
from .errors import AnetError, not_found
from .ledger import Ledger
from .telling import CUSTOMER, tell
from .xml import Node, Tree


def identity(row: Row) -> Tree | None:
    """The profile a transaction was made with."""
    if not row["profile"]:
        return None
    tree: Tree = [("customerProfileId", row["profile"])]
    tree.append(("customerPaymentProfileId", row["payment"] or None))
    return tree


def _new(ledger: Ledger, merchant_id: str, description: str, email: str) -> Row:
    if not (merchant_id or description or email):
        text = "At least one of merchantCustomerId, description and email is required."
        raise AnetError("E00041", text)
    facts = {"merchant_id": merchant_id, "description": description, "email": email}
    for row in ledger.store.of("anet.profile", ledger.account["id"]):
        if all(row[name] == value for name, value in facts.items()):
            text = f"A duplicate record with ID {row['id']} already exists."
            raise AnetError("E00039", text)
    row = ledger.put("profile", ledger.number(1_900_000_000), **facts)
    payload = {
        "paymentProfiles": [],
        "merchantCustomerId": merchant_id,
        "description": description,
        "entityName": "customerProfile",
        "id": row["id"],
    }
    tell(ledger, CUSTOMER + "created", payload, merchant_id or row["id"])
    return row


def add_payment(ledger: Ledger, profile: str, card: str, source: str) -> Row:
    """Stores a card with a profile; the same source gives no second one."""
    for row in ledger.payments_of(profile):
        if source and row["source"] == source:
            text = f"A duplicate record with ID {row['id']} already exists."
            raise AnetError("E00039", text)
    key = ledger.number(1_800_000_000)
    row = ledger.put("payment", key, profile=profile, source=source)
    ledger.world.record_method(ledger.account, row["id"], profile, card)
    payload = {"customerProfileId": int(profile), "entityName": "customerPaymentProfile"}
    merchant_id = ledger.get("profile", profile)["merchant_id"]
    event = CUSTOMER + "paymentProfile.created"
    tell(ledger, event, {**payload, "id": row["id"]}, merchant_id or profile)
    return row


def _created(profile: str, payments: list[str]) -> Tree:
    ids: Tree = [("numericString", key) for key in payments]
    return [
        ("customerProfileId", profile),
        ("customerPaymentProfileIdList", ids),
        ("customerShippingAddressIdList", []),
        ("validationDirectResponseList", []),
    ]


def create(ledger: Ledger, request: Node) -> Tree:
    """createCustomerProfileRequest, without payment profiles: cards come from hosted pages."""
    wish = request.node("profile")
    assert wish is not None
    row = _new(
        ledger, wish.text("merchantCustomerId"), wish.text("description"), wish.text("email")
    )
    return _created(row["id"], [])


def create_from_transaction(ledger: Ledger, request: Node) -> Tree:
    """createCustomerProfileFromTransactionRequest"""
    transaction = ledger.transaction(request.text("transId"))
    if transaction is None:
        raise not_found()
    if transaction["response_code"] not in (1, 4):
        raise AnetError("E00086", "The transaction was not successful.")
    wanted = request.text("customerProfileId")
    if wanted:
        profile = ledger.get("profile", wanted)["id"]
    else:
        customer = request.node("customer")
        names = ("merchantCustomerId", "description", "email")
        given = [customer.text(name) if customer else "" for name in names]
        if not any(given):
            given = [transaction["customer_id"], "", transaction["customer_email"]]
        profile = _new(ledger, *given)["id"]
    later = ("declines_later", "asks_later")
    card = transaction["method"] if transaction["method"] in later else "good"
    payment = add_payment(ledger, profile, card, transaction["id"])
    return _created(profile, [payment["id"]])


def _payment_tree(row: Row) -> Tree:
    card: Tree = [("cardNumber", "XXXX1111"), ("expirationDate", "XXXX"), ("cardType", "Visa")]
    return [
        ("customerPaymentProfileId", row["id"]),
        ("payment", [("creditCard", card)]),
    ]


def get(ledger: Ledger, request: Node) -> Tree:
    """getCustomerProfileRequest, by its number, by the merchant's, or by e-mail."""
    key, merchant_id = request.text("customerProfileId"), request.text("merchantCustomerId")
    if key:
        row = ledger.get("profile", key)
    else:
        wanted = {"merchant_id": merchant_id, "email": request.text("email")}
        wanted = {name: value for name, value in wanted.items() if value}
        rows = [
            row
            for row in ledger.store.of("anet.profile", ledger.account["id"])
            if wanted and all(row[name] == value for name, value in wanted.items())
        ]
        if not rows:
            raise not_found()
        row = rows[0]
    payments: Tree = [("paymentProfiles", _payment_tree(p)) for p in ledger.payments_of(row["id"])]
    profile: Tree = [
        ("merchantCustomerId", row["merchant_id"] or None),
        ("description", row["description"] or None),
        ("email", row["email"] or None),
        ("customerProfileId", row["id"]),
        *payments,
        ("profileType", "regular"),
    ]
    return [("profile", profile)]


def get_payment(ledger: Ledger, request: Node) -> Tree:
    """getCustomerPaymentProfileRequest"""
    key = request.text("customerPaymentProfileId")
    row = ledger.get("payment", key)
    if row["profile"] != request.text("customerProfileId"):
        raise not_found()
    tree = _payment_tree(row)
    return [("paymentProfile", [("customerProfileId", row["profile"]), *tree])]


def _forget(ledger: Ledger, row: Row) -> None:
    ledger.store.remove("anet.payment", row["id"])
    ledger.world.remove_method(row["id"])
    payload = {"customerProfileId": int(row["profile"]), "entityName": "customerPaymentProfile"}
    event = CUSTOMER + "paymentProfile.deleted"
    tell(ledger, event, {**payload, "id": row["id"]}, row["profile"])


def delete_payment(ledger: Ledger, request: Node) -> Tree:
    """deleteCustomerPaymentProfileRequest"""
    row = ledger.get("payment", request.text("customerPaymentProfileId"))
    if row["profile"] != request.text("customerProfileId"):
        raise not_found()
    _forget(ledger, row)
    return []


def delete(ledger: Ledger, request: Node) -> Tree:
    """deleteCustomerProfileRequest; takes the payment profiles along."""
    row = ledger.get("profile", request.text("customerProfileId"))
    for payment in ledger.payments_of(row["id"]):
        _forget(ledger, payment)
    ledger.store.remove("anet.profile", row["id"])
    payload = {"entityName": "customerProfile", "id": row["id"]}
    tell(ledger, CUSTOMER + "deleted", payload, row["merchant_id"] or row["id"])
    return []
