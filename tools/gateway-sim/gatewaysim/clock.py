"""Two clocks: how fast things fall due here, and what time the stamps on the wire say."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """The simulated time, and beside it the time that is written into messages.

    Durations (delays, retries, lifetimes of idempotency keys, nightly batches) run on the simulated
    clock, which can be sixty times as fast. Stamps inside messages and signatures stay on the
    machine's own time, because the product that reads them lives there.
    """

    def __init__(self, factor: float = 1.0, source: Callable[[], float] = time.time) -> None:
        self.factor = factor
        self._source = source
        self._zero_real = source()
        self._zero_simulated = self._zero_real
        self.wire_shift = 0.0

    @classmethod
    def parse(cls, text: str) -> Clock:
        """Reads `real` or `scaled:<factor>` from the command line."""
        if text == "real":
            return cls()
        kind, _, factor = text.partition(":")
        if kind != "scaled" or float(factor) <= 0:
            raise ValueError("--clock takes real or scaled:<factor>, for example scaled:60")
        return cls(float(factor))

    def now(self) -> float:
        """Simulated seconds since 1970."""
        return self._zero_simulated + (self._source() - self._zero_real) * self.factor

    def wall(self) -> float:
        """The time that messages and signatures carry, in seconds since 1970."""
        return self._source() + self.wire_shift

    def advance(self, seconds: float) -> None:
        """Lets simulated time jump forward."""
        self._zero_simulated += seconds

    def not_before(self, simulated: float) -> None:
        """Keeps time from running backwards after a restart from an older run's file."""
        behind = simulated - self.now()
        if behind > 0:
            self.advance(behind)

    def real_seconds(self, simulated: float) -> float:
        """How long a simulated duration takes on the machine."""
        return simulated / self.factor
