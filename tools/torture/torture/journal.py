"""What the clients wanted, what they were told, and what struck the eye meanwhile."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Intent:
    """Something that a client wants done once."""

    number: int
    kind: str
    organisation: str
    customer: str
    # The key of the form, or of the request.
    key: str = ""
    # Attempts that the product said began by it, without their prefix.
    attempts: set[str] = field(default_factory=set)
    # What the product said was done, as the identifier or external id of the thing.
    told: set[str] = field(default_factory=set)
    amount: int = 0
    # done, refused, or still open
    end: str = "open"
    at: float = field(default_factory=time.time)


class Journal:
    """Shared by all clients."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.intents: list[Intent] = []
        self.counts: Counter[str] = Counter()
        self.violations: list[tuple[str, str]] = []
        self.broken: list[str] = []
        # Attempts that the product said are paid, in the order in which it said so.
        self.paid: list[str] = []
        # Codes that were redeemed, as the product said, with the intents that did it.
        self.redeemed: dict[str, list[int]] = {}

    def begin(self, kind: str, organisation: str, customer: str, key: str = "") -> Intent:
        """A new intent."""
        with self._lock:
            it = Intent(len(self.intents), kind, organisation, customer, key)
            self.intents.append(it)
            self.counts[f"{kind}: begun"] += 1
            return it

    def end(self, it: Intent, how: str) -> None:
        """It is over, as far as its client cares."""
        with self._lock:
            if it.end == "open":
                it.end = how
                self.counts[f"{it.kind}: {how}"] += 1

    def attempt(self, it: Intent, attempt: str) -> None:
        """The product said which attempt a form began: always the same one (PAY-04)."""
        with self._lock:
            it.attempts.add(attempt)
            if len(it.attempts) > 1:
                found = ", ".join(sorted(it.attempts))
                self.violations.append(("I5", f"form {it.key} began more than one: {found}"))

    def told_paid(self, it: Intent, attempt: str) -> None:
        """The product said that an attempt is paid."""
        with self._lock:
            if attempt not in it.told:
                it.told.add(attempt)
                self.paid.append(attempt)

    def told_redeemed(self, it: Intent, code: str) -> None:
        """The product said that a code was redeemed."""
        with self._lock:
            self.redeemed.setdefault(code, []).append(it.number)

    def count(self, what: str, by: int = 1) -> None:
        """Counts something."""
        with self._lock:
            self.counts[what] += by

    def violate(self, invariant: str, what: str) -> None:
        """Something was seen that must not be."""
        with self._lock:
            self.violations.append((invariant, what))

    def broke(self, what: str) -> None:
        """The judge itself failed."""
        with self._lock:
            self.broken.append(what)
