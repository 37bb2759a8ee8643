"""Starts the gateway simulator; `python3 tools/gateway-sim/main.py --help` says how."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress
from pathlib import Path

from gatewaysim.authorizenet import AuthorizeNet
from gatewaysim.clock import Clock
from gatewaysim.faults import Faults
from gatewaysim.paypal import PayPal
from gatewaysim.planning import Planner
from gatewaysim.server import Server
from gatewaysim.store import Store
from gatewaysim.stripe import Stripe
from gatewaysim.vendor import Vendor
from gatewaysim.world import World


def build(state: Path | None, seed: int, faults: str, clock: str) -> Server:
    """A server with all three vendors."""
    world = World(Store(state, seed), Clock.parse(clock), Faults.parse(seed, faults))
    Planner(world)
    vendors: dict[str, Vendor] = {
        "stripe": Stripe(world),
        "paypal": PayPal(world),
        "authorizenet": AuthorizeNet(world),
    }
    return Server(world, vendors)


def main() -> None:
    """Reads the command line and serves until interrupted."""
    parser = argparse.ArgumentParser(description="A stand-in for Stripe, PayPal and Authorize.Net.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=18460)
    parser.add_argument("--seed", type=int, default=1, help="draws all faults and identifiers")
    parser.add_argument("--faults", default="none", help="none, named, or a JSON file of rates")
    parser.add_argument("--clock", default="real", help="real, or scaled:60 for 60 s in one")
    parser.add_argument("--state", type=Path, help="file that keeps the truth over a restart")
    options = parser.parse_args()

    def ready(port: int) -> None:
        print(f"gateway-sim: listening on http://{options.host}:{port}", flush=True)

    server = build(options.state, options.seed, options.faults, options.clock)
    with suppress(KeyboardInterrupt):
        asyncio.run(server.run(options.host, options.port, ready))


if __name__ == "__main__":
    main()
