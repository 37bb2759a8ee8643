"""One merchant's transactions, batches and profiles."""

from __future__ import annotations

import math
import time
from typing import Any

from ..money import to_text
from ..store import Row
from ..world import World
from .errors import not_found

DIGITS = "0123456789"
DAY = 86_400


def utc(seconds: float) -> str:
    """A time with its zone."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def local(seconds: float) -> str:
    """The same in the merchant's own time, eight hours behind, without a zone."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds - 8 * 3_600))


class Ledger:
    """Rows of one account: `anet.transaction`, `anet.batch`, `anet.profile`, `anet.payment`."""

    def __init__(self, world: World, account: Row) -> None:
        self.world, self.account, self.store = world, account, world.store
        self.currency: str = account["currency"]

    def number(self, start: int) -> str:
        """A new number of the usual length."""
        return str(start + self.store.number())

    def add(self, kind: str, **facts: Any) -> Row:
        """Adds a transaction as it was asked for; its outcome comes with `save`."""
        key = self.number(60_000_000_000)
        row = {
            "id": key,
            "account": self.account["id"],
            "type": kind,
            "at": self.world.clock.wall(),
            "simulated": self.world.clock.now(),
            "batch": None,
            "auth_code": "",
            "network_id": self.store.token(15, DIGITS),
            **facts,
        }
        return self.save(row)

    def save(self, row: Row) -> Row:
        """Keeps a transaction."""
        return self.store.put("anet.transaction", row["id"], row)

    def transaction(self, key: str) -> Row | None:
        """A transaction of this merchant."""
        row = self.store.get("anet.transaction", key)
        return row if row is not None and row["account"] == self.account["id"] else None

    def transactions(self) -> list[Row]:
        """All transactions, oldest first."""
        return self.store.of("anet.transaction", self.account["id"])

    def amount(self, minor: int) -> str:
        """An amount as the answers write it."""
        return to_text(minor, 2)

    def put(self, table: str, key: str, **facts: Any) -> Row:
        """Adds or changes a profile or a payment profile."""
        row = {"id": key, "account": self.account["id"], **facts}
        return self.store.put("anet." + table, key, row)

    def get(self, table: str, key: str) -> Row:
        """A profile or payment profile; raises E00040 where there is none."""
        row = self.store.get("anet." + table, key)
        if row is None or row["account"] != self.account["id"]:
            raise not_found()
        return row

    def payments_of(self, profile: str) -> list[Row]:
        """The payment profiles of a customer profile."""
        rows = self.store.of("anet.payment", self.account["id"])
        return [row for row in rows if row["profile"] == profile]

    # Settlement

    def settle_if_due(self) -> None:
        """Closes the batch when a (simulated) night has passed."""
        length = float(self.account["options"].get("settlement_seconds", DAY))
        night = math.floor(self.world.clock.now() / length)
        row = self.store.get("anet.night", self.account["id"])
        if row is not None and row["night"] == night:
            return
        self.store.put("anet.night", self.account["id"], {"account": "", "night": night})
        if row is not None:
            self.close_batch()

    def close_batch(self) -> int:
        """Settles everything that waits for it; returns how many batches that made."""
        waiting = [row for row in self.transactions() if row["batch"] is None]
        waiting = [row for row in waiting if row["status"] != "FDSPendingReview"]
        if not waiting:
            return 0
        key = self.number(5_000_000)
        settled = {
            "capturedPendingSettlement": "settledSuccessfully",
            "refundPendingSettlement": "refundSettledSuccessfully",
        }
        for row in waiting:
            row["batch"] = key
            row["status"] = settled.get(row["status"], row["status"])
            self.save(row)
        batch = {"id": key, "account": self.account["id"], "at": self.world.clock.wall()}
        self.store.put("anet.batch", key, batch)
        return 1
