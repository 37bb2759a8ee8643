"""Which misfortune strikes what: drawn from the seed and a stable key, never from arrival order.

Two runs with the same seed and the same references therefore see the same faults, however their
sixty-four clients happen to interleave.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

# The rates of the crash campaign. Per event: duplicate, delay, reorder, drop, bad_signature,
# old_replay, foreign_event. Per payment: wrong_event, refund_first, chargeback, needs_action.
# Per call that moves money: reply_lost, server_error, hang, event_first.
NAMED: dict[str, float] = {
    "duplicate": 0.20,
    "delay": 1.00,
    "reorder": 0.30,
    "drop": 0.10,
    "never_redelivered": 0.50,
    "reply_lost": 0.05,
    "server_error": 0.03,
    "hang": 0.02,
    "event_first": 0.10,
    "wrong_event": 0.01,
    "bad_signature": 0.02,
    "old_replay": 0.01,
    "foreign_event": 0.01,
    "refund_first": 0.01,
    "chargeback": 0.01,
    "needs_action": 0.05,
}

# Seconds; `hang_seconds` and `latency_ms` are real time, the others simulated.
SETTINGS: dict[str, Any] = {
    "delay_max_seconds": 120,
    "reorder_max_seconds": 240,
    "chargeback_max_seconds": 600,
    "hang_seconds": 35,
    "latency_ms": [0, 0],
}


class Faults:
    """The rates, and the draws made with them."""

    def __init__(self, seed: int, rates: dict[str, float] | None = None) -> None:
        self.seed = seed
        self.rates: dict[str, float] = {}
        self.settings: dict[str, Any] = dict(SETTINGS)
        self._forced: list[dict[str, Any]] = []
        self.configure({"rates": rates or {}})

    @classmethod
    def parse(cls, seed: int, text: str) -> Faults:
        """Reads `none`, `named`, or a JSON file of `{"rates": {…}, "settings": {…}}`."""
        if text == "none":
            return cls(seed)
        if text == "named":
            return cls(seed, NAMED)
        faults = cls(seed)
        faults.configure(json.loads(Path(text).read_text()))
        return faults

    def configure(self, wish: dict[str, Any]) -> None:
        """Sets rates and settings, and queues faults for the next occasions (`next`)."""
        rates = NAMED if wish.get("rates") == "named" else wish.get("rates", {})
        for name, rate in rates.items():
            if name not in NAMED or not 0 <= rate <= 1:
                raise ValueError(f"no fault is called {name}, or {rate} is no rate")
            self.rates[name] = float(rate)
        for name, value in wish.get("settings", {}).items():
            if name not in SETTINGS:
                raise ValueError(f"no setting is called {name}")
            self.settings[name] = value
        for forced in wish.get("next", []):
            if forced.get("fault") not in NAMED:
                raise ValueError(f"no fault is called {forced.get('fault')}")
            self._forced.append({"times": 1, "account": None, **forced})

    def stop(self) -> None:
        """From now on nothing goes wrong."""
        self.rates.clear()
        self._forced.clear()

    def fraction(self, *key: str) -> float:
        """A number from 0 up to 1 that depends on the seed and the key alone."""
        digest = hashlib.sha256("\x1f".join((str(self.seed), *key)).encode()).digest()
        return int.from_bytes(digest[:7], "big") / 2**56

    def between(self, low: float, high: float, *key: str) -> float:
        """A number from `low` up to `high`, by seed and key."""
        return low + (high - low) * self.fraction(*key)

    def choice(self, options: list[str], *key: str) -> str:
        """One of the options, by seed and key."""
        return options[int(self.fraction(*key) * len(options))]

    def strikes(self, name: str, account: str, *key: str) -> bool:
        """Whether this fault strikes here; a queued fault comes before any draw."""
        for forced in self._forced:
            if forced["fault"] == name and forced["account"] in (None, account):
                forced["times"] -= 1
                if forced["times"] <= 0:
                    self._forced.remove(forced)
                return True
        rate = self.rates.get(name, 0.0)
        return rate > 0 and self.fraction(name, account, *key) < rate
