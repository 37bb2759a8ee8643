"""The process: takes requests, hands each to its dialect at one go, sends or loses the reply."""

from __future__ import annotations

import asyncio
import random
import sys
import traceback
from collections.abc import Callable

from .control import Control
from .deeds import Deeds
from .delivering import Deliverer
from .outage import Outage
from .vendor import Vendor
from .web import BadRequest, Reply, Request, read_request, write_reply
from .world import Operation, World

MAX_WAIT_FOR_EVENTS = 8.0


class Server:
    """Addresses to handlers, and the fates of replies."""

    def __init__(self, world: World, vendors: dict[str, Vendor]) -> None:
        self.world = world
        self.deliverer = Deliverer(world)
        self.deeds = Deeds(world, vendors)
        self.outage = Outage()
        control = Control(world, self.deliverer, self.deeds, vendors, self.outage)
        self.handlers = {**{k: v.handle for k, v in vendors.items()}, "control": control.handle}

    def answer(self, request: Request) -> Reply:
        """Handles one request and writes down what it changed, all before any reply."""
        self.world.operation = Operation()
        first, _, rest = request.path.lstrip("/").partition("/")
        handler = self.handlers.get(first)
        if handler is None:
            return Reply.json({"error": "no such dialect"}, 404)
        request.path = "/" + rest
        self.world.calls += first != "control"
        try:
            reply = handler(request)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            reply = Reply.json({"error": "the simulator itself failed, see its log"}, 500)
            reply.headers["x-simulator-failed"] = "yes"
        self.world.store.commit(self.world.clock.now())
        self.deliverer.wake()
        return reply

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one client until it hangs up."""
        try:
            while (request := await read_request(reader)) is not None:
                is_vendors = not request.path.startswith("/control/")
                if is_vendors and await self.outage.swallows(writer):
                    break
                keep_alive = request.headers.get("connection", "").lower() != "close"
                reply = self.answer(request)
                sent = await self._send(reply, writer, keep_alive)
                if not sent or not keep_alive:
                    break
        except BadRequest as error:
            writer.write(write_reply(Reply.json({"error": str(error)}, 400), False))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.outage.left(writer)
            writer.close()

    async def _send(self, reply: Reply, writer: asyncio.StreamWriter, keep_alive: bool) -> bool:
        try:
            low, high = self.world.faults.settings["latency_ms"]
            if high:
                await asyncio.sleep(random.uniform(low, high) / 1000)
            if reply.fate is not None:
                if reply.fate.wait_for_events:
                    await self.deliverer.told(reply.fate.wait_for_events, MAX_WAIT_FOR_EVENTS)
                if reply.fate.hang_seconds:
                    await asyncio.sleep(reply.fate.hang_seconds)
                if reply.fate.lost:
                    return False
            writer.write(write_reply(reply, keep_alive))
            await writer.drain()
            return True
        finally:
            if reply.done is not None:
                reply.done()

    async def _do_deeds(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            if self.deeds.do_due():
                self.deliverer.wake()

    async def run(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        """Serves until it is cancelled; tells `ready` the port."""
        tasks = [asyncio.create_task(self.deliverer.run()), asyncio.create_task(self._do_deeds())]
        listener = await asyncio.start_server(
            self.connection, host, port, limit=64 * 1024, backlog=1024
        )
        ready(listener.sockets[0].getsockname()[1])
        try:
            async with listener:
                await listener.serve_forever()
        finally:
            for task in tasks:
                task.cancel()
