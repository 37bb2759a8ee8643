"""A customer with a browser, who pays, refills and redeems, and tries again when nobody answers."""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from . import deeds, provider
from .browser import Answer, Browser, Fields, Form, Unreachable
from .journal import Intent, Journal
from .world import Customer, Organisation, Stage, amount_text, bare, insist, make_customer

# How often something is sent again with the same key.
TRIES = 8
# Attempts of one customer: the product lets nobody begin many more within an hour.
ATTEMPTS = 20
# Who redeems one code at once, in a contest.
CONTESTANTS = 8
# What a client does, and how often. A tenth more would be changes of subscriptions, which the product
# does not have yet.
MIX = (("pay", 30), ("refill", 25), ("voucher", 15), ("deed", 20))


class GaveUp(Exception):
    """The product did not answer for long, or not well: the client goes on to something else."""


class Client(threading.Thread):
    """One of many; what it wants depends on the seed and its number alone."""

    def __init__(
        self, number: int, seed: int, it: Organisation, stage: Stage, journal: Journal
    ) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self.number, self.it, self.stage, self.journal = number, it, stage, journal
        self.chance = random.Random(f"{seed}/{number}")
        self.api = it.api.twin()
        self.visits = 0
        self.browser = Browser("127.0.0.1")
        self.customer: Customer | None = None
        # Attempts of which the client does not know how they ended.
        self.waiting: deque[tuple[Intent, str, str]] = deque(maxlen=40)

    def run(self) -> None:
        """Does one thing after the other until the play is over."""
        while not self.stage.over.is_set():
            if not self.stage.up.wait(0.2):
                continue
            try:
                self.one()
            except (GaveUp, Unreachable):
                self.journal.count("given up")
            except Exception:
                self.journal.broke(traceback.format_exc())
                return
        self.browser.close()
        self.api.close()

    def one(self) -> None:
        """One thing."""
        if self.waiting and self.chance.random() < 0.3:
            self.look_again()
        if self.customer is None or self.customer.attempts >= ATTEMPTS:
            self.arrive()
        customer = self.customer
        if customer is None:
            return
        kinds, weights = zip(*MIX, strict=True)
        kind = self.chance.choices(kinds, weights)[0]
        if kind == "deed":
            deeds.any_deed(self, customer)
        elif kind == "voucher" and self.it.codes.get(customer.currency):
            self.redeem(customer)
        elif kind == "pay" and customer.invoices:
            self.pay(customer)
        else:
            self.refill(customer)

    # Coming in

    def arrive(self) -> None:
        """A new customer, at an address of its own, by a link of the organisation's software."""
        self.customer = None
        customer = make_customer(self.it, self.api, self.stage, self.chance)
        if customer is None:
            return
        self.browser.close()
        self.visits += 1
        block, own = divmod(self.number, 250)
        self.browser = Browser(f"127.{1 + block}.{1 + self.visits % 250}.{1 + own}")
        for _ in range(TRIES):
            wish = {"customer_id": customer.external_id, "idle_timeout": 86_400}
            made = insist(self.stage, lambda: self.api.call("POST", "/portal-sessions", wish))
            if made is None:
                return
            with suppress(Unreachable):
                # The link works once: where the answer is lost, so is the link.
                if self.browser.get(made["url"]).status == 303:
                    self.customer = customer
                    return
            self.stage.wait_until_up()
        raise GaveUp

    def url(self, path: str) -> str:
        """An address of the portal."""
        return f"http://{self.it.host}{path}"

    def insist(self, do: Callable[[], Answer]) -> Answer:
        """Does it again with the same key, up to eight times, until there is an answer."""
        for _ in range(TRIES):
            try:
                answer = do()
            except Unreachable:
                if self.stage.over.is_set():
                    raise
                self.journal.count("no answer")
                self.stage.wait_until_up()
                continue
            if answer.status < 500:
                return answer
            self.journal.count(f"answered {answer.status}")
            time.sleep(0.1)
        raise GaveUp

    def get(self, url: str) -> Answer:
        """Opens an address."""
        return self.insist(lambda: self.browser.get(url))

    def post(self, url: str, fields: Fields) -> Answer:
        """Sends a form; again the same one, where nobody answers."""
        return self.insist(lambda: self.browser.post(url, fields))

    # Paying

    def pay(self, customer: Customer) -> None:
        """One or two invoices, wholly or in part; sometimes in two windows at once."""
        count = 2 if self.chance.random() < 0.2 and len(customer.invoices) > 1 else 1
        invoices = [customer.invoices.popleft() for _ in range(count)]
        ids = [invoice.name for invoice in invoices]
        windows = 2 if self.chance.random() < 0.06 else 1
        begun = []
        for _ in range(windows):
            page = self.get(self.url(f"/pay?invoices={','.join(ids)}")).page
            form = page.form("/pay")
            if form is None:
                # Cancelled or credited meanwhile.
                self.journal.count("nothing to pay")
                return
            fields = [("invoices", known) for known in ids]
            if self.chance.random() < 0.15:
                part = amount_text(self.chance.randint(1, invoices[0].total), customer.currency)
                fields.append(("amount", part))
            begun.append(self.send(customer, "pay", form, fields))
        for one in begun:
            self.carry_on(one)

    def refill(self, customer: Customer) -> None:
        """Pays in beforehand."""
        path = f"/refill?currency={customer.currency}"
        form = self.get(self.url(path)).page.form("/refill")
        if form is None:
            raise GaveUp
        amount = amount_text(self.chance.randint(100, 50_000), customer.currency)
        fields = [("sum", "other"), ("amount", amount)]
        self.carry_on(self.send(customer, "refill", form, fields))

    def send(
        self, customer: Customer, kind: str, form: Form, more: Fields
    ) -> tuple[Intent, str] | None:
        """Sends a form; the answer is the attempt that it began, without its prefix."""
        way = self.chance.choice(form.choices.get("way", [""]))
        key = form.hidden("key")
        fields = [("csrf", form.hidden("csrf")), ("key", key), ("way", way),
                  ("currency", form.hidden("currency")), *more]  # fmt: skip
        if ":" not in way and self.chance.random() < 0.4:
            fields.append(("keep", way))
        it = self.journal.begin(kind, self.it.id, customer.id, key)
        customer.attempts += 1
        answer = self.post(form.action, fields)
        attempt = self.begun(it, customer, answer)
        if attempt is None:
            return None
        if self.chance.random() < 0.1:
            # Pressed twice: the same attempt.
            self.begun(it, customer, self.post(form.action, fields))
        if self.chance.random() < 0.03:
            self.alter(it, form.action, fields)
        return it, attempt

    def begun(self, it: Intent, customer: Customer, answer: Answer) -> str | None:
        """The attempt that an answer leads to; nothing where the form was refused."""
        parts = urlsplit(answer.location).path.split("/")
        if answer.status == 303 and parts[1] == "pay" and len(parts) == 3:
            attempt = bare(parts[2])
            self.journal.attempt(it, attempt)
            return attempt
        if answer.status in (429, 303):
            # Too many from this customer, or the visit is over.
            customer.attempts = ATTEMPTS
        self.journal.end(it, "refused")
        return None

    def alter(self, it: Intent, action: str, fields: Fields) -> None:
        """The same key with other entries must begin nothing."""
        other = [(name, "9.99" if name == "amount" else value) for name, value in fields]
        if not any(name == "amount" for name, _ in fields):
            other.append(("amount", "1"))
        if other == fields:
            return
        answer = self.post(action, other)
        if answer.status not in (422, 429):
            found = f"{answer.status} {answer.location}"
            self.journal.violate("I5", f"form {it.key} was taken with other entries: {found}")

    def carry_on(self, begun: tuple[Intent, str] | None) -> None:
        """From the attempt to the provider and back, as far as this customer cares to go."""
        if begun is None:
            return
        it, attempt = begun
        path = f"/pay/att_{attempt}"
        page = self.get(self.url(f"{path}?go=1")).page
        back = provider.visit(self, page)
        if back and self.chance.random() < 0.8:
            self.get(back)
        self.ask(it, attempt, 3)

    def ask(self, it: Intent, attempt: str, times: int) -> None:
        """How the attempt stands, as the page's script asks; what is paid is told to the judge."""
        path = f"/pay/att_{attempt}/state"
        for turn in range(times):
            answer = self.get(self.url(path))
            if answer.status == 200 and answer.text == "succeeded":
                self.journal.told_paid(it, attempt)
                self.journal.end(it, "done")
                return
            if answer.status == 200 and answer.text == "failed":
                self.journal.end(it, "failed")
                return
            if turn + 1 < times:
                time.sleep(0.1)
        visit = self.browser.cookies.get(self.it.host, {})
        self.waiting.append((it, attempt, visit.get("portico", "")))

    def look_again(self) -> None:
        """An attempt that was not over, if it is this visit's: some customers press reload."""
        it, attempt, visit = self.waiting.popleft()
        if self.browser.cookies.get(self.it.host, {}).get("portico", "") != visit:
            return
        if self.chance.random() < 0.5:
            self.get(self.url(f"/pay/att_{attempt}/return"))
        self.ask(it, attempt, 1)

    # Vouchers

    def redeem(self, customer: Customer) -> None:
        """A code of one's own, or one that others redeem at the same moment."""
        contest = None
        if self.chance.random() < 0.2:
            contest = self.it.contest(customer.currency, CONTESTANTS)
        code = contest.code if contest else self.it.code(customer.currency)
        if code is None:
            return
        form = self.get(self.url("/vouchers/redeem")).page.form("/vouchers/redeem")
        if form is None:
            raise GaveUp
        it = self.journal.begin("voucher", self.it.id, customer.id, code)
        if contest is not None:
            with suppress(threading.BrokenBarrierError):
                contest.start.wait(2.0)
        fields = [("csrf", form.hidden("csrf")), ("code", code)]
        answer = self.post(form.action, fields)
        done = parse_qs(urlsplit(answer.location).query).get("done")
        if answer.status == 303 and done:
            self.journal.told_redeemed(it, code)
            self.journal.end(it, "done")
            return
        if answer.status == 429:
            customer.attempts = ATTEMPTS
        self.journal.end(it, "refused")
