"""What happens to the machine now and then, in the middle of the load and besides the kills."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

from .database import Postgres

if TYPE_CHECKING:
    from .campaign import Campaign

# One mishap in so many kills, in turn, and before which of them.
EVERY, FIRST = 20, 10
# Seconds that the product does not run but holds everything, and that the providers are cut off.
STOPPED, CUT = 10.0, 2.0
# Seconds by which the product's clock is wrong.
HOUR = 3_600


class Mishaps:
    """Those of a run."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.kinds = {"stopped for a while": self.stop, "providers cut off": self.cut_providers}
        if isinstance(campaign.database, Postgres):
            self.kinds["connections to the database cut"] = self.cut_database
        self.every, self.first = EVERY, FIRST
        # By how many seconds the product's clock is wrong just now, and whether it ever was.
        self.wrong_by, self.was_wrong = 0, False
        # Whether the product was seen to have such a clock.
        self.was_seen = False
        self._turns = 0

    def maybe(self, number: int) -> None:
        """What happens before this kill, if anything."""
        if self.wrong_by:
            self._see_clock()
            self._set_clock(0)
        if number % self.every == self.first:
            kind = list(self.kinds)[number // self.every % len(self.kinds)]
            self.campaign.journal.count(f"mishap: {kind}")
            self.kinds[kind]()

    def turn_clocks_alone(self, every: int) -> None:
        """Nothing else happens, and that often. Released programs have no clock that turns."""
        self.every, self.first = every, 0
        self.kinds = {"clock wrong by an hour": self.turn_clock}

    def end(self) -> None:
        """The clock is right again from the next start on."""
        if self.wrong_by:
            self._set_clock(0)

    def stop(self) -> None:
        """The process is held, with all that it holds: connections, leases, a lock on the file."""
        self.campaign.product.signal(signal.SIGSTOP)
        time.sleep(STOPPED)
        self.campaign.product.signal(signal.SIGCONT)
        time.sleep(1.0)

    def cut_providers(self) -> None:
        """All connections to the providers break, and no new one is to be had."""
        self.campaign.simulator.tell("/outage", kind="cut", seconds=CUT)
        time.sleep(CUT + 1.0)

    def cut_database(self) -> None:
        """The server of the database ends all connections, some of them in a transaction."""
        database = self.campaign.database
        assert isinstance(database, Postgres)
        database.cut()
        time.sleep(1.0)

    def turn_clock(self) -> None:
        """From the next start on, until the one after it, the clock is an hour fast, or slow. The
        providers' messages carry the same time, else all would be refused as stale."""
        self._turns += 1
        self._set_clock(HOUR if self._turns % 2 else -HOUR)

    def _see_clock(self) -> None:
        """By what the product has written: something happened half an hour from now."""
        rows = self.campaign.database.read({"last": "SELECT MAX(created_at) AS at FROM event"})
        last = int(rows["last"][0]["at"] or 0) / 1_000_000
        self.was_seen = self.was_seen or last > time.time() + HOUR / 2

    def _set_clock(self, seconds: int) -> None:
        product, simulator = self.campaign.product, self.campaign.simulator
        simulator.tell("/clock", shift_wire=seconds - self.wrong_by)
        self.wrong_by, self.was_wrong = seconds, True
        product.environment = {"PORTICO_TEST_CLOCK": str(seconds)} if seconds else {}
