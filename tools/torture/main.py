"""Starts the crash campaign; `python3 tools/torture/main.py --help` says how."""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from types import FrameType

from torture.campaign import Campaign, Options, Outcome
from torture.processes import Broken, end_all
from torture.report import lines
from torture.scenarios import NAMES, Scenarios

# What a run ends with.
FINE, VIOLATED, NOT_RUN = 0, 1, 2


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Kills Portico under load and judges its books.")
    parser.add_argument("--program", type=Path, default=Path("target/debug/portico"))
    parser.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="sqlite")
    parser.add_argument("--postgres", default="", help="URL of a server to make databases on")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seed", type=int, help="draws intents, faults and moments of kills")
    parser.add_argument("--restart-limit", type=float, default=5.0, help="seconds of a start")
    parser.add_argument("--mailed", type=int, default=10, help="customers with receipts, percent")
    told = "all that providers took by themselves must be in the books, whether they told of it"
    parser.add_argument("--reversals", action="store_true", help=told)
    told = "no kills: what is told in the README, one after the other"
    parser.add_argument("--scenarios", action="store_true", help=told)
    told = "one of the scenarios; may be given several times"
    parser.add_argument("--only", choices=NAMES, action="append", help=told)
    told = "each use case at each provider, not at one"
    parser.add_argument("--thorough", action="store_true", help=told)
    told = "in how many orders five notices are told at each provider; 120 are all"
    parser.add_argument("--orders", type=int, default=120, help=told)
    parser.add_argument("--folder", type=Path, help="where runs are kept; else a temporary one")
    return parser.parse_args()


def engines(given: argparse.Namespace) -> list[str]:
    """The servers of the runs: a URL, or nothing for SQLite."""
    chosen = []
    if given.engine in ("sqlite", "both"):
        chosen.append("")
    if given.engine in ("postgres", "both"):
        if not given.postgres:
            raise SystemExit("--engine postgres needs --postgres URL")
        chosen.append(given.postgres)
    return chosen


def one(given: argparse.Namespace, server: str, seed: int) -> int:
    """One run in a folder of its own, which is kept where something is wrong."""
    if given.folder is not None:
        given.folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="portico-torture-", dir=given.folder))
    options = Options(
        program=given.program.resolve(),
        folder=folder,
        kills=given.kills,
        clients=given.clients,
        seed=seed,
        postgres=server,
        restart_limit=given.restart_limit,
        all_reversals=given.reversals,
        mailed=given.mailed,
        orders=given.orders,
        is_thorough=given.thorough,
    )
    outcome = Outcome("postgres" if server else "sqlite")
    try:
        is_play = given.scenarios or given.only
        names = given.only or list(NAMES)
        play = Scenarios(options, names) if is_play else Campaign(options)
        outcome = play.outcome
        play.run()
    except Broken as fault:
        outcome.broken.append(str(fault))
    except Exception:
        outcome.broken.append(traceback.format_exc())
    result = VIOLATED if outcome.violations else NOT_RUN if outcome.broken else FINE
    for line in lines(outcome):
        print(line, flush=True)
    if result == FINE and given.folder is None:
        shutil.rmtree(folder)
    else:
        print(f"  its data and logs: {folder}", flush=True)
    return result


def interrupted(_signal: int, _frame: FrameType | None) -> None:
    """Ends what was started."""
    end_all()
    raise SystemExit(130)


def main() -> int:
    """Runs on each engine; the answer is the worst."""
    given = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, interrupted)
    if not given.program.exists():
        raise SystemExit(f"{given.program} is not there: cargo build --package portico")
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(2**31)
    print(f"seed {seed}: the same wishes, faults and moments again by --seed {seed}", flush=True)
    return max(one(given, server, seed) for server in engines(given))


if __name__ == "__main__":
    sys.exit(main())
