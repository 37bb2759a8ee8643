"""PayPal: tokens, request identifiers, which request, and what comes back."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any
from collections.abc import Callable
from urllib.parse import urlencode

from .. import pages
from ..fields import Group, Invalid
from ..store import Row
from ..vendor import Refused
from ..web import Reply, Request
from ..world import Dialect, World
from . import orders, returns, shapes, vault
from .errors import PayPalError
from .shelf import Resource, Shelf, minor_of, money
from .telling import certificate_of, raw_member, signer, verify, webhook

HOUR = 3_600
TOKEN_LIFE = 32_400
# What the features of an app give: payments, and the list of transactions.
SCOPES = (
    "openid",
    "https://uri.paypal.com/services/payments/payment",
    "https://uri.paypal.com/services/reporting/search/read",
)

Post = Callable[[Shelf, Resource, str], Resource]

# Path, body, how long request identifiers live (published with each API), what is done.
POSTS: list[tuple[str, Group, int, Post]] = [
    ("/v2/checkout/orders", shapes.ORDER, 6 * HOUR, orders.create),
    ("/v2/checkout/orders/ID/capture", shapes.CAPTURE, 6 * HOUR, orders.capture),
    ("/v2/payments/captures/ID/refund", shapes.REFUND, 45 * 24 * HOUR, returns.refund),
    ("/v3/vault/setup-tokens", shapes.SETUP_TOKEN, 3 * HOUR, vault.create_setup),
    ("/v3/vault/payment-tokens", shapes.PAYMENT_TOKEN, 3 * HOUR, vault.create_token),
]
GETS: list[tuple[str, Callable[[Shelf, str], Resource]]] = [
    ("/v2/checkout/orders/ID", orders.retrieve),
    ("/v2/payments/captures/ID", returns.capture),
    ("/v2/payments/refunds/ID", returns.retrieve),
    ("/v3/vault/setup-tokens/ID", vault.setup),
    ("/v3/vault/payment-tokens/ID", vault.token),
    ("/v1/customer/disputes/ID", returns.dispute),
    ("/v1/notifications/webhooks/ID", webhook),
]
QUERIES: dict[str, Callable[[Shelf, dict[str, str]], Resource]] = {
    "/v1/reporting/transactions": returns.report,
    "/v3/vault/payment-tokens": vault.tokens,
    "/v1/customer/disputes": returns.disputes,
}


def _matches(pattern: str, path: str) -> re.Match[str] | None:
    return re.fullmatch(pattern.replace("ID", "([0-9A-Za-z_-]+)"), path)


def _post_route(path: str) -> tuple[str, Group, int, Post]:
    for pattern, shape, life, act in POSTS:
        match = _matches(pattern, path)
        if match:
            return match.group(1) if match.groups() else "", shape, life, act
    raise PayPalError(404)


class PayPal:
    """The dialect below `/paypal`."""

    def __init__(self, world: World) -> None:
        self.world = world
        letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
        world.dialects["paypal"] = Dialect(
            signer=signer(world),
            amount_keys=("value",),
            currency_keys=("currency_code",),
            recipient_keys=("merchant_id", "email_address"),
            event_id_key="id",
            new_event_id=lambda: f"WH-{world.store.token(17, letters)}-LIE",
            # Up to 25 times in three days.
            retries=(120, 300, 600, 1_200, 2_400, 3_600, 7_200) + (14_400,) * 17,
        )

    def register(self, wish: dict[str, Any]) -> Row:
        """An account; needs `client_id` and `client_secret`."""
        store = self.world.store
        key = wish.get("account") or "paypal_" + store.token(10)
        merchant = wish.get("merchant_id") or store.token(13, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        return {
            "id": key,
            "account": "",
            "base": wish["base"],
            "client_id": wish["client_id"],
            "client_secret": wish["client_secret"],
            "merchant_id": merchant,
            "email": wish.get("email", "seller@example.com"),
        }

    def handle(self, request: Request) -> Reply:
        """Answers one request."""
        if request.path in ("/checkoutnow", "/agreements/approve"):
            return self._page(request)
        if request.path.startswith("/v1/notifications/certs/"):
            pem = certificate_of(self.world.faults.seed)
            return Reply(200, pem.encode(), {"content-type": "application/x-pem-file"})
        debug_id = self.world.store.token(13, "0123456789abcdef")
        try:
            if request.path == "/v1/oauth2/token":
                reply = self._token(request)
            else:
                reply = self._call(self._caller(request), request)
        except PayPalError as error:
            reply = Reply.json(error.body(debug_id), error.status)
        reply.headers["paypal-debug-id"] = debug_id
        return reply

    def _token(self, request: Request) -> Reply:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        try:
            pair = base64.b64decode(given, validate=True).decode() if kind == "Basic" else ""
            form = dict(request.form())
        except ValueError:
            pair, form = "", {}
        client, _, secret = pair.partition(":")
        account = self.world.account_where("paypal", client_id=client, client_secret=secret)
        if account is None:
            text = {"error": "invalid_client", "error_description": "Client Authentication failed"}
            return Reply.json(text, 401)
        if request.method != "POST" or form.get("grant_type") != "client_credentials":
            text = {"error": "unsupported_grant_type", "error_description": "Grant Type is NULL"}
            return Reply.json(text, 400)
        token = "A21AA" + self.world.store.token(60)
        until = self.world.clock.now() + TOKEN_LIFE
        self.world.store.put("paypal.access", token, {"account": account["id"], "until": until})
        answer = {"scope": " ".join(SCOPES)}
        answer.update(access_token=token, token_type="Bearer", app_id="APP-80W284485P519543T")
        left = int(self.world.clock.real_seconds(TOKEN_LIFE))
        return Reply.json({**answer, "expires_in": left, "nonce": self.world.store.token(20)})

    def _caller(self, request: Request) -> Row:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        row = self.world.store.get("paypal.access", given) if kind.lower() == "bearer" else None
        if row is None or row["until"] < self.world.clock.now():
            raise PayPalError(401, "INVALID_TOKEN", "Token signature verification failed.")
        return self.world.account(row["account"])

    def _call(self, account: Row, request: Request) -> Reply:
        shelf = Shelf(self.world, account)
        self.world.operation.account = account["id"]
        self.world.operation.name = f"{request.method} {request.path}"
        if request.method == "POST":
            return self._post(shelf, request)
        if request.method == "DELETE":
            match = _matches("/v3/vault/payment-tokens/ID", request.path)
            if match:
                vault.delete(shelf, match.group(1))
                return Reply(204)
        if request.method == "GET":
            query = dict(request.query)
            if request.path in QUERIES:
                return Reply.json(QUERIES[request.path](shelf, query))
            for pattern, read in GETS:
                match = _matches(pattern, request.path)
                if match:
                    return Reply.json(read(shelf, match.group(1)))
        raise PayPalError(404)

    def _body(self, request: Request, shape: Group) -> Resource:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise PayPalError(415)
        try:
            body: Resource = shape.read(json.loads(request.body or b"{}"), ())
            return body
        except Invalid as error:
            issues = {"missing": "MISSING_REQUIRED_PARAMETER", "length": "INVALID_STRING_LENGTH",
                      "option": "INVALID_PARAMETER_VALUE"}  # fmt: skip
            issue = issues.get(error.issue, "INVALID_PARAMETER_SYNTAX")
            raise PayPalError(400, issue, error.text, "/" + "/".join(error.where)) from error
        except ValueError as error:
            text = "The request JSON is not well formed."
            raise PayPalError(400, "MALFORMED_REQUEST_JSON", text) from error

    def _post(self, shelf: Shelf, request: Request) -> Reply:
        if request.path == "/v1/notifications/verify-webhook-signature":
            return self._verify(shelf, request)
        key, shape, life, act = _post_route(request.path)
        request_id = request.headers.get("paypal-request-id", "")
        if len(request_id) > 108:
            raise PayPalError(400, "INVALID_PARAMETER_VALUE", "PayPal-Request-Id is too long.")
        wish = self._body(request, shape)
        name = f"{shelf.account['id']}/{request_id}"
        content = f"{request.path}\n{json.dumps(wish, sort_keys=True)}"
        print_of = hashlib.sha256(content.encode()).hexdigest()
        wants_all = request.headers.get("prefer", "").lower() == "return=representation"
        if request_id:
            known = self._known(name, print_of, life)
            if known is not None:
                return self._reply(known, 200, wants_all or "vault" in request.path)
        answer = act(shelf, wish, key or request_id)
        fate, broken = self.world.draw_fate()
        if request_id:
            row = {"account": shelf.account["id"], "at": self.world.clock.now(), "print": print_of}
            self.world.store.put("paypal.request", name, {**row, "body": json.dumps(answer)})
            self.world.in_flight[("paypal", name)] = 1
        reply = self._reply(answer, 201, wants_all or "vault" in request.path)
        if broken:
            reply = Reply.json(PayPalError(500).body("sim"), 500)
        reply.fate = fate
        reply.done = lambda: self.world.landed("paypal", name)
        return reply

    def _known(self, name: str, print_of: str, life: int) -> Resource | None:
        row = self.world.store.get("paypal.request", name)
        if row is None or self.world.clock.now() - row["at"] > life:
            return None
        if row["print"] != print_of:
            text = "The value of PayPal-Request-Id header has already been used."
            raise PayPalError(422, "DUPLICATE_REQUEST_ID", text)
        if ("paypal", name) in self.world.in_flight:
            text = "A previous request on this resource is currently in progress."
            raise PayPalError(409, "PREVIOUS_REQUEST_IN_PROGRESS", text)
        answer: Resource = json.loads(row["body"])
        return answer

    def _reply(self, answer: Resource, status: int, wants_all: bool) -> Reply:
        """Without `Prefer: return=representation` there are only id, status and links."""
        if not wants_all:
            answer = {k: answer[k] for k in ("id", "status", "links")}
        return Reply.json(answer, status)

    def _verify(self, shelf: Shelf, request: Request) -> Reply:
        wish = self._body(request, shapes.VERIFY)
        raw = raw_member(request.body.decode(), "webhook_event") or ""
        return Reply.json(verify(shelf, wish, raw.encode()))

    # Pages and what happens at PayPal's own site

    def _find(self, key: str) -> tuple[Shelf, Row, str] | None:
        for kind in ("order", "setup"):
            row = self.world.store.get("paypal." + kind, key)
            if row is not None:
                return Shelf(self.world, self.world.account(row["account"])), row, kind
        return None

    def _page(self, request: Request) -> Reply:
        query = dict(request.query)
        key = query.get("token") or query.get("approval_session_id") or ""
        found = self._find(key)
        if found is None:
            return Reply.html(pages.message("Not found", "There is no such page."), 404)
        shelf, row, kind = found
        if request.method == "POST":
            form = dict(request.form())
            try:
                url = self.act(key, form.get("act", ""), form.get("card", "good"))
            except Refused as reason:
                return Reply.html(pages.message("Not possible", str(reason)), 409)
            return Reply.redirect(str(url))
        title, action = "PayPal (simulated)", f"/paypal{request.path}?{urlencode(query)}"
        if row["resource"]["status"] not in ("CREATED", "PAYER_ACTION_REQUIRED"):
            return Reply.html(pages.message(title, f"This is {row['resource']['status']}."))
        if row["asked"]:
            return Reply.html(pages.challenge("3-D Secure (simulated)", action, {}))
        details = [("Merchant", shelf.account["org"])]
        if kind == "order":
            amount = row["resource"]["purchase_units"][0]["amount"]
            details.append(("Amount", f"{amount['value']} {amount['currency_code']}"))
        return Reply.html(pages.checkout(title, details, action, {}))

    def act(self, page: str, act: str, card: str) -> str | None:
        """Presses a button; `page` is an order or a setup token.

        Declining means that the payer agrees with an instrument that then does not pay.
        """
        found = self._find(page)
        if found is None:
            return None
        shelf, row, kind = found
        self.world.operation.account, self.world.operation.name = shelf.account["id"], "page " + act
        if row["resource"]["status"] not in ("CREATED", "PAYER_ACTION_REQUIRED"):
            raise Refused(f"this is {row['resource']['status']}")
        context = row["context"]
        back, away = context.get("return_url", ""), context.get("cancel_url", "")
        if not back:
            back = away = f"{shelf.api}/checkoutnow?token={page}"
        name = "token" if kind == "order" else "approval_token_id"
        if act in ("cancel", "fail"):
            return _with(away, {name: page})
        if act == "challenge":
            shelf.put(kind, row["resource"], asked=card)
            path = "checkoutnow?token=" if kind == "order" else "agreements/approve?token="
            return f"{shelf.api}/{path}{page}"
        if act not in ("pay", "decline", "complete"):
            raise Refused(f"this page has no button {act}")
        chosen = {"pay": card, "decline": "declines", "complete": row["asked"] or card}[act]
        try:
            (orders if kind == "order" else vault).approve(shelf, row, chosen)
        except PayPalError as error:
            raise Refused(str(error)) from error
        more = {"PayerID": "QYR5Z8XDVJNXQ"} if kind == "order" else {}
        return _with(back, {name: page, **more})

    def _shelf(self, charge: Row) -> Shelf:
        return Shelf(self.world, self.world.account(charge["account"]))

    def refund(self, charge: Row, amount: int | None) -> str:
        """A refund at PayPal's site."""
        wish = {} if amount is None else {"amount": money(amount, charge["currency"])}
        try:
            return str(returns.refund(self._shelf(charge), wish, charge["id"])["id"])
        except PayPalError as error:
            raise Refused(str(error)) from error

    def chargeback(self, charge: Row) -> str:
        """A dispute that the payer won."""
        if charge["charged_back"] or charge["refunded"] == charge["amount"]:
            raise Refused("nothing of this charge is left to take back")
        return str(returns.chargeback(self._shelf(charge), charge)["id"])

    def charge(self, account: Row, amount: int, currency: str, reference: str) -> str:
        """A payment sent to the merchant directly."""
        try:
            minor_of(money(amount, currency), "")
        except (KeyError, PayPalError) as error:
            raise Refused(f"PayPal does not take {currency}") from error
        return returns.stray(Shelf(self.world, account), amount, currency, reference)

    def review(self, subject: str) -> None:
        """Nothing is held for review here."""

    def close_batches(self) -> int:
        """Settlement is not visible here."""
        return 0


def _with(url: str, more: dict[str, str]) -> str:
    return url + ("&" if "?" in url else "?") + urlencode(more)
