"""Notifications. Source: https://developer.authorize.net/api/reference/features/webhooks.html."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from ..store import Row
from ..world import World
from .ledger import Ledger, utc

PAYMENT = "net.authorize.payment."
CUSTOMER = "net.authorize.customer."
SIBLINGS = {
    PAYMENT + "authcapture.created": (
        PAYMENT + "authorization.created",
        PAYMENT + "capture.created",
    ),
}


def uuid(world: World) -> str:
    """An identifier in the usual form."""
    letters = world.store.token(32, "0123456789abcdef")
    groups = (letters[:8], letters[8:12], letters[12:16], letters[16:20], letters[20:])
    return "-".join(groups)


def tell(ledger: Ledger, kind: str, payload: dict[str, Any], reference: str, **more: Any) -> None:
    """Sends a notification."""

    def body(name: str) -> dict[str, Any]:
        return {
            "notificationId": uuid(ledger.world),
            "eventType": name,
            "eventDate": utc(ledger.world.clock.wall())[:-1] + ".0000000Z",
            "webhookId": ledger.account["notification_id"],
            "payload": payload,
        }

    siblings = [body(name) for name in SIBLINGS.get(kind, ())]
    ledger.world.emit(ledger.account, body(kind), kind, reference, siblings=siblings, **more)


def tell_transaction(ledger: Ledger, event: str, row: Row, **more: Any) -> None:
    """Tells of a transaction."""
    payload = {
        "responseCode": row["response_code"],
        "authCode": row["auth_code"],
        "avsResponse": "Y",
        # The real one writes a JSON number.
        "authAmount": json.loads(ledger.amount(row["amount"])),
        "merchantReferenceId": row["ref_id"],
        "invoiceNumber": row["invoice"],
        "entityName": "transaction",
        "id": row["id"],
    }
    payload = {name: value for name, value in payload.items() if value != ""}
    tell(ledger, PAYMENT + event, payload, row["invoice"] or row["ref_id"], **more)


def sign(_account: Row, endpoint: Row, body: bytes, _at: float, manner: str) -> dict[str, str]:
    """The header `X-ANET-Signature`; it covers the body alone and knows no time."""
    if manner == "missing":
        return {}
    key = endpoint["secret"].encode()
    if manner == "empty_key":
        key = b""
    if manner == "wrong":
        key = b"0" * 128
    return {"x-anet-signature": "sha512=" + signature(key, body)}


def signature(key: bytes, body: bytes) -> str:
    """HMAC-SHA512 in capital letters; the key is the signature key's text as it is shown."""
    return hmac.new(key, body, hashlib.sha512).hexdigest().upper()
