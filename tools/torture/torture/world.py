"""What a run takes place in: two organisations, their gateways at the simulator, their vouchers."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .api import Api, Refused
from .browser import Unreachable
from .processes import Broken, Product, Simulator

# What a voucher gives, minor units.
FACE = 500
# Vouchers of a batch, at most.
BATCH = 10_000
# Currencies of customers, and how often each.
CURRENCIES = (("USD", 50), ("EUR", 35), ("JPY", 15))
EXPONENTS = {"USD": 2, "EUR": 2, "JPY": 0}
PROVIDERS = ("stripe", "paypal", "authorize_net")
DIALECTS = {"stripe": "stripe", "paypal": "paypal", "authorize_net": "authorizenet"}


def bare(identifier: str) -> str:
    """An identifier as it stands in the data: 32 hexadecimal digits."""
    return identifier.rpartition("_")[2].replace("-", "").lower()


def now() -> str:
    """The present moment."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def amount_text(minor: int, currency: str) -> str:
    """An amount as people type it."""
    exponent = EXPONENTS[currency]
    if exponent == 0:
        return str(minor)
    return f"{minor // 10**exponent}.{minor % 10**exponent:0{exponent}d}"


@dataclass
class Gateway:
    """An account at a provider, as both sides know it."""

    provider: str
    # As addresses and forms name it, and as it stands in the data.
    name: str
    id: str
    account: str
    notice_url: str


@dataclass
class Invoice:
    """An invoice that somebody may pay, credit or cancel."""

    # As addresses name it, and as the organisation's software does.
    name: str
    external_id: str
    customer: str
    currency: str
    total: int


@dataclass
class Customer:
    """A customer with invoices to pay."""

    external_id: str
    id: str
    currency: str
    invoices: deque[Invoice] = field(default_factory=deque)
    # Attempts that were begun: the product limits them.
    attempts: int = 0


@dataclass
class Contest:
    """A code that several clients redeem at once."""

    code: str
    left: int
    start: threading.Barrier


class Organisation:
    """A tenant."""

    # Of a hundred customers, how many have an address that receipts are mailed to.
    mailed = 0

    def __init__(self, name: str, identifier: str, host: str, api: Api) -> None:
        self.name, self.id, self.host, self.api = name, bare(identifier), host, api
        self.gateways: list[Gateway] = []
        # Free codes by currency, and identifiers of their batches.
        self.codes: dict[str, deque[str]] = {"USD": deque(), "EUR": deque()}
        self.batches: list[str] = []
        # Invoices that were made lately, for those who would credit or cancel them.
        self.recent: deque[Invoice] = deque(maxlen=400)
        # Where receipts go, by customers as they stand in the data.
        self.addresses: dict[str, str] = {}
        self._contests: dict[str, Contest] = {}
        self._lock = threading.Lock()
        self._numbers = 0

    def number(self) -> int:
        """A number that was never given before."""
        with self._lock:
            self._numbers += 1
            return self._numbers

    def code(self, currency: str) -> str | None:
        """A code that nobody has."""
        codes = self.codes.get(currency)
        with self._lock:
            return codes.popleft() if codes else None

    def contest(self, currency: str, parties: int) -> Contest | None:
        """A code that others redeem too, at the same moment."""
        codes = self.codes.get(currency)
        with self._lock:
            contest = self._contests.get(currency)
            if contest is None or contest.left == 0:
                if not codes:
                    return None
                contest = Contest(codes.popleft(), parties, threading.Barrier(parties))
                self._contests[currency] = contest
            contest.left -= 1
            return contest

    def remember(self, invoice: Invoice) -> None:
        """Lets others get at an invoice."""
        with self._lock:
            self.recent.append(invoice)

    def any_invoice(self, chance: random.Random) -> Invoice | None:
        """One that somebody may be paying right now."""
        with self._lock:
            return chance.choice(self.recent) if self.recent else None


class Stage:
    """Whether the product is up, and whether the play is over."""

    def __init__(self) -> None:
        self.up = threading.Event()
        self.over = threading.Event()

    def wait_until_up(self) -> None:
        """Waits for the product, a while."""
        if not self.up.wait(1.0):
            time.sleep(0.05)
        time.sleep(0.02)


def insist(stage: Stage, do: Any) -> Any:
    """Repeats what may safely be done twice, until the product answers; nothing at the end."""
    while not stage.over.is_set():
        try:
            return do()
        except Unreachable:
            stage.wait_until_up()
        except Refused as refused:
            if refused.status < 500 and refused.status != 429:
                raise
            time.sleep(0.2)
    return None


# Setting up


def make(product: Product, simulator: Simulator, codes: int) -> list[Organisation]:
    """Two tenants at the same providers, with accounts of their own; the product must be up."""
    made = []
    for name, host in (("Acme", "acme.localhost"), ("Rival", "rival.localhost")):
        identifier, key = product.create_organisation(name, host)
        it = Organisation(name, identifier, f"{host}:{product.portal}", Api(product.panel, key))
        for provider in PROVIDERS:
            it.gateways.append(make_gateway(it, product, simulator, provider))
        it.gateways.append(_sandbox(it))
        for currency in it.codes:
            _make_codes(it, currency, codes)
        made.append(it)
    return made


def account_of(org: str, provider: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an account at the simulator is registered with, and what its endpoints have."""
    org = org.lower()
    if provider == "stripe":
        return {"secret_key": f"sk_test_{org}"}, {"secret": f"whsec_{org}"}
    if provider == "paypal":
        webhook = {"webhook_id": f"WH{org.upper()}12345678901"[:17]}
        return {"client_id": f"client-{org}", "client_secret": f"secret-{org}"}, webhook
    keys = {"api_login_id": f"login{org}", "transaction_key": f"key{org}", "currency": "USD"}
    return keys, {"secret": (f"{org}".encode().hex().upper() * 32)[:128]}


def settings_of(org: str, provider: str, base: str) -> dict[str, str]:
    """The same as the product is told it."""
    keys, endpoint = account_of(org, provider)
    if provider == "stripe":
        more = {"webhook_secret": endpoint["secret"], "base_url": f"{base}/stripe"}
        return {**keys, **more}
    if provider == "paypal":
        return {**keys, **endpoint, "base_url": f"{base}/paypal"}
    here = f"{base}/authorizenet"
    return {**keys, "signature_key": endpoint["secret"], "base_url": here, "hosted_url": here}


def register(
    simulator: Simulator, org: str, provider: str, addresses: list[str], panel: int
) -> str:
    """Registers an account at the simulator whose notices go to these addresses."""
    keys, endpoint = account_of(org, provider)
    connect = f"127.0.0.1:{panel}"
    webhooks = [{**endpoint, "url": url, "connect": connect} for url in addresses]
    account = f"{org.lower()}_{provider}"
    simulator.tell(
        "/accounts",
        account=account,
        org=org,
        dialect=DIALECTS[provider],
        base=simulator.url,
        webhooks=webhooks,
        **keys,
    )
    return account


def create(api: Api, org: str, provider: str, base: str, name: str = "") -> Any:
    """A gateway of the product, switched on."""
    currencies = ["USD"] if provider == "authorize_net" else ["USD", "EUR", "JPY"]
    terms: list[dict[str, Any]] = [{"currency": currency} for currency in currencies]
    if provider == "stripe":
        # A surcharge is charged and not credited.
        terms[0].update(surcharge_minor=25, surcharge_percent="1.5")
    settings = {} if provider == "sandbox" else settings_of(org, provider, base)
    gateway = {"provider": provider, "name": name or f"By {provider}", "enabled": True,
               "test": True, "currencies": terms, "settings": settings}  # fmt: skip
    return api.call("POST", "/gateways", gateway)


def make_gateway(
    it: Organisation, product: Product, simulator: Simulator, provider: str
) -> Gateway:
    """An account at the simulator, and the gateway that leads there."""
    account = register(simulator, it.name, provider, [], product.panel)
    made = create(it.api, it.name, provider, simulator.url)
    register(simulator, it.name, provider, [made["notice_url"]], product.panel)
    tested = it.api.call("POST", f"/gateways/{made['id']}/test")
    if tested["outcome"] != "good":
        raise Broken(f"{provider} does not work: {tested}")
    return Gateway(provider, made["id"], bare(made["id"]), account, made["notice_url"])


def _sandbox(it: Organisation) -> Gateway:
    made = create(it.api, it.name, "sandbox", "")
    return Gateway("sandbox", made["id"], bare(made["id"]), "", "")


def _make_codes(it: Organisation, currency: str, count: int) -> None:
    while count > 0:
        size = min(count, BATCH)
        count -= size
        wish = {"series": f"{currency}{len(it.batches)}", "count": size, "currency": currency}
        made = it.api.call("POST", "/voucher-batches", {**wish, "addition_minor": FACE})
        codes = it.api.call("POST", f"/voucher-batches/{made['id']}/export")["data"]
        it.codes[currency].extend(row["code"] for row in codes)
        it.batches.append(made["id"])


def make_customer(it: Organisation, api: Api, stage: Stage, chance: random.Random) -> Any:
    """A customer with a dozen invoices; nothing where the play is over."""
    names, weights = zip(*CURRENCIES, strict=True)
    currency = chance.choices(names, weights)[0]
    name = f"c-{it.number()}"
    wish = {"external_id": name, "name": f"Payer {name}", "currency": currency}
    if chance.randrange(100) < it.mailed:
        wish["email"] = f"{name}@{it.name.lower()}.example"
    made = insist(stage, lambda: api.call("POST", "/customers", wish))
    if made is None:
        return None
    customer = Customer(name, bare(made["id"]), currency)
    if "email" in wish:
        it.addresses[customer.id] = wish["email"]
    bills = [_invoice(name, currency, number, chance) for number in range(12)]
    saved = insist(stage, lambda: api.call("POST", "/invoices/batch", {"data": bills}))
    if saved is None:
        return None
    for bill, line in zip(bills, saved["data"], strict=True):
        if line["status"] == "rejected":
            raise Broken(f"an invoice was refused: {line}")
        total = line["record"]["total_minor"]
        invoice = Invoice(line["id"], bill["external_id"], name, currency, total)
        customer.invoices.append(invoice)
        it.remember(invoice)
    return customer


def _invoice(customer: str, currency: str, number: int, chance: random.Random) -> dict[str, Any]:
    price = amount_text(chance.randint(100, 20_000), currency)
    line = {"description": "Plan", "quantity": "1", "unit_price": price, "tax_rate": "21"}
    name = f"{customer}-i-{number}"
    return {"external_id": name, "number": name.upper(), "customer_id": customer,
            "status": "open", "currency": currency, "issued_on": "2026-01-05",
            "due_on": "2026-02-05", "lines": [line]}  # fmt: skip
