"""The campaign: set up, load and kill, come to rest, judge."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from .client import Client
from .database import Database, Postgres, Sqlite, url_of
from .invariants import judge
from .journal import Journal
from .mailbox import Mailbox
from .mishaps import Mishaps
from .processes import Broken, Product, Simulator
from .quiet import Rest, gather
from .rules import ENOUGH, RULES
from .seen import NEEDED, figures
from .world import Organisation, Stage, make

# Milliseconds of load before a kill.
LOAD_MS = (50, 1_500)
# Seconds after which the looks after kills are taken to be too slow to be taken each time.
SLOW = 1.5
# Seconds in which all clients have come in.
ENTRY = 120.0
# Kills after which each of what is needed has been done at least once, or nothing is proven.
MANY = 50
# Of the run that is about clocks: kills, clients, and how often one is turned.
CLOCK_KILLS, CLOCK_CLIENTS, CLOCKS = 24, 16, 3
# Seconds between two lines for who waits.
SAY = 15.0
# Misfortunes pass sixty times as fast as the customers' own time: two minutes in two seconds.
CLOCK = "scaled:60"


@dataclass
class Options:
    """How a run is to be."""

    program: Path
    folder: Path
    kills: int
    clients: int
    seed: int
    # URL of a PostgreSQL server in which a database may be made; SQLite where it is empty.
    postgres: str = ""
    # Seconds that a start may take.
    restart_limit: float = 5.0
    # Whether all that providers took by themselves must be in the books, told or not.
    all_reversals: bool = False
    # Of a hundred customers, how many are mailed receipts.
    mailed: int = 10
    # Of the scenarios: in how many orders five notices are told.
    orders: int = 120
    # And whether each use case is ended at each provider.
    is_thorough: bool = False


@dataclass
class Outcome:
    """What came of a run."""

    engine: str
    kills: int = 0
    looks: int = 0
    restarts: list[float] = field(default_factory=list)
    violations: list[tuple[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    books: dict[str, int] = field(default_factory=dict)
    # What scenarios did, one line each.
    lines: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Campaign:
    """One run."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.chance = random.Random(f"{options.seed}/kills")
        self.stage, self.journal = Stage(), Journal()
        self.database = open_database(options)
        self.outcome = Outcome(self.database.name)
        self.mailbox = Mailbox(options.seed)
        self.product = Product(
            options.program, options.folder, url_of(self.database), self.mailbox.port
        )
        self.simulator = Simulator(options.folder, options.seed, CLOCK)
        self.mishaps = Mishaps(self)
        self.succeeded: set[str] = set()
        self.looks_are_slow = False
        self.told = 0
        self._begun = self._said = time.monotonic()

    def turn_clocks(self) -> None:
        """Kills turn the product's clock, too."""
        self.mishaps.turn_clocks_alone(CLOCKS)

    def run(self) -> None:
        """All of it. What it started is ended, whatever happens."""
        try:
            self.simulator.start()
            organisations = self.prepare()
            self.say("the first clients come in")
            clients = self.enter(organisations)
            self.say("kills under load")
            for number in range(self.options.kills):
                self.load_and_kill(number)
                if time.monotonic() - self._said > SAY:
                    self.say(f"{number + 1} kills of {self.options.kills}")
            self.say("coming to rest")
            self.come_to_rest(organisations, clients)
        finally:
            self.stage.over.set()
            self.product.kill()
            self.simulator.kill()
            self.mailbox.close()
            outcome = self.outcome
            outcome.violations += self.journal.violations
            outcome.broken += self.journal.broken
            self.database.remove(self.options.folder if outcome.violations else None)
            outcome.counts = dict(sorted(self.journal.counts.items()))
            outcome.seconds = time.monotonic() - self._begun

    def say(self, text: str) -> None:
        """A line for who waits."""
        self._said = time.monotonic()
        print(f"  … {self._said - self._begun:.0f} s: {text}", flush=True)

    def prepare(self) -> list[Organisation]:
        """Organisations, gateways and vouchers; then the faults are let loose."""
        # The first start fills an empty database: it is not among those that are measured.
        first = self.product.run("organisation", "list")
        if first.returncode:
            raise Broken(f"the product does not start:\n{first.stdout}{first.stderr}")
        self.product.start()
        codes = 300 + 8 * self.options.kills
        organisations = make(self.product, self.simulator, codes)
        for it in organisations:
            it.mailed = self.options.mailed
        self.simulator.tell("/faults", rates="named")
        return organisations

    def enter(self, organisations: list[Organisation]) -> list[Client]:
        """The clients: three of four are customers of the first organisation. They come in while
        nobody kills yet."""
        self.stage.up.set()
        clients = []
        for number in range(self.options.clients):
            organisation = organisations[1 if number % 4 == 3 else 0]
            client = Client(number, self.options.seed, organisation, self.stage, self.journal)
            clients.append(client)
            client.start()
        begun = time.monotonic()
        while any(client.customer is None for client in clients):
            if self.journal.broken or time.monotonic() - begun > ENTRY:
                raise Broken("not all clients were let in")
            time.sleep(0.05)
        return clients

    def load_and_kill(self, number: int) -> None:
        """Lets the clients in for a moment, kills, starts anew and looks."""
        self.stage.up.set()
        time.sleep(self.chance.randint(*LOAD_MS) / 1_000)
        self.mishaps.maybe(number)
        self.stage.up.clear()
        self.product.kill()
        self.outcome.kills += 1
        if self.journal.broken:
            raise Broken("a client could not go on")
        if not self.simulator.is_running():
            raise Broken(f"the simulator ended:\n{self.simulator.tail()}")
        took = self.product.start()
        self.outcome.restarts.append(took)
        if took > self.options.restart_limit:
            limit = self.options.restart_limit
            self.violate("start", f"start {number + 1} took {took:.1f} s, {limit:.0f} are allowed")
        if not self.looks_are_slow or number % 10 == 9:
            begun = time.monotonic()
            self.look()
            self.looks_are_slow = time.monotonic() - begun > SLOW

    def violate(self, invariant: str, text: str) -> None:
        """Notes what is wrong, and after how many kills it was seen."""
        text = f"{text} (seen after kill {self.outcome.kills})"
        self.outcome.violations.append((invariant, text))

    def look(self) -> None:
        """What must hold at every moment; what was told lasts; what was paid stays paid."""
        self.outcome.looks += 1
        told = self.journal.paid[self.told :]
        self.told += len(told)
        statements = {f"rule{index}": rule.sql for index, rule in enumerate(RULES)}
        statements["succeeded"] = (
            "SELECT {id:id} AS id FROM payment_attempt WHERE state = 'succeeded'"
        )
        found = self.database.read(statements)
        for index, rule in enumerate(RULES):
            if rule.needs_a_clock and self.mishaps.was_wrong and not self.stage.over.is_set():
                continue
            rows = found[f"rule{index}"]
            for row in rows[:ENOUGH]:
                self.violate(rule.invariant, f"not so: {rule.meaning}: {row}")
        succeeded = {row["id"] for row in found["succeeded"]}
        for attempt in told:
            if attempt not in succeeded:
                self.violate("I6", f"attempt {attempt} was told to be paid, and is not")
        for attempt in sorted(self.succeeded - succeeded)[:ENOUGH]:
            self.violate("I12", f"attempt {attempt} had succeeded, and has not any more")
        self.succeeded = succeeded

    def come_to_rest(self, organisations: list[Organisation], clients: list[Client]) -> None:
        """Ends the load and the faults, lets everything be told and looked up, and judges."""
        self.stage.over.set()
        self.simulator.calm()
        self.mishaps.end()
        # What a provider keeps hanging is cut off, as by any other kill.
        self.product.kill()
        for client in clients:
            client.join(60)
            if client.is_alive():
                raise Broken(f"{client.name} does not end")
        self.outcome.restarts.append(self.product.start())
        self.stage.up.set()
        rest = Rest(self.product, self.simulator, self.database, self.mailbox)
        for text in rest.come():
            self.violate("I11", text)
        self.say("judging")
        self.look()
        seen = gather(rest, organisations, self.journal)
        seen.succeeded_before, seen.all_reversals = self.succeeded, self.options.all_reversals
        self.outcome.violations += judge(seen)
        self.outcome.faults = self.simulator.read("/counters")["fault_kinds"]
        self.outcome.books = figures(seen)
        if self.options.kills >= MANY:
            missing = [name for name in NEEDED if not self.outcome.books[name]]
            if missing:
                raise Broken(f"a run that proves nothing: no {', no '.join(missing)}")


def clock(options: Options, outcome: Outcome) -> None:
    """The product's clock is an hour fast, then right, then an hour slow, under load and kills."""
    folder = options.folder / "clock"
    folder.mkdir()
    few = replace(options, folder=folder, kills=CLOCK_KILLS, clients=CLOCK_CLIENTS)
    campaign = Campaign(few)
    campaign.turn_clocks()
    try:
        campaign.run()
    finally:
        it = campaign.outcome
        outcome.violations += it.violations
        outcome.broken += it.broken
    turned = it.counts["mishap: clock wrong by an hour"]
    if not campaign.mishaps.was_seen:
        raise Broken("the clock cannot be turned: is the program built without optimisation?")
    text = f"{it.kills} kills, {turned} times with a clock that was an hour fast or slow"
    outcome.lines.append(f"clock: {text}, {it.books['attempts']} attempts, {it.seconds:.0f} s")


def open_database(options: Options) -> Database:
    """Where the product of this run keeps its data."""
    if options.postgres:
        return Postgres(options.postgres, f"portico_torture_{os.getpid()}_{options.seed}")
    return Sqlite(options.folder / "data" / "portico.sqlite")
