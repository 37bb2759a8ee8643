"""Sends deliveries when they are due, tries again when they are refused, and remembers both."""

from __future__ import annotations

import asyncio
import heapq
import sys
from contextlib import suppress

from .store import Row
from .web import post
from .world import World

PARALLEL = 32
TIMEOUT = 10.0


class Deliverer:
    """One loop over the table `delivery`; state survives in the store."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._heap: list[tuple[float, int, str]] = []
        self._wake = asyncio.Event()
        self._sending: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        for row in world.store.all("delivery"):
            if row["state"] == "due":
                self._queue(row)

    def wake(self) -> None:
        """Something may have become due."""
        self._wake.set()

    def pending(self) -> int:
        """How many deliveries are still to be made."""
        return sum(1 for row in self.world.store.all("delivery") if row["state"] == "due")

    def all_now(self) -> int:
        """Makes everything that is still to be delivered due at once; says how much that is."""
        rows = [row for row in self.world.store.all("delivery") if row["state"] == "due"]
        for row in rows:
            row["due"] = 0.0
            self._queue(self.world.store.put("delivery", row["id"], row))
        self.wake()
        return len(rows)

    async def told(self, events: list[str], limit: float) -> None:
        """Waits until these events were tried at least once, overtaking everything else."""
        self._take_new()
        futures = []
        for row in list(self.world.store.all("delivery"))[-200:]:
            if row["event"] in events and row["state"] == "due" and row["attempt"] == 0:
                row["due"] = 0.0
                self._queue(row)
                future = asyncio.get_running_loop().create_future()
                self._waiting.setdefault(row["id"], []).append(future)
                futures.append(future)
        self.wake()
        if futures:
            await asyncio.wait(futures, timeout=limit)

    def _take_new(self) -> None:
        for row in self.world.new_deliveries:
            self._queue(row)
        self.world.new_deliveries.clear()

    def _queue(self, row: Row) -> None:
        heapq.heappush(self._heap, (row["due"], int(row["id"].split("_")[1]), row["id"]))

    async def run(self) -> None:
        """Delivers until it is cancelled."""
        clock = self.world.clock
        while True:
            self._wake.clear()
            self._take_new()
            while self._heap and self._heap[0][0] <= clock.now() and len(self._tasks) < PARALLEL:
                self._start(heapq.heappop(self._heap)[2])
            wait = 3600.0
            if self._heap and len(self._tasks) < PARALLEL:
                wait = max(0.001, clock.real_seconds(self._heap[0][0] - clock.now()))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), wait)

    def _start(self, key: str) -> None:
        row = self.world.store.get("delivery", key)
        if row is None or row["state"] != "due" or key in self._sending:
            return
        self._sending.add(key)
        task = asyncio.create_task(self._deliver(row))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            print(f"gateway-sim: a delivery failed: {task.exception()!r}", file=sys.stderr)
        self.wake()

    async def _deliver(self, row: Row) -> None:
        world = self.world
        event = world.store.get("event", row["event"])
        account = world.account(row["account"])
        if event is None or row["endpoint"] >= len(account["webhooks"]):
            self._settle(row, "given_up", 0)
            return
        endpoint, headers, body = self.message(row, event)
        try:
            status = await post(endpoint["url"], headers, body, endpoint["connect"], TIMEOUT)
        except (TimeoutError, OSError, ValueError):
            status = 0
        dialect = world.dialects[account["dialect"]]
        honest = row["manner"] == "good" and not row["signed_ago"] and not event["lie"]
        if 200 <= status < 300 or not honest or "signer" in row:
            self._settle(row, "done", status)
            return
        if row["attempt"] >= len(dialect.retries):
            self._settle(row, "given_up", status)
            return
        row["due"] = world.clock.now() + dialect.retries[row["attempt"]]
        row["attempt"] += 1
        row["status"] = status
        self._save(row)
        self._queue(row)

    def message(self, row: Row, event: Row) -> tuple[Row, dict[str, str], bytes]:
        """A delivery as it would go out now: where to, with which headers, and the body."""
        world = self.world
        account = world.account(row["account"])
        signer = world.account(row["signer"]) if "signer" in row else account
        endpoint = account["webhooks"][row["endpoint"]]
        secrets = signer["webhooks"][0] if signer is not account else endpoint
        body: bytes = event["body"].encode()
        signed_at = world.clock.wall() - row["signed_ago"]
        headers = {"content-type": "application/json", "user-agent": "gateway-sim"}
        sign = world.dialects[account["dialect"]].signer
        headers.update(sign(signer, secrets, body, signed_at, row["manner"]))
        return endpoint, headers, body

    def _settle(self, row: Row, state: str, status: int) -> None:
        row.update(state=state, status=status, ended=self.world.clock.wall())
        self._save(row)

    def _save(self, row: Row) -> None:
        self._sending.discard(row["id"])
        self.world.store.put("delivery", row["id"], row)
        self.world.store.commit(self.world.clock.now())
        for future in self._waiting.pop(row["id"], []):
            if not future.done():
                future.set_result(None)
