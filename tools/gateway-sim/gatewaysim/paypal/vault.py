"""Stored methods: setup tokens that a payer approves, payment tokens that are charged later.

Source: PayPal's Vault v3 description.
"""

from __future__ import annotations

from typing import Any

from .errors import PayPalError, unknown_id
from .shelf import Resource, Shelf
from .telling import tell


def create_setup(shelf: Shelf, wish: Resource, _request_id: str) -> Resource:
    """POST /v3/vault/setup-tokens"""
    wallet = wish["payment_source"]["paypal"]
    context = wallet.get("experience_context", {})
    if "return_url" not in context or "cancel_url" not in context:
        text = "return_url and cancel_url are required for this payment source."
        where = "/payment_source/paypal/experience_context"
        raise PayPalError(400, "MISSING_REQUIRED_PARAMETER", text, where)
    key = shelf.fresh()
    customer = wish.get("customer", {}).get("id") or shelf.store.token(10)
    shown = {k: v for k, v in wallet.items() if k != "experience_context"}
    made: Resource = {
        "id": key,
        "customer": {"id": customer},
        "status": "PAYER_ACTION_REQUIRED",
        "payment_source": {"paypal": shown},
        "links": [
            shelf.link("self", f"/v3/vault/setup-tokens/{key}"),
            shelf.link("approve", f"/agreements/approve?approval_session_id={key}"),
        ],
    }
    return shelf.put("setup", made, context=context, card=None, asked=None)


def setup(shelf: Shelf, key: str) -> Resource:
    """GET /v3/vault/setup-tokens/{id}"""
    return shelf.get("setup", key)


def approve(shelf: Shelf, row: Any, card: str) -> None:
    """The payer agrees to be charged later."""
    made = row["resource"]
    made["status"] = "APPROVED"
    made["payment_source"]["paypal"]["email_address"] = "payer@example.com"
    shelf.put("setup", made, card=card, asked=None)
    tell(shelf, "VAULT.SETUP-TOKEN.APPROVED", "setup-token", made, made["customer"]["id"])


def create_token(shelf: Shelf, wish: Resource, _request_id: str) -> Resource:
    """POST /v3/vault/payment-tokens"""
    try:
        row = shelf.row("setup", wish["payment_source"]["token"]["id"])
    except PayPalError as error:
        text = "Specified token ID does not exist."
        raise PayPalError(404, "TOKEN_ID_NOT_FOUND", text) from error
    status = row["resource"]["status"]
    if status != "APPROVED":
        text = f"The setup token is {status}."
        raise PayPalError(422, "SETUP_TOKEN_NOT_APPROVED", text)
    if row["card"] == "declines":
        raise PayPalError(422, "INSTRUMENT_DECLINED", "The instrument was declined.")
    wished = wish.get("customer", {}).get("id")
    owner = row["resource"]["customer"]["id"]
    if wished and wished != owner:
        text = "The customer does not match the setup token's."
        raise PayPalError(422, "INVALID_CUSTOMER_ID", text, "/customer/id")
    shelf.put("setup", {**row["resource"], "status": "VAULTED"})
    return keep(shelf, owner, row["card"])


def keep(shelf: Shelf, customer: str | None, card: str | None) -> Resource:
    """Stores a wallet for a customer."""
    key = shelf.store.token(8, "0123456789abcdefghijklmnopqrstuvwxyz")
    made: Resource = {
        "id": key,
        "customer": {"id": customer or shelf.store.token(10)},
        "payment_source": {
            "paypal": {"email_address": "payer@example.com", "payer_id": "QYR5Z8XDVJNXQ"}
        },
        "links": [
            shelf.link("self", f"/v3/vault/payment-tokens/{key}"),
            shelf.link("delete", f"/v3/vault/payment-tokens/{key}", "DELETE"),
        ],
    }
    shelf.put("token", made)
    customer = made["customer"]["id"]
    shelf.world.record_method(shelf.account, key, customer, card or "good")
    tell(shelf, "VAULT.PAYMENT-TOKEN.CREATED", "payment_token", made, customer)
    return made


def owned(shelf: Shelf, key: str) -> Resource:
    """A token that is charged; it must be this merchant's and still exist."""
    try:
        return token(shelf, key)
    except PayPalError as error:
        text = "Specified token ID does not exist."
        raise PayPalError(404, "TOKEN_ID_NOT_FOUND", text) from error


def token(shelf: Shelf, key: str) -> Resource:
    """GET /v3/vault/payment-tokens/{id}"""
    row = shelf.row("token", key)
    if row.get("deleted"):
        raise unknown_id()
    found: Resource = row["resource"]
    return found


def delete(shelf: Shelf, key: str) -> None:
    """DELETE /v3/vault/payment-tokens/{id}"""
    found = token(shelf, key)
    shelf.put("token", found, deleted=True)
    shelf.world.remove_method(key)
    tell(shelf, "VAULT.PAYMENT-TOKEN.DELETED", "payment_token", found, found["customer"]["id"])


def tokens(shelf: Shelf, query: dict[str, str]) -> Resource:
    """GET /v3/vault/payment-tokens?customer_id="""
    for name in query:
        if name not in ("customer_id", "page", "page_size", "total_required"):
            raise PayPalError(400, "INVALID_REQUEST", "Unknown query parameter.", name)
    if "customer_id" not in query:
        text = "A required field is missing."
        raise PayPalError(400, "MISSING_REQUIRED_PARAMETER", text, "customer_id")
    rows = shelf.store.of("paypal.token", shelf.account["id"])
    found = [
        row["resource"]
        for row in rows
        if row["resource"]["customer"]["id"] == query["customer_id"] and not row.get("deleted")
    ]
    size, page = int(query.get("page_size", 5)), int(query.get("page", 1))
    return {
        "customer": {"id": query["customer_id"]},
        "payment_tokens": found[(page - 1) * size : page * size],
        "total_items": len(found),
        "total_pages": max(1, -(-len(found) // size)),
        "links": [],
    }
