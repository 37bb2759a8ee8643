"""Ends the product before and after each commit and each request to a provider (PAY-02).

A use case is done again and again: the first time the product ends at the first of these points that
it passes, then at the second, until it comes through without an end. No point is named, so that a new
one is among them by itself. After each end the product is started anew, and the customer or the
software goes on where it was, as people do. In the end all books are compared.
"""

from __future__ import annotations

import http.client
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .acting import (
    TELLING,
    Messenger,
    Paid,
    Payer,
    events_of,
    genuine,
    page_name,
    pay_at_provider,
)
from .api import Api, Refused
from .browser import Answer, Browser, Form, Page, Unreachable
from .campaign import Options, Outcome
from .ground import Ground, answered
from .invariants import judge
from .journal import Intent, Journal
from .processes import Broken
from .quiet import LOOK_NOW, SEND_AGAIN, Rest, gather
from .rules import broken
from .world import Gateway, bare

# Points of one use case, at most: more would be a use case that never ends.
MOST = 120
# How often something is sent again, and how long somebody waits for what comes by itself.
TRIES, PATIENCE = 8, 30.0
# Seconds for which a customer looks how a payment stands, and in which the product may still pass
# points after somebody was answered.
SOON, AFTERWARDS = 2.5, 0.2
# For how long an end may take that has begun: where it is gets looked up first.
ENDING = 20.0
# Providers find a payment by its reference a minute late: that is a fifth of a second here.
CLOCK = "scaled:300"
PRICE = "24.00"
# A line of what was passed: which point, and the use cases that led there.
POINT = re.compile(r"\d+ (before|after) a (commit|request)(?: to a provider)? ?(.*)")


@dataclass
class Visit:
    """A customer who came in, with an invoice."""

    customer: str
    external_id: str
    browser: Browser
    base: str
    invoice: str

    def get(self, path: str) -> Answer:
        """Opens a page."""
        return self.browser.get(self.base + path)


class Walks:
    """All of them, on one engine, for a promise. Where the product is not to end, `counts` is not
    set."""

    def __init__(
        self, ground: Ground, outcome: Outcome, promise: str, counts: bool = True
    ) -> None:
        self.ground, self.outcome, self.promise = ground, outcome, promise
        self.crashes = ground.folder / "crashes"
        self.crashes.mkdir()
        if counts:
            ground.product.environment["PORTICO_TEST_CRASHES"] = str(self.crashes)
        self.it = ground.settle_in(codes=MOST)
        self.journal = Journal()
        # What is said of customers and attempts where something is wrong with them.
        self.labels: dict[str, str] = {}
        self.has_crashed, self.label = False, ""
        self.redeemers: list[str] = []
        # Connections that an end of the product breaks.
        self.lines: list[Browser | Api] = []

    def use_cases(self, is_all: bool) -> dict[str, Callable[[int], None]]:
        """By name; `is_all`: at each provider."""
        stripe, paypal, authorize_net, sandbox = self.it.gateways
        cases: dict[str, Callable[[int], None]] = {}
        for gateway in (stripe, paypal, authorize_net) if is_all else (stripe,):
            name = gateway.provider
            cases[f"pay by {name}"] = lambda n, it=gateway: self.pay(n, it)
            cases[f"refund by {name}"] = lambda n, it=gateway: self.refund(n, it)
            cases[f"notice of {name}"] = lambda n, it=gateway: self.notice(n, it)
        if is_all:
            cases["refill by stripe"] = lambda n: self.pay(n, stripe, refill=True)
        cases["redeem a voucher"] = self.redeem
        cases["be mailed a receipt"] = lambda n: self.be_mailed(n, sandbox)
        return cases

    def walk(self, name: str, do: Callable[[int], None]) -> None:
        """One use case, until it comes through."""
        begun, ends = time.monotonic(), []
        for number in range(1, MOST + 1):
            self.has_crashed, self.label = False, f"{name}, point {number}"
            self.lines = [it.api for it in self.ground.organisations]
            do(number)
            if self.ground.product.has_ended(AFTERWARDS):
                self.recover()
            self.disarm()
            # What it does by itself may have come to the point just now.
            time.sleep(0.05)
            if not self.has_crashed and len(self.passed()) >= number:
                self.recover()
            if not self.has_crashed:
                break
            ends.append(self.passed()[-1])
        else:
            raise Broken(f"{name} passes more than {MOST} points")
        if not ends:
            raise Broken(f"{name} passes no point: is the program built without optimisation?")
        text = f"{name}: ended at each of {len(ends)} points, {places(ends)}"
        self.outcome.lines.append(f"{self.promise}: {text}; {time.monotonic() - begun:.0f} s")
        print(f"  … {text}", flush=True)

    def arm(self, number: int) -> None:
        """From now on the points are counted, up to this one."""
        (self.crashes / "passed").write_text("")
        (self.crashes / "at.new").write_text(str(number))
        (self.crashes / "at.new").rename(self.crashes / "at")

    def disarm(self) -> None:
        """No point counts any more."""
        (self.crashes / "at").unlink(missing_ok=True)

    def passed(self) -> list[str]:
        """The points since it was armed."""
        return (self.crashes / "passed").read_text().splitlines()

    def recover(self) -> None:
        """The product has ended: it is started anew, and what it had taken up is due at once."""
        product = self.ground.product
        if not product.has_ended(ENDING):
            raise Broken(f"nobody answers, and the product runs:\n{product.tail()}")
        self.has_crashed = True
        self.disarm()
        product.kill()
        for line in self.lines:
            line.close()
        now = int(time.time() * 1_000_000)
        for statement in (*LOOK_NOW, *SEND_AGAIN):
            self.ground.database.change(statement.format(past=now - 1))
        took = product.start()
        self.outcome.restarts.append(took)

    def insist(self, do: Callable[[], Answer]) -> Answer:
        """Does it until somebody answers that it is done, or refused."""
        for _ in range(TRIES):
            answer = answered(do)
            if answer is None:
                self.recover()
            elif answer.status >= 500:
                time.sleep(0.2)
            else:
                return answer
        raise Broken(f"{self.label}: nobody answers")

    def wait(self, what: str, is_so: Callable[[], bool]) -> None:
        """Waits for what the product does by itself, also after an end in the middle of it."""
        begun = time.monotonic()
        while not is_so():
            if self.ground.product.has_ended(0.05):
                self.recover()
            if time.monotonic() - begun > PATIENCE:
                self.violate(self.promise, f"in vain it was waited until {what}")
                return

    def violate(self, number: str, text: str) -> None:
        """Notes what is wrong, and where."""
        self.outcome.violations.append((number, f"{text} ({self.label})"))

    # The use cases

    def come_in(self, address: str = "") -> Visit:
        """A new customer with an open invoice."""
        name = f"w-{self.it.number()}"
        wish = {"external_id": name, "name": name, "currency": "USD"}
        made = self.call("/customers", {**wish, **({"email": address} if address else {})})
        bill = {"external_id": f"{name}-i", "number": name.upper(), "customer_id": name,
                "status": "open", "currency": "USD", "issued_on": "2026-01-05",
                "due_on": "2026-02-05", "lines": [{"description": "Plan", "quantity": "1",
                                                  "unit_price": PRICE}]}  # fmt: skip
        invoice = self.call("/invoices", bill)["id"]
        customer, browser = bare(made["id"]), Browser("127.0.0.1")
        self.lines.append(browser)
        self.labels[customer] = self.label
        if address:
            self.it.addresses[customer] = address
        for _ in range(TRIES):
            # A link works once, also where its answer is lost.
            link = self.call("/portal-sessions", {"customer_id": name})["url"]
            if browser.get(link).status == 303:
                return Visit(customer, name, browser, f"http://{self.it.host}", invoice)
        raise Broken("nobody is let in")

    def call(self, path: str, body: Any) -> Any:
        """Has something made by the API, which may be asked for again."""
        for _ in range(TRIES):
            try:
                return self.it.api.call("POST", path, body)
            except Refused as refused:
                if refused.status < 500:
                    raise
                time.sleep(0.1)
        raise Broken(f"{self.label}: {path} is not answered")

    def pay(self, number: int, gateway: Gateway, refill: bool = False) -> None:
        """From the form to the customer's return."""
        visit = self.come_in()
        self.pay_at(visit, gateway, (number, refill))

    def pay_at(self, visit: Visit, gateway: Gateway, how: tuple[int, bool]) -> tuple[Intent, str]:
        """The same for a visit; it counts from the form on. The answer is the attempt."""
        number, refill = how
        path = "/refill?currency=USD" if refill else f"/pay?invoices={visit.invoice}"
        form = visit.get(path).page.form(path.partition("?")[0])
        if form is None:
            raise Broken(f"there is no form at {path}")
        fields = [("csrf", form.hidden("csrf")), ("key", form.hidden("key")),
                  ("currency", "USD"), ("way", gateway.name)]  # fmt: skip
        fields += [("sum", "other"), ("amount", "12.00")] if refill else [("invoices",
                                                                         visit.invoice)]
        kind = "refill" if refill else "pay"
        it = self.journal.begin(kind, self.it.id, visit.customer, form.hidden("key"))
        if number:
            self.arm(number)
        answer = self.insist(lambda: visit.browser.post(form.action, fields))
        parts = urlsplit(answer.location).path.split("/")
        if answer.status != 303 or len(parts) != 3:
            raise Broken(f"{self.label}: {form.action} answers {answer.status}")
        attempt = bare(parts[2])
        self.labels[attempt] = self.label
        self.journal.attempt(it, attempt)
        self.finish(visit, gateway, (it, attempt))
        return it, attempt

    def finish(self, visit: Visit, gateway: Gateway, begun: tuple[Intent, str]) -> None:
        """To the provider and back. Where no page leads there, the customer looks again, a while."""
        path, has_gone = f"/pay/att_{begun[1]}", False
        until = time.monotonic() + SOON
        while time.monotonic() < until:
            if not has_gone:
                page = self.insist(lambda: visit.get(f"{path}?go=1")).page
                has_gone = self.go(visit, gateway, page)
            self.insist(lambda: visit.get(f"{path}/return"))
            if self.ended(visit, begun):
                return
            time.sleep(0.1)

    def go(self, visit: Visit, gateway: Gateway, page: Page) -> bool:
        """Pays at the provider, where the page leads there."""
        here = urlsplit(visit.base).netloc
        if gateway.provider == "sandbox":
            form = self.sandbox_form(visit, page)
            if form is None:
                return False
            fields = [*form.fields, (form.buttons[0][0], "pay")]
            return self.insist(lambda: visit.browser.post(form.action, fields)).status == 303
        away = [form for form in page.forms if urlsplit(form.action).netloc != here]
        if not page.leads_to and not away:
            return False
        self.ground.simulator.tell("/pages", page=page_name(page, here), act="pay")
        return True

    def sandbox_form(self, visit: Visit, page: Page) -> Form | None:
        """The form of the sandbox's page, which is a page of the product's own."""
        if not page.leads_to:
            return None
        shown = self.insist(lambda: visit.browser.get(page.leads_to)).page
        return next((form for form in shown.forms if "pay" in form.presses()), None)

    def ended(self, visit: Visit, begun: tuple[Intent, str]) -> bool:
        """Whether the page says how it ended."""
        it, attempt = begun
        state = self.insist(lambda: visit.get(f"/pay/att_{attempt}/state")).text
        if state == "succeeded":
            self.journal.told_paid(it, attempt)
            self.journal.end(it, "done")
        elif state == "failed":
            self.journal.end(it, "failed")
        return state in ("succeeded", "failed")

    def refund(self, number: int, gateway: Gateway) -> None:
        """All of a payment, ordered by the organisation's software."""
        visit = self.come_in()
        it, _ = self.pay_at(visit, gateway, (0, False))
        if it.end != "done":
            raise Broken(f"{self.label}: what is to be given back is not paid: {it.end}")
        page = self.it.api.call("GET", f"/payments?customer_id={visit.external_id}")
        payment = page["data"][0]["id"]
        order = self.journal.begin("return", self.it.id, visit.customer)
        self.arm(number)
        api, key = self.it.api.twin(), f"walk-{self.it.number()}"
        for _ in range(TRIES):
            try:
                made = api.call("POST", f"/payments/{payment}/refund", {}, key)
            except Unreachable:
                self.recover()
                continue
            except Refused as refused:
                if refused.status < 500:
                    # Its key is taken by the one that was cut off: whether it was done is not known.
                    self.journal.end(order, "refused")
                    break
                time.sleep(0.2)
                continue
            order.told.add(bare(made["id"]))
            self.journal.end(order, "done")
            break
        api.close()

    def notice(self, number: int, gateway: Gateway) -> None:
        """What the provider tells of a payment, of which the product knows nothing else."""
        payer = Payer(self.it)
        paid = payer.begin(gateway)
        self.labels[paid.attempt] = self.label
        pay_at_provider(self.ground.simulator, paid)
        events = [it for it in events_of(self.ground.simulator, paid) if it["type"] in TELLING]
        message = genuine(self.ground.simulator, events[0])
        self.arm(number)
        for _ in range(TRIES):
            messenger = Messenger(self.ground.product)
            try:
                if messenger.bring(message) == 200:
                    break
            except (OSError, http.client.HTTPException):
                self.recover()
            finally:
                messenger.close()
        self.wait("the payment that a notice told of is credited", lambda: self.is_paid(paid))

    def is_paid(self, paid: Paid) -> bool:
        """Whether the data says so."""
        where = f"id = {self.ground.database.identifier(paid.attempt)} AND state = 'succeeded'"
        return self.ground.count(f"payment_attempt WHERE {where}") == 1

    def redeem(self, number: int) -> None:
        """A code of one's own."""
        visit, code = self.come_in(), self.it.code("USD")
        if code is None:
            raise Broken("there are no codes left")
        form = visit.get("/vouchers/redeem").page.form("/vouchers/redeem")
        if form is None:
            raise Broken("there is no form to redeem")
        it = self.journal.begin("voucher", self.it.id, visit.customer, code)
        self.redeemers.append(visit.customer)
        self.arm(number)
        fields = [("csrf", form.hidden("csrf")), ("code", code)]
        answer = self.insist(lambda: visit.browser.post(form.action, fields))
        if parse_qs(urlsplit(answer.location).query).get("done"):
            self.journal.told_redeemed(it, code)
        self.journal.end(it, "done")

    def be_mailed(self, number: int, gateway: Gateway) -> None:
        """A payment whose receipt is mailed by the worker."""
        visit = self.come_in(f"w-{self.it.number()}@acme.example")
        address, mails = self.it.addresses[visit.customer], self.ground.mailbox.mails
        it, _ = self.pay_at(visit, gateway, (number, False))
        if it.end == "failed":
            # The sandbox knows nothing of a payment that nobody told it of, and said so.
            return
        self.wait("a receipt is mailed", lambda: any(it.recipient == address for it in mails()))

    # The end

    def judge(self) -> None:
        """All books, when nothing moves any more."""
        ground, self.label = self.ground, "in the end"
        rest = Rest(ground.product, ground.simulator, ground.database, ground.mailbox)
        found = [("I11", text) for text in rest.come()]
        found += broken(ground.database)
        seen = gather(rest, ground.organisations, self.journal)
        found += judge(seen)
        redeemed = {it["customer"] for it in seen.vouchers if it["status"] == "redeemed"}
        for customer in self.redeemers:
            if customer not in redeemed:
                found.append(("I8", f"customer {customer} redeemed a code and has nothing of it"))
        charged = Counter(it["reference"] for it in seen.charges)
        found += [("I5", f"{name} was charged {n} times") for name, n in charged.items() if n > 1]
        for number, text in found:
            own = {label for name, label in self.labels.items() if name in text}
            self.outcome.violations.append((number, f"{text} ({', '.join(sorted(own))})"))
        paid = sum(it["state"] == "succeeded" for it in seen.attempts)
        text = f"{len(seen.attempts)} attempts, {paid} paid, {len(seen.charges)} charges"
        text = f"in the end {text}, {len(seen.orders)} orders to refund"
        self.outcome.lines.append(f"{self.promise}: {text}")


def places(ends: list[str]) -> str:
    """How many points were of which kind, and the use cases that they were in."""
    found = [match for end in ends if (match := POINT.fullmatch(end))]
    kinds = Counter(f"{it[1]} a {it[2]}" for it in found)
    # What all units of work have in common says nothing.
    callers = [[name for name in it[3].split(" < ") if "records::" not in name] for it in found]
    names = sorted({names[0] for names in callers if names and names[0]})
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"{told}; in {', '.join(names)}"


def pay02(options: Options, outcome: Outcome) -> None:
    """All use cases, or some where time is short."""
    with Ground(options, "pay02", clock=CLOCK) as ground:
        walks = Walks(ground, outcome, "PAY-02")
        for name, do in walks.use_cases(options.is_thorough).items():
            walks.walk(name, do)
        walks.judge()
        outcome.violations += walks.journal.violations
