"""The line to the vendors: at times it is cut, or open and nobody says anything."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

KINDS = ("cut", "silent")


class Outage:
    """Whether vendors can be reached, in real time. The control API always can."""

    def __init__(self) -> None:
        self._kind, self._until = "", 0.0
        self._over = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()

    def begin(self, kind: str, seconds: float) -> int:
        """Cuts the line, or has nobody answer, for so long; says how many are connected."""
        if kind not in KINDS:
            raise ValueError(f"an outage is one of {', '.join(KINDS)}")
        self._kind, self._until = kind, time.monotonic() + seconds
        self._over.clear()
        connected = len(self._open)
        if kind == "cut":
            self._hang_up()
        return connected

    def end(self) -> None:
        """Ends it before its time. Who waited is not answered."""
        self._until = 0.0
        self._over.set()
        self._hang_up()

    def now(self) -> str:
        """Its kind; nothing where there is none."""
        return self._kind if time.monotonic() < self._until else ""

    async def swallows(self, writer: asyncio.StreamWriter) -> bool:
        """Whether the request that came by this connection is lost, before anything was done."""
        self._open.add(writer)
        if not self.now():
            return False
        if self.now() == "silent":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), self._until - time.monotonic())
        writer.transport.abort()
        return True

    def left(self, writer: asyncio.StreamWriter) -> None:
        """A connection is over."""
        self._open.discard(writer)

    def _hang_up(self) -> None:
        for writer in self._open:
            writer.transport.abort()
