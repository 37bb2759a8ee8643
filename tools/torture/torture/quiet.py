"""Coming to rest after the load, and gathering what the judge looks at.

Nothing is waited for that can be done: what providers have to tell is told again and again, and the
product's next looks are brought forward.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from .browser import Browser
from .database import Database
from .journal import Journal
from .mailbox import Mailbox
from .processes import Broken, Product, Simulator
from .seen import Seen
from .world import EXPONENTS, Organisation, bare

# Seconds without any progress after which what should have come to rest never will; and in all.
STILL, MOST = 60.0, 900.0
# Seconds between two lines that say what is waited for, and until it is pushed on.
TELL, PUSH = 5.0, 3.0
# Simulated seconds by which the providers' time jumps: their reports are up to three hours late.
JUMP = 4 * 3_600
# Statements that are read through the portal.
SAMPLE = 40
# How often everything is read where something still moves.
READINGS = 4
# Rows that are told of what still moves.
ENOUGH = 5

# Attempts and orders to give back that are not over and were not looked at since the moment.
UNSEEN = """FROM (
        SELECT 'attempts' AS kind, id, state, next_look_at, updated_at FROM payment_attempt
        UNION ALL SELECT 'orders', id, state, next_look_at, updated_at FROM payment_refund) AS looked
    WHERE next_look_at IS NOT NULL AND updated_at < {since}"""
# Those whose time has come, and which nobody has taken up: three minutes are one lease and a half.
OVERDUE = """SELECT {{id:id}} AS id, state FROM (
        SELECT id, state, next_look_at FROM payment_attempt
        UNION ALL SELECT id, state, next_look_at FROM payment_refund) AS looked
    WHERE next_look_at < {now} - 180 * 1000000"""
# Notices whose time has come, or of which nothing is known yet. Others wait for what they are about:
# a payment that was voided before anybody learned of it never comes.
WAITING = """FROM gateway_notice
    WHERE next_try_at <= {now} OR (next_try_at IS NOT NULL AND result IS NULL)"""
# Mails that are not sent, and wishes for them.
MAILS = "FROM outbox WHERE done_at IS NULL"

# The next look comes now, as if everybody had waited for it: while the product does not run.
LOOK_NOW = (
    "UPDATE payment_attempt SET next_look_at = {past}, updated_at = {past}"
    " WHERE next_look_at IS NOT NULL",
    "UPDATE payment_refund SET next_look_at = {past}, updated_at = {past}"
    " WHERE next_look_at IS NOT NULL",
    "UPDATE gateway_notice SET next_try_at = {past} WHERE next_try_at IS NOT NULL",
)
# The same of what somebody took up and did not finish: while it runs.
LOOK_AGAIN = (
    "UPDATE payment_attempt SET next_look_at = {past}"
    " WHERE next_look_at > {now} AND updated_at < {since}",
    "UPDATE payment_refund SET next_look_at = {past}"
    " WHERE next_look_at > {now} AND updated_at < {since}",
)
WORK_AGAIN = (
    "UPDATE gateway_notice SET next_try_at = {past} WHERE next_try_at > {now} AND result IS NULL",
)
SEND_AGAIN = ("UPDATE outbox SET run_at = {past}, locked_until = NULL WHERE done_at IS NULL",)
# What does not change any more where nothing moves.
MOVES = """SELECT (SELECT COUNT(*) FROM ledger_entry) AS entries,
        (SELECT COUNT(*) FROM payment) AS payments,
        (SELECT COUNT(*) FROM payment_attempt WHERE state = 'succeeded') AS paid,
        (SELECT COUNT(*) FROM payment_refund WHERE state = 'succeeded') AS given_back,
        (SELECT COUNT(*) FROM gateway_notice) AS notices"""

Left = dict[str, int]


class Rest:
    """The way to it."""

    def __init__(
        self,
        product: Product,
        simulator: Simulator,
        database: Database,
        mailbox: Mailbox | None = None,
    ) -> None:
        self.product, self.simulator, self.database = product, simulator, database
        self.mailbox = mailbox
        # Seconds of each part of the way.
        self.took: dict[str, float] = {}

    def come(self) -> list[str]:
        """Until nothing moves any more; the answer is what was late on the way, or never came."""
        if self.mailbox is not None:
            self.mailbox.is_calm = True
        found = self._told("providers told everything")
        late = self._rows(OVERDUE.format(now=_micros()))
        found += [f"{row['id']} is {row['state']}, and nobody looks" for row in late[:ENOUGH]]
        # What was lost for good is found by looking alone. Providers' lists are late, so that
        # their time jumps; the product's own looks, and what a killed one had taken up, are brought
        # forward while it does not run.
        self.simulator.tell("/batch")
        self.simulator.tell("/clock", advance=JUMP)
        code = self.product.stop(40)
        if code:
            found.append(f"asked to stop, the product ended with {code}")
        since = _micros()
        self._change(LOOK_NOW, past=since - 1)
        self.product.start()
        return found + self._looked(since) + self._worked_on() + self._mailed()

    def moves(self) -> Left:
        """What would be another number if something moved."""
        return {name: int(count) for name, count in self._rows(MOVES)[0].items()}

    def _told(self, what: str) -> list[str]:
        """Providers tell what they have to, and do what they planned."""

        def left() -> Left:
            counters = self.simulator.read("/counters")
            # Authorize.Net's messages that are older than five minutes are refused each time.
            messages = max(0, counters["pending"] - counters["refused"]) + counters["given_up"]
            return {"messages": messages, "planned": counters["planned"]}

        def push() -> None:
            self.simulator.tell("/settle")

        push()
        return self._until(what, (left, push), self._untold)

    def _looked(self, since: int) -> list[str]:
        """Each attempt and each order is looked at, and what comes of that is told."""
        unseen = UNSEEN.format(since=since)

        def left() -> Left:
            rows = self._rows(f"SELECT kind, COUNT(*) AS count {unseen} GROUP BY kind")
            return {row["kind"]: int(row["count"]) for row in rows}

        def push() -> None:
            self._change(LOOK_AGAIN, since=since)

        def still() -> list[str]:
            rows = self._rows(f"SELECT kind, {{id:id}} AS id, state, next_look_at {unseen}")
            return [f"{row['kind']} {row['id']} {row['state']}" for row in rows]

        found = self._until("each attempt was looked at", (left, push), still)
        return found + self._told("providers told what came of it")

    def _worked_on(self) -> list[str]:
        """Nothing that was told waits, but for what will never come."""

        def left() -> Left:
            rows = self._rows(f"SELECT COUNT(*) AS count {WAITING.format(now=_micros())}")
            return {"notices": int(rows[0]["count"])}

        def push() -> None:
            self._change(WORK_AGAIN)

        def still() -> list[str]:
            rows = self._rows(f"SELECT event_id, result {WAITING.format(now=_micros())}")
            return [f"notice {row['event_id']} {row['result']}" for row in rows]

        return self._until("notices were worked on", (left, push), still)

    def _mailed(self) -> list[str]:
        """Each mail is sent, or given up."""
        if self.mailbox is None:
            return []

        def left() -> Left:
            return {"mails": int(self._rows(f"SELECT COUNT(*) AS count {MAILS}")[0]["count"])}

        def push() -> None:
            self._change(SEND_AGAIN)

        def still() -> list[str]:
            rows = self._rows(f"SELECT {{id:id}} AS id, kind, last_error {MAILS}")
            return [f"{row['kind']} {row['id']} {row['last_error']}" for row in rows]

        return self._until("mails were sent", (left, push), still)

    def _untold(self) -> list[str]:
        """What providers still have to tell."""
        events = self.simulator.read("/events")["events"]
        due = [(event, it) for event in events for it in event["deliveries"] if it["state"] != "done"]
        kinds = Counter(
            f"{it['account']} {event['type']} answered {it.get('status')} at try {it['attempt']}"
            for event, it in due
            if not 400 <= it.get("status", 0) < 500
        )
        return [f"{count} of {kind}" for kind, count in kinds.most_common()]

    def _change(self, statements: tuple[str, ...], **values: int) -> None:
        now = _micros()
        for statement in statements:
            self.database.change(statement.format(**{"now": now, "past": now - 1, **values}))

    def _rows(self, sql: str) -> list[dict[str, str]]:
        return self.database.read({"rows": sql})["rows"]

    def _until(
        self,
        what: str,
        way: tuple[Callable[[], Left], Callable[[], None]],
        still: Callable[[], list[str]],
    ) -> list[str]:
        """Waits, pushes on what does not move, and says what is waited for."""
        (count, push), begun = way, time.monotonic()
        moved = pushed = told = begun
        least: int | None = None
        while any((left := count()).values()):
            now, all_left = time.monotonic(), sum(left.values())
            if least is None or all_left < least:
                least, moved = all_left, now
            if now - moved > STILL or now - begun > MOST:
                rows = "; ".join(still()[:ENOUGH])
                return [f"in vain it was waited for {now - begun:.0f} s until {what}: {left}: {rows}"]
            if now - told > TELL:
                told = now
                print(f"  … {now - begun:.0f} s until {what}: {left}", flush=True)
            if now - max(moved, pushed) > PUSH:
                pushed = now
                push()
            time.sleep(0.2)
        self.took[what] = self.took.get(what, 0.0) + time.monotonic() - begun
        return []


def _micros() -> int:
    return int(time.time() * 1_000_000)


def gather(rest: Rest, organisations: list[Organisation], journal: Journal) -> Seen:
    """Everything, while nothing moves: read again where something did, for a look that was begun
    before may still be answered."""
    before = rest.moves()
    for _ in range(READINGS):
        seen = _gathered(rest, organisations, journal)
        after = rest.moves()
        if after == before:
            return seen
        print(f"  … it still moved while it was read: {before}, {after}", flush=True)
        before = after
    raise Broken(f"it still moved when it was read for the {READINGS}th time")


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
        mails=rest.mailbox.mails() if rest.mailbox is not None else None,
    )
    for it in organisations:
        it.api.close()
        seen.accounts.update({gateway.account: gateway.id for gateway in it.gateways})
        seen.told_payments += it.api.all("/payments")
        seen.addresses.update(it.addresses)
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
