"""Coming to rest after the load, and gathering what the judge looks at."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from decimal import Decimal

from .browser import Browser
from .database import Database
from .journal import Journal
from .processes import Broken, Product, Simulator
from .seen import Seen
from .world import EXPONENTS, Organisation, bare

# Seconds after which what should have come to rest never will.
PATIENCE = 600.0
# Simulated seconds by which the providers' time jumps: their reports are up to three hours late.
JUMP = 4 * 3_600
# Statements that are read through the portal.
SAMPLE = 40

# Notices whose time has come, or of which nothing is known yet. Others wait for what they are about:
# a payment that was voided before anybody learned of it never comes.
WAITING = """SELECT COUNT(*) AS count FROM gateway_notice
    WHERE next_try_at <= {now} OR (next_try_at IS NOT NULL AND result IS NULL)"""
# Attempts and orders to give back that are not over and were not looked at since the moment.
UNSEEN = """SELECT COUNT(*) AS count FROM (
        SELECT next_look_at, updated_at FROM payment_attempt
        UNION ALL SELECT next_look_at, updated_at FROM payment_refund) AS looked
    WHERE next_look_at IS NOT NULL AND updated_at < {since}"""
# Those whose time has come, and which nobody has taken up: three minutes are one lease and a half.
OVERDUE = """SELECT {{id:id}} AS id, state FROM (
        SELECT id, state, next_look_at FROM payment_attempt
        UNION ALL SELECT id, state, next_look_at FROM payment_refund) AS looked
    WHERE next_look_at < {now} - 180 * 1000000"""
# The clock's next look comes now: as if the customers had waited for it.
NOW = (
    "UPDATE payment_attempt SET next_look_at = begun_at WHERE next_look_at IS NOT NULL",
    "UPDATE payment_refund SET next_look_at = asked_at WHERE next_look_at IS NOT NULL",
    "UPDATE gateway_notice SET next_try_at = received_at WHERE next_try_at IS NOT NULL",
)

# How often everything is read where something still moves.
READINGS = 4


class Rest:
    """The way to it."""

    def __init__(self, product: Product, simulator: Simulator, database: Database) -> None:
        self.product, self.simulator, self.database = product, simulator, database

    def come(self) -> list[str]:
        """Until nothing moves any more; the answer is what was late on the way."""
        self.simulator.tell("/settle")
        found = self._until("all notices were told", self._is_told)
        late = self._rows(OVERDUE.format(now=_micros()))
        found += [f"{row['id']} is {row['state']}, and nobody looks" for row in late[:5]]
        # What was lost for good is found by looking alone. Providers' lists are late, so that
        # their time jumps; the product's own looks, and what a killed one had taken up, are brought
        # forward while it does not run.
        self.simulator.tell("/batch")
        self.simulator.tell("/clock", advance=JUMP)
        code = self.product.stop(40)
        if code:
            found.append(f"asked to stop, the product ended with {code}")
        for statement in NOW:
            self.database.change(statement)
        since = _micros()
        self.product.start()
        unseen = UNSEEN.format(since=since)
        found += self._until("each attempt was looked at", lambda: self._count(unseen) == 0)
        self.simulator.tell("/settle")
        found += self._until("the last notices were told", self._is_told)
        return found + self._until("all were worked on", self._is_worked_on)

    def _is_worked_on(self) -> bool:
        return self._count(WAITING.format(now=_micros())) == 0

    def _is_told(self) -> bool:
        counters = self.simulator.read("/counters")
        # Authorize.Net's messages that are older than five minutes are refused each time.
        return counters["pending"] <= counters["refused"] and not counters["planned"]

    def _rows(self, sql: str) -> list[dict[str, str]]:
        return self.database.read({"rows": sql})["rows"]

    def _count(self, sql: str) -> int:
        return int(self._rows(sql)[0]["count"])

    def _until(self, what: str, is_so: Callable[[], bool]) -> list[str]:
        begun = time.monotonic()
        while not is_so():
            if time.monotonic() - begun > PATIENCE:
                return [f"waited in vain until {what}: {self.simulator.read('/counters')}"]
            time.sleep(0.2)
        return []


def _micros() -> int:
    return int(time.time() * 1_000_000)


def gather(rest: Rest, organisations: list[Organisation], journal: Journal) -> Seen:
    """Everything, while nothing moves: read again where something did, for a look that was begun
    before may still be answered."""
    for _ in range(READINGS):
        seen = _gathered(rest, organisations, journal)
        entries = rest.database.read({"rows": "SELECT COUNT(*) AS count FROM ledger_entry"})["rows"]
        if int(entries[0]["count"]) == len(seen.entries):
            return seen
    raise Broken(f"the ledger still moved when it was read for the {READINGS}th time")


def _gathered(rest: Rest, organisations: list[Organisation], journal: Journal) -> Seen:
    truth, events = rest.simulator.read("/truth"), rest.simulator.read("/events")
    seen = Seen(
        charges=truth["charges"],
        refunds=truth["refunds"],
        chargebacks=truth["chargebacks"],
        faults=truth["faults"],
        events=events["events"],
        intents=journal.intents,
        paid=journal.paid,
        redeemed=journal.redeemed,
    )
    for it in organisations:
        it.api.close()
        seen.accounts.update({gateway.account: gateway.id for gateway in it.gateways})
        seen.told_payments += it.api.all("/payments")
        for batch in it.batches:
            report = it.api.call("GET", f"/voucher-batches/{batch}")["report"]
            seen.reports[bare(batch)] = report
    seen.read(rest.database)
    _statements(seen, organisations, rest.product)
    check = rest.product.run("ledger", "check")
    seen.ledger_is_whole, seen.ledger_check = check.returncode == 0, check.stdout + check.stderr
    seen.integrity = rest.database.integrity()
    log = rest.product.log.read_bytes()
    seen.refusals = log.count(b"a message is not the provider's")
    return seen


def _statements(seen: Seen, organisations: list[Organisation], product: Product) -> None:
    """What some customers read of their balance."""
    chains = sorted({(it["org"], it["customer"], it["currency"]) for it in seen.entries})
    chosen = random.Random(len(chains)).sample(chains, min(SAMPLE, len(chains)))
    by_id = {it.id: it for it in organisations}
    for org, customer, currency in chosen:
        it = by_id[org]
        wish = {"customer_id": f"cus_{customer}"}
        browser = Browser("127.0.0.1")
        link = it.api.call("POST", "/portal-sessions", wish)["url"]
        if browser.get(link).status != 303:
            raise Broken(f"nobody is let in by {link}")
        address = f"http://{it.host}/balance/export.csv?currency={currency}&sort=date&direction=asc"
        answer = browser.get(address)
        browser.close()
        if answer.status != 200:
            raise Broken(f"{address} answers {answer.status}")
        seen.statements[customer, currency] = read_statement(answer.text, currency)


def read_statement(text: str, currency: str) -> tuple[list[int], int]:
    """Amounts of an exported statement, oldest first, and its last balance, in minor units."""
    amounts, last = [], 0
    for line in text.strip().splitlines()[1:]:
        amount, balance = line.split(",")[-2:]
        amounts.append(_minor(amount, currency))
        last = _minor(balance, currency)
    return amounts, last


def _minor(text: str, currency: str) -> int:
    return int(Decimal(text.strip('"')) * 10 ** EXPONENTS[currency])
