"""Webhooks and their verification.

Source: https://developer.paypal.com/api/rest/webhooks/rest/ (headers, the signed text with its
CRC-32, the verification call).
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import lru_cache
from typing import Any

from ..store import Row
from ..world import World
from . import rsa
from .errors import PayPalError
from .shelf import Resource, Shelf, stamp

ALGORITHM = "SHA256withRSA"


@lru_cache(maxsize=4)
def key_of(seed: int) -> rsa.Key:
    """The simulator's signing key; it takes a second to make."""
    return rsa.generate(f"gateway-sim/{seed}")


@lru_cache(maxsize=4)
def certificate_of(seed: int) -> str:
    """The certificate that the header `PAYPAL-CERT-URL` points to."""
    return rsa.certificate(key_of(seed), "messageverificationcerts.paypal.com")


def certificate_url(account: Row) -> str:
    """Where the certificate is."""
    return f"{account['base']}/paypal/v1/notifications/certs/CERT-360caa42-fca2a594-5a5fa8c7"


def event_body(shelf: Shelf, kind: str, resource_type: str, resource: Resource) -> Resource:
    """An event about a resource as it is now."""
    key = f"WH-{shelf.fresh()}-{shelf.fresh()}"
    return {
        "id": key,
        "event_version": "1.0",
        "create_time": stamp(shelf.world.clock.wall()),
        "resource_type": resource_type,
        "resource_version": "2.0",
        "event_type": kind,
        # A letter outside ASCII, so that a receiver that re-encodes the body is found out.
        "summary": kind.replace(".", " ").capitalize() + " – simulated",
        "resource": json.loads(json.dumps(resource)),
        "links": [shelf.link("self", f"/v1/notifications/webhooks-events/{key}")],
    }


def tell(
    shelf: Shelf, kind: str, resource_type: str, resource: Resource, reference: str, **more: Any
) -> None:
    """Sends an event."""
    body = event_body(shelf, kind, resource_type, resource)
    shelf.world.emit(shelf.account, body, kind, reference, **more)


def webhook(shelf: Shelf, key: str) -> Resource:
    """GET /v1/notifications/webhooks/{id}"""
    for endpoint in shelf.account["webhooks"]:
        if endpoint["webhook_id"] == key:
            kinds = [{"name": name} for name in endpoint["events"]]
            links = [shelf.link("self", f"/v1/notifications/webhooks/{key}")]
            return {"id": key, "url": endpoint["url"], "event_types": kinds, "links": links}
    raise PayPalError(404)


def signed_text(transmission: str, at: str, webhook_id: str, body: bytes) -> bytes:
    """What the signature covers."""
    return f"{transmission}|{at}|{webhook_id}|{zlib.crc32(body)}".encode()


def signer(world: World) -> Any:
    """Makes the headers of transmissions."""

    def sign(account: Row, endpoint: Row, body: bytes, at: float, manner: str) -> dict[str, str]:
        if manner == "missing":
            return {}
        letters = world.store.token(32, "0123456789abcdef")
        groups = (letters[:8], letters[8:12], letters[12:16], letters[16:20], letters[20:])
        transmission, time = "-".join(groups), stamp(at)
        webhook_id = endpoint["webhook_id"] if manner == "good" else "0AB12345CD678901E"
        text = signed_text(transmission, time, webhook_id, body)
        signature = base64.b64encode(rsa.sign(key_of(world.faults.seed), text)).decode()
        url = certificate_url(account)
        if manner == "empty_key":
            url = "https://api.paypal.com.attacker.example/v1/notifications/certs/CERT-1"
        return {
            "paypal-auth-algo": ALGORITHM,
            "paypal-auth-version": "v2",
            "paypal-cert-url": url,
            "paypal-transmission-id": transmission,
            "paypal-transmission-sig": signature,
            "paypal-transmission-time": time,
        }

    return sign


def raw_member(text: str, name: str) -> str | None:
    """The very characters of a member of a JSON object, as they were sent."""
    decoder = json.JSONDecoder()

    def blank(place: int) -> int:
        while text[place] in " \t\r\n":
            place += 1
        return place

    place = blank(text.index("{") + 1)
    while text[place] == '"':
        key, place = decoder.raw_decode(text, place)
        start = blank(blank(place) + 1)
        _, place = decoder.raw_decode(text, start)
        if key == name:
            return text[start:place]
        place = blank(place)
        if text[place] == ",":
            place = blank(place + 1)
    return None


def verify(shelf: Shelf, wish: Resource, raw_event: bytes) -> Resource:
    """POST /v1/notifications/verify-webhook-signature

    The event is taken byte by byte as it stands in the request: the checksum does not survive
    another order of members or other blanks.
    """
    known = {endpoint["webhook_id"] for endpoint in shelf.account["webhooks"]}
    text = signed_text(
        wish["transmission_id"], wish["transmission_time"], wish["webhook_id"], raw_event
    )
    try:
        signature = base64.b64decode(wish["transmission_sig"], validate=True)
    except ValueError:
        signature = b""
    good = (
        wish["webhook_id"] in known
        and wish["auth_algo"] == ALGORITHM
        and wish["cert_url"] == certificate_url(shelf.account)
        and rsa.verify(key_of(shelf.world.faults.seed).modulus, text, signature)
    )
    return {"verification_status": "SUCCESS" if good else "FAILURE"}
