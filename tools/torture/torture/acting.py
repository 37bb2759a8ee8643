"""Visits, payments and messages of scenarios: one at a time, and nothing goes wrong by chance."""

from __future__ import annotations

import base64
import http.client
import json
import random
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .browser import Browser, Form, Page
from .processes import Broken, Product, Simulator
from .world import Gateway, Organisation, bare

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The news that a payment was made which has both amount and reference in it.
TELLING = (
    "payment_intent.succeeded",
    "PAYMENT.CAPTURE.COMPLETED",
    "net.authorize.payment.authcapture.created",
)


@dataclass
class Paid:
    """A refill that was begun, and perhaps paid."""

    gateway: Gateway
    attempt: str
    reference: str
    amount: int
    # The provider's name of its page.
    page: str


def reference_of(attempt: str) -> str:
    """What providers are told: the last 100 bits of the attempt's identifier in base 32."""
    bits = int(attempt, 16)
    return "".join(ALPHABET[(bits >> (5 * (19 - place))) & 31] for place in range(20))


class Payer:
    """A customer who refills, again and again."""

    # Attempts that the product lets one customer begin within an hour, less some.
    MOST = 20

    def __init__(self, it: Organisation) -> None:
        self.it = it
        self.browser = Browser("127.0.0.1")
        self.begun = self.MOST
        self.customer = ""

    def url(self, path: str) -> str:
        """An address of the portal."""
        return f"http://{self.it.host}{path}"

    def arrive(self) -> None:
        """A new customer."""
        name = f"s-{self.it.number()}"
        made = self.it.api.call("POST", "/customers", {"external_id": name, "name": name,
                                                       "currency": "USD"})  # fmt: skip
        link = self.it.api.call("POST", "/portal-sessions", {"customer_id": name})["url"]
        self.browser = Browser("127.0.0.1")
        if self.browser.get(link).status != 303:
            raise Broken("nobody is let in")
        self.customer, self.begun = bare(made["id"]), 0

    def begin(self, gateway: Gateway, amount: int = 1_000) -> Paid:
        """A form that is sent, up to the provider's page."""
        if self.begun >= self.MOST:
            self.arrive()
        self.begun += 1
        form = self.browser.get(self.url("/refill?currency=USD")).page.form("/refill")
        if form is None:
            raise Broken("there is no form to refill")
        fields = [("csrf", form.hidden("csrf")), ("key", form.hidden("key")),
                  ("currency", "USD"), ("way", gateway.name), ("sum", "other"),
                  ("amount", f"{amount // 100}.{amount % 100:02d}")]  # fmt: skip
        answer = self.browser.post(form.action, fields)
        if answer.status != 303:
            raise Broken(f"a refill by {gateway.provider} was answered {answer.status}")
        attempt = bare(urlsplit(answer.location).path.rpartition("/")[2])
        page = self.browser.get(answer.location).page
        name = page_name(page, urlsplit(self.url("/")).netloc)
        return Paid(gateway, attempt, reference_of(attempt), amount, name)

    def state(self, paid: Paid) -> str:
        """The word of how it stands."""
        return self.browser.get(self.url(f"/pay/att_{paid.attempt}/state")).text

    def come_back(self, paid: Paid) -> None:
        """From the provider."""
        self.browser.get(self.url(f"/pay/att_{paid.attempt}/return"))


def page_name(page: Page, here: str) -> str:
    """What the provider calls the page that another page leads to."""
    if page.leads_to:
        parts = urlsplit(page.leads_to)
        return parse_qs(parts.query).get("token", [parts.path.rpartition("/")[2]])[0]
    away: list[Form] = [form for form in page.forms if urlsplit(form.action).netloc != here]
    if not away:
        raise Broken("the attempt leads nowhere")
    return away[0].hidden("token")


def pay_at_provider(simulator: Simulator, paid: Paid) -> None:
    """The customer pays there; nobody tells the product."""
    simulator.tell("/pages", page=paid.page, act="pay")
    if paid.gateway.provider == "paypal":
        _capture(simulator, paid)


def _capture(simulator: Simulator, paid: Paid) -> None:
    """As if the product had asked for it, and the answer had been lost."""
    org = paid.gateway.account.partition("_")[0]
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=30)
    try:
        pair = base64.b64encode(f"client-{org}:secret-{org}".encode()).decode()
        headers = {"authorization": f"Basic {pair}"}
        connection.request("POST", "/paypal/v1/oauth2/token", b"grant_type=client_credentials",
                           headers)  # fmt: skip
        token = json.loads(connection.getresponse().read())["access_token"]
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json",
                   "paypal-request-id": f"{paid.reference}-capture"}  # fmt: skip
        path = f"/paypal/v2/checkout/orders/{paid.page}/capture"
        connection.request("POST", path, b"{}", headers)
        answer = connection.getresponse()
        if answer.status not in (200, 201):
            raise Broken(f"PayPal does not capture: {answer.read()!r}")
    finally:
        connection.close()


@dataclass
class Message:
    """A message to the address of a gateway's notices."""

    name: str
    path: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"

    def but(self, name: str, **changes: Any) -> Message:
        """The same, altered."""
        known = {"path": self.path, "headers": self.headers, "body": self.body,
                 "method": self.method}  # fmt: skip
        return Message(name, **{**known, **changes})

    def with_header(self, name: str, header: str, value: str | None) -> Message:
        """The same with another header, or without one."""
        headers = {key: it for key, it in self.headers.items() if key != header}
        if value is not None:
            headers[header] = value
        return self.but(name, headers=headers)


class Messenger:
    """Brings messages to the product: one connection, in order, from an address of this machine."""

    def __init__(self, product: Product, source: str = "127.0.0.1") -> None:
        own = (source, 0)
        self._connection = http.client.HTTPConnection("127.0.0.1", product.panel, 60, own)

    def bring(self, message: Message) -> int:
        """The status of the answer."""
        for turn in (1, 2):
            try:
                self._connection.request(
                    message.method, message.path, message.body, dict(message.headers)
                )
                answer = self._connection.getresponse()
                answer.read()
                return answer.status
            except (OSError, http.client.HTTPException):
                # It may have closed an idle connection.
                self._connection.close()
                if turn == 2:
                    raise
        return 0

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def genuine(simulator: Simulator, event: dict[str, Any], endpoint: int = 0) -> Message:
    """An event of the simulator as its provider would send it now."""
    made = simulator.tell("/message", event=event["id"], endpoint=endpoint)
    headers, body = made["headers"], made["body"].encode()
    return Message(event["type"], urlsplit(made["url"]).path, headers, body)


def events_of(simulator: Simulator, paid: Paid) -> list[dict[str, Any]]:
    """Everything that the provider would tell of a payment."""
    path = f"/events?account={paid.gateway.account}&reference={paid.reference}"
    found: list[dict[str, Any]] = simulator.read(path)["events"]
    return found


def until(what: str, is_so: Any, patience: float = 120) -> None:
    """Waits."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > patience:
            raise Broken(f"waited in vain for {what}")
        time.sleep(0.05)


def draw(seed: int, name: str) -> random.Random:
    """Chance of its own."""
    return random.Random(f"{seed}/{name}")
