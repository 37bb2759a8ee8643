"""Events and their signatures. Source: https://docs.stripe.com/webhooks/signature."""

from __future__ import annotations

import copy
import hashlib
import hmac
from typing import Any

from ..store import Row
from .book import Book, Object

API_VERSION = "2025-09-30.clover"

# Other types that Stripe may send for the same object and the same happening.
SIBLINGS = {
    "charge.succeeded": ("charge.captured", "charge.updated"),
    "checkout.session.completed": ("checkout.session.async_payment_succeeded",),
    "refund.created": ("refund.updated", "charge.refund.updated"),
    "charge.dispute.created": ("charge.dispute.funds_withdrawn", "charge.dispute.updated"),
    "setup_intent.succeeded": ("setup_intent.created",),
}


def event_body(book: Book, kind: str, found: Object) -> Object:
    """An event about an object as it is now."""
    return {
        "id": "evt_" + book.store.token(24),
        "object": "event",
        "api_version": API_VERSION,
        "created": int(book.world.clock.wall()),
        "data": {"object": copy.deepcopy(found)},
        "livemode": False,
        "pending_webhooks": len(book.account["webhooks"]),
        "request": {"id": "req_" + book.store.token(14), "idempotency_key": None},
        "type": kind,
    }


def tell(book: Book, kind: str, found: Object, reference: str = "", **more: Any) -> None:
    """Sends an event; `paid` and `hold` as in `World.emit`."""
    siblings = [event_body(book, sibling, found) for sibling in SIBLINGS.get(kind, ())]
    reference = reference or book.reference_of(found)
    body = event_body(book, kind, found)
    book.world.emit(book.account, body, kind, reference, siblings=siblings, **more)


def sign(_account: Row, endpoint: Row, body: bytes, at: float, manner: str) -> dict[str, str]:
    """The header `Stripe-Signature`."""
    if manner == "missing":
        return {}
    secret = endpoint["secret"].encode()
    if manner == "empty_key":
        secret = b""
    if manner == "wrong":
        secret = b"whsec_of_somebody_else"
    stamp = str(int(at))
    parts = ["t=" + stamp, "v1=" + signature(secret, stamp, body)]
    if manner == "good" and endpoint.get("second_secret"):
        parts.insert(1, "v1=" + signature(endpoint["second_secret"].encode(), stamp, body))
    # The old scheme v0 rides along in test mode and proves nothing.
    parts.append("v0=" + hashlib.sha256(stamp.encode()).hexdigest())
    return {"stripe-signature": ",".join(parts)}


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time, a full stop and the body."""
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
