"""Messages that no provider sent, or not so, or not now (WHK-01): some forty for each provider.

Each is made of a genuine one. None may be taken.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from .acting import Message

Change = Callable[[dict[str, Any]], None]


def _json(body: bytes, change: Change) -> bytes:
    """The same document with a change, written as before."""
    document = json.loads(body)
    change(document)
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _rewritten(body: bytes) -> bytes:
    """The same document in other bytes."""
    return json.dumps(json.loads(body), indent=1).encode()


def elsewhere(genuine: Message, others: dict[str, str]) -> list[Message]:
    """The genuine one, brought where it does not belong."""
    made = [genuine.but(f"to the address for {name}", path=path) for name, path in others.items()]
    nobody = genuine.but("to nobody's address", path=genuine.path[:-4] + "AAAA")
    return [*made, nobody, genuine.but("by GET", method="GET")]


def stripe(
    genuine: Message, keys: tuple[str, str], at: int, references: tuple[str, str]
) -> list[Message]:
    """Stripe: `Stripe-Signature`. `keys`: the endpoint's secret, and another tenant's."""
    own, foreign = keys
    body, header = genuine.body, "stripe-signature"

    def sign(text: bytes, time: object = at, key: str = own, how: str = "sha256") -> str:
        signed = f"{time}.".encode() + text
        return hmac.new(key.encode(), signed, how).hexdigest()

    def head(name: str, value: str | None) -> Message:
        return genuine.with_header(name, header, value)

    def whole(name: str, text: bytes, time: object = at) -> Message:
        signed = f"t={time},v1={sign(text, time)}"
        return genuine.but(name, body=text, headers={**genuine.headers, header: signed})

    good = sign(body)
    alone = hmac.new(own.encode(), body, "sha256").hexdigest()
    turned = hmac.new(own.encode(), body + f".{at}".encode(), "sha256").hexdigest()
    digest = base64.b64encode(bytes.fromhex(good)).decode()
    plain = hashlib.sha256(f"{at}.".encode() + body).hexdigest()
    altered = {
        "a blank after the body": body + b" ",
        "a line before the body": b"\n" + body,
        "the body written anew": _rewritten(body),
        "another amount": body.replace(b'"amount":', b'"amount":1'),
        "another reference": body.replace(references[0].encode(), references[1].encode()),
        "no body": b"",
    }
    return [
        head("no signature", None),
        head("an empty signature", ""),
        head("another secret", f"t={at},v1={sign(body, key='whsec_other')}"),
        head("an empty secret", f"t={at},v1={sign(body, key='')}"),
        head("the secret of another tenant", f"t={at},v1={sign(body, key=foreign)}"),
        head("the secret without its prefix", f"t={at},v1={sign(body, key=own[6:])}"),
        head("the secret in capitals", f"t={at},v1={sign(body, key=own.upper())}"),
        head("the secret turned round", f"t={at},v1={sign(body, key=own[::-1])}"),
        head("no time", f"v1={good}"),
        head("a time alone", f"t={at}"),
        head("the scheme of tests", f"t={at},v0={good}"),
        head("a scheme that is none", f"t={at},v2={good}"),
        head("a digit too few", f"t={at},v1={good[:-1]}"),
        head("a digit too many", f"t={at},v1={good}0"),
        head("zeros", f"t={at},v1={'0' * 64}"),
        head("nothing for a signature", f"t={at},v1="),
        head("base 64", f"t={at},v1={digest}"),
        head("no secret at all, a hash alone", f"t={at},v1={plain}"),
        head("SHA-1", f"t={at},v1={sign(body, how='sha1')}"),
        head("SHA-512", f"t={at},v1={sign(body, how='sha512')}"),
        head("over the body alone", f"t={at},v1={alone}"),
        head("over body and time turned round", f"t={at},v1={turned}"),
        head("another time than was signed", f"t={at + 1},v1={good}"),
        head("two times", f"t={at},t={at},v1={good}"),
        whole("of seven minutes ago", body, at - 420),
        whole("of last week", body, at - 7 * 86_400),
        whole("seven minutes ahead", body, at + 420),
        whole("of 1970", body, 0),
        whole("of a negative time", body, -at),
        whole("of a time with decimals", body, f"{at}.0"),
        whole("of milliseconds", body, at * 1_000),
        whole("of no time", body, ""),
        *(genuine.but(name, body=text) for name, text in altered.items()),
        whole("no JSON, signed", b"paid"),
        whole("a list, signed", b"[]"),
        whole("of live mode, signed", _json(body, lambda it: it.update(livemode=True))),
        whole("of another account", _json(body, lambda it: it.update(account="acct_1"))),
        whole("without an identifier, signed", _json(body, lambda it: it.pop("id"))),
        head("under another name", None).with_header("under another name", "x-signature", good),
    ]


def authorize_net(
    genuine: Message, keys: tuple[str, str, str], now: datetime, references: tuple[str, str]
) -> list[Message]:
    """Authorize.Net: `X-ANET-Signature`. `keys`: the signature key, another tenant's, the
    transaction key."""
    own, foreign, transaction = keys
    body, header = genuine.body, "x-anet-signature"

    def sign(text: bytes, key: bytes = own.encode(), how: str = "sha512") -> str:
        return hmac.new(key, text, how).hexdigest().upper()

    def head(name: str, value: str | None) -> Message:
        return genuine.with_header(name, header, value)

    def whole(name: str, text: bytes) -> Message:
        signed = f"sha512={sign(text)}"
        return genuine.but(name, body=text, headers={**genuine.headers, header: signed})

    def dated(name: str, ago: timedelta) -> Message:
        text = (now - ago).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
        return whole(name, _json(body, lambda it: it.update(eventDate=text)))

    good = sign(body)
    plain = hashlib.sha512(body).hexdigest().upper()
    before = hashlib.sha512(own.encode() + body).hexdigest().upper()
    digest = base64.b64encode(bytes.fromhex(good)).decode()
    altered = {
        "a blank after the body": body + b" ",
        "a line before the body": b"\n" + body,
        "the body written anew": _rewritten(body),
        "another amount": body.replace(b'"authAmount":', b'"authAmount":1'),
        "another reference": body.replace(references[0].encode(), references[1].encode()),
        "no body": b"",
    }
    return [
        head("no signature", None),
        head("an empty signature", ""),
        head("an algorithm alone", "sha512="),
        head("no algorithm", good),
        head("another algorithm's name", f"sha256={good}"),
        head("the name of an old one", f"sha1={good}"),
        head("no algorithm's name", f"none={good}"),
        head("SHA-256 for SHA-512", f"sha512={sign(body, how='sha256')}"),
        head("SHA-256", f"sha256={sign(body, how='sha256')}"),
        head("SHA-1", f"sha1={sign(body, how='sha1')}"),
        head("MD5", f"md5={sign(body, how='md5')}"),
        head("another key", f"sha512={sign(body, b'0' * 128)}"),
        head("an empty key", f"sha512={sign(body, b'')}"),
        head("the key of another tenant", f"sha512={sign(body, foreign.encode())}"),
        head("the transaction key", f"sha512={sign(body, transaction.encode())}"),
        head("the key's bytes", f"sha512={sign(body, bytes.fromhex(own))}"),
        head("the key in small letters", f"sha512={sign(body, own.lower().encode())}"),
        head("the key turned round", f"sha512={sign(body, own[::-1].encode())}"),
        head("half of the key", f"sha512={sign(body, own[:64].encode())}"),
        head("no key at all, a hash alone", f"sha512={plain}"),
        head("the key before the body", f"sha512={before}"),
        head("a digit too few", f"sha512={good[:-1]}"),
        head("a digit too many", f"sha512={good}0"),
        head("zeros", f"sha512={'0' * 128}"),
        head("base 64", f"sha512={digest}"),
        head("a blank in the signature", f"sha512={good[:64]} {good[64:]}"),
        *(genuine.but(name, body=text) for name, text in altered.items()),
        whole("no JSON, signed", b"paid"),
        whole("a list, signed", b"[]"),
        dated("of seven minutes ago", timedelta(minutes=7)),
        dated("of last week", timedelta(days=7)),
        dated("seven minutes ahead", timedelta(minutes=-7)),
        whole("of no time, signed", _json(body, lambda it: it.pop("eventDate"))),
        whole("of a time that is none", _json(body, lambda it: it.update(eventDate="soon"))),
        whole("without an identifier, signed", _json(body, lambda it: it.pop("notificationId"))),
        head("under another name", None).with_header("under another name", "x-signature", good),
        head("two signatures in one", f"sha512={'0' * 128},sha512={good}"),
    ]


def paypal(
    genuine: Message, foreign: Message, now: datetime, references: tuple[str, str]
) -> list[Message]:
    """PayPal: five headers, which PayPal itself is asked about. `foreign` is genuine for another
    tenant."""
    prefix = "paypal-"
    names = ("auth-algo", "cert-url", "transmission-id", "transmission-sig", "transmission-time")

    def head(name: str, header: str, value: str | None) -> Message:
        return genuine.with_header(name, prefix + header, value)

    def at(name: str, ago: timedelta) -> Message:
        text = (now - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
        return head(name, "transmission-time", text)

    body = genuine.body
    signature = genuine.headers[prefix + "transmission-sig"]
    certificate = genuine.headers[prefix + "cert-url"]
    raw = bytearray(base64.b64decode(signature))
    raw[0], raw[-1] = raw[-1] ^ 1, raw[0]
    swapped = base64.b64encode(bytes(raw)).decode()
    host = certificate.split("/")[2]
    certificates = {
        "of a stranger": "https://evil.example/v1/notifications/certs/CERT-1",
        "of a name like PayPal's": "https://api.paypal.com.evil.example/certs/CERT-1",
        "behind a user's name": certificate.replace("://", "://api.paypal.com@"),
        "of live mode": "https://api.paypal.com/v1/notifications/certs/CERT-1",
        "of another port": certificate.replace(host, host.split(":")[0] + ":1"),
        "of another path": certificate + "x",
        "in the address itself": "data:application/x-pem-file;base64,AAAA",
        "of this machine": "file:///etc/passwd",
        "that is no address": "certificate",
    }
    changes: dict[str, Change] = {
        "another identifier": lambda it: it.update(id="WH-1-1"),
        "another kind": lambda it: it.update(event_type="PAYMENT.CAPTURE.DENIED"),
        "another resource": lambda it: it.update(resource={"id": "1"}),
        "a member more": lambda it: it.update(more=1),
        "a member less": lambda it: it.pop("summary"),
    }
    return [
        *(head(f"without {name}", name, None) for name in names),
        *(head(f"with an empty {name}", name, "") for name in names),
        *(
            head(f"by {name}", "auth-algo", name)
            for name in ("SHA1withRSA", "SHA512withRSA", "none", "HS256", "sha256withrsa")
        ),
        *(head(f"a certificate {name}", "cert-url", url) for name, url in certificates.items()),
        head("another transmission", "transmission-id", "11111111-1111-1111-1111-111111111111"),
        at("of seven minutes ago", timedelta(minutes=7)),
        at("of last week", timedelta(days=7)),
        at("seven minutes ahead", timedelta(minutes=-7)),
        at("of another second", timedelta(seconds=20)),
        head("of a time that is none", "transmission-time", "soon"),
        head("a signature of zeros", "transmission-sig", base64.b64encode(bytes(256)).decode()),
        head("a signature cut short", "transmission-sig", signature[:-8]),
        head("a signature with two bytes changed", "transmission-sig", swapped),
        head("a signature that is none", "transmission-sig", "!"),
        head("the signature of another message", "transmission-sig",
             foreign.headers[prefix + "transmission-sig"]),
        *(genuine.but(name, body=_json(body, change)) for name, change in changes.items()),
        genuine.but("the body written anew", body=_rewritten(body)),
        genuine.but(
            "another reference",
            body=body.replace(references[0].encode(), references[1].encode()),
        ),
        genuine.but("no body", body=b""),
        genuine.but("no JSON", body=b"paid"),
        genuine.but("a list", body=b"[]"),
        foreign.but("of another tenant", path=genuine.path),
    ]  # fmt: skip


def utc(seconds: float) -> datetime:
    """A moment."""
    return datetime.fromtimestamp(seconds, UTC)

