"""What lasts: before it is acknowledged, where the disk takes nothing more, where the answer to a
commit is lost, and where a start is cut off."""

from __future__ import annotations

import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from .acting import Payer, pay_at_provider
from .browser import Answer
from .campaign import Options, Outcome
from .crashes import Walks
from .database import Postgres
from .ground import Ground, answered, refill_fields, refill_form
from .invariants import judge
from .journal import Journal
from .processes import Broken, Child, free_port
from .quiet import Rest, gather
from .rules import broken
from .world import now

# Payments that are acknowledged while system calls are watched (PAY-03).
PAYMENTS = 40
# Of each figure, the share that must be beyond doubt: work of the clock may come in between.
BEYOND_DOUBT = 0.8
# Size of the file system that is filled (DUR-05), and seconds in which all is well again.
SMALL, RECOVERY = "64m", 15.0
# Pages that are read meanwhile.
PAGES = ("/", "/invoices", "/refill", "/payments")
# Commits whose answer is lost, and that it is one in so many (DUR-04).
LOST, ONE_IN = 40, 7
# Starts that are cut off (DUR-09).
STARTS = 25

Deed = Callable[[], object]

# PAY-03


@dataclass
class Trace:
    """What strace saw, in the order in which it happened."""

    # Writes and finished syncs of the log of the database, and replies: ("write" | "sync" |
    # "reply", the first line of a reply).
    steps: list[tuple[str, str]] = field(default_factory=list)


CALL = re.compile(r"^(\d+)\s+(?:<\.\.\. )?(\w+)(\(| resumed>)(.*)$")


def read_trace(lines: Iterator[str]) -> Trace:
    """A write counts when it begins, a sync when it is over, and an answer when it begins."""
    trace, syncing = Trace(), set()
    for line in lines:
        match = CALL.match(line)
        if not match:
            continue
        thread, call, how, rest = match.groups()
        is_log = "-wal>" in rest
        if call in ("fdatasync", "fsync"):
            if how == "(" and is_log and "<unfinished" in rest:
                syncing.add(thread)
            elif how == "(" and is_log and rest.rstrip().endswith("= 0"):
                trace.steps.append(("sync", ""))
            elif how != "(" and thread in syncing:
                syncing.discard(thread)
                if rest.rstrip().endswith("= 0"):
                    trace.steps.append(("sync", ""))
        elif how == "(" and call.startswith("pwrite") and is_log:
            trace.steps.append(("write", ""))
        elif how == "(" and '"HTTP/1.1 ' in rest:
            trace.steps.append(("reply", rest.partition('"HTTP/1.1 ')[2][:3]))
    return trace


def judge_trace(trace: Trace) -> tuple[int, int, int]:
    """Replies that something was written for: those before which it was synced beyond doubt, those
    that something else was written beside, and those before which nothing was synced."""
    good = doubtful = bad = 0
    writes = syncs = 0
    last = ""
    for step, _ in trace.steps:
        if step == "reply":
            if writes:
                good += last == "sync"
                doubtful += last == "write" and syncs > 0
                bad += syncs == 0
            writes = syncs = 0
        writes += step == "write"
        syncs += step == "sync" and writes > 0
        last = step
    return good, doubtful, bad


def pay03(options: Options, outcome: Outcome) -> None:
    """Each payment that is acknowledged was synced before: read off the system calls."""
    if options.postgres:
        outcome.lines.append("PAY-03: skipped: what PostgreSQL syncs is PostgreSQL's")
        return
    if not shutil.which("strace"):
        outcome.lines.append("PAY-03: skipped: strace is not installed (apt-get install strace)")
        return
    with Ground(options, "pay03") as ground:
        it = ground.settle_in()
        log = ground.folder / "calls"
        child = attach(ground.product, log)
        if child is None:
            outcome.lines.append("PAY-03: skipped: strace may not watch (ptrace is forbidden here)")
            return
        wish = {"external_id": "traced", "name": "traced", "currency": "USD"}
        it.api.call("POST", "/customers", wish)
        for number in range(PAYMENTS):
            payment = {"external_id": f"traced-{number}", "customer_id": "traced",
                       "status": "succeeded", "amount_minor": 500, "currency": "USD",
                       "method": "bank_transfer", "paid_at": now()}  # fmt: skip
            it.api.call("POST", "/payments", payment, f"traced-{number}")
            time.sleep(0.02)
        child.stop(20)
        with log.open(errors="replace") as lines:
            good, doubtful, bad = judge_trace(read_trace(lines))
        if bad:
            outcome.violations.append(("PAY-03", f"{bad} replies came before anything was synced"))
        if good < PAYMENTS * BEYOND_DOUBT:
            raise Broken(f"strace saw {good} replies after a sync, {doubtful} in doubt")
        text = f"{good} of {good + doubtful + bad} replies came after their commit was synced"
        outcome.lines.append(f"PAY-03: {text}, {doubtful} beside another write")


def attach(product: Child, log: Path) -> Child | None:
    """Has strace watch a program and all of its threads; nothing where it may not."""
    if product.process is None:
        raise Broken("nothing runs that could be watched")
    calls = "fsync,fdatasync,pwrite64,pwritev,write,writev,sendto,sendmsg"
    command = ["strace", "-f", "-yy", "-s", "32", "-e", f"trace={calls}", "-e", "signal=none",
               "-o", str(log), "-p", str(product.process.pid)]  # fmt: skip
    child = Child(command, product.folder, "strace.log")
    child.spawn()
    begun = time.monotonic()
    while time.monotonic() - begun < 20:
        if "attached" in child.tail():
            time.sleep(0.3)
            return child
        if child.has_ended(0.1):
            child.kill()
            return None
    raise Broken(f"strace does not begin: {child.tail()}")


# DUR-05


def dur05(options: Options, outcome: Outcome) -> None:
    """Where nothing can be written, nobody is charged, and all is well once there is room."""
    if options.postgres:
        outcome.lines.append("DUR-05: skipped: the disk is the database server's")
        return
    refused_writes(options, outcome)
    with small_disk(options.folder) as disk:
        if disk is None:
            text = "a full disk: skipped: making a file system takes root and the right to mount"
            outcome.lines.append(f"DUR-05: {text}")
            return
        with Ground(options, "dur05", disk / "data") as ground:
            ground.settle_in()
            filler = disk / "filler"

            def fill() -> None:
                with filler.open("wb", buffering=0) as file:
                    for size in (65_536, 512, 1):
                        with suppress(OSError):
                            while file.write(bytes(size)):
                                pass

            unwritable(ground, outcome, "a full disk", (fill, filler.unlink))


def refused_writes(options: Options, outcome: Outcome) -> None:
    """The same where the system refuses that any file grows: a write fails, and not for room."""
    with Ground(options, "dur05-refused") as ground:
        ground.settle_in()
        process = ground.product.process
        if process is None:
            raise Broken("the product does not run")

        def limit(size: int) -> None:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

        def refuse() -> None:
            limit(0)

        def allow() -> None:
            limit(resource.RLIM_INFINITY)

        unwritable(ground, outcome, "writes that fail", (refuse, allow))


def unwritable(ground: Ground, outcome: Outcome, name: str, how: tuple[Deed, Deed]) -> None:
    """A payment while nothing can be written, the pages meanwhile, and the same payment after."""
    (begin, end), it = how, ground.organisations[0]
    payer = Payer(it)
    before = payer.begin(it.gateways[0])
    browser, base = payer.browser, f"http://{it.host}"
    form = refill_form(browser, base)
    fields = refill_fields(form, it.gateways[0].name, 1_200)
    begin()
    calls = ground.simulator.read("/counters")["calls"]
    answers = [answered(lambda: browser.post(form.action, fields)) for _ in range(5)]
    pages = [answered(lambda it=path: browser.get(base + it)) for path in PAGES]
    asked = ground.simulator.read("/counters")["calls"] - calls
    end()
    begun = time.monotonic()
    again = answered(lambda: browser.post(form.action, fields))
    while (again is None or again.status >= 500) and time.monotonic() - begun < RECOVERY:
        time.sleep(0.1)
        again = answered(lambda: browser.post(form.action, fields))
    took = time.monotonic() - begun
    for answer in answers:
        if answer is None or answer.status != 503 or not answer.headers.get("retry-after"):
            outcome.violations.append(("DUR-05", f"{name}: a payment is answered {told(answer)}"))
    if asked:
        outcome.violations.append(("DUR-05", f"{name}: the provider was asked {asked} times"))
    read = [page.status if page else 0 for page in pages]
    if set(read) != {200}:
        outcome.violations.append(("DUR-05", f"{name}: pages are answered {read}"))
    if again is None or again.status != 303:
        text = f"{name}: {took:.0f} s later the payment is answered {told(again)}"
        outcome.violations.append(("DUR-05", text))
    pay_at_provider(ground.simulator, before)
    payer.come_back(before)
    for text in whole(ground):
        outcome.violations.append(("DUR-05", f"{name}: {text}"))
    outcome.lines.append(
        f"DUR-05: {name}: payments are answered {told(answers[0])}, pages {sorted(set(read))}, the"
        f" provider is asked {asked} times; {took:.1f} s later it goes on"
    )


def told(answer: Answer | None) -> str:
    """An answer in short."""
    if answer is None:
        return "by nobody"
    return f"{answer.status} (retry-after: {answer.headers.get('retry-after')})"


def whole(ground: Ground) -> list[str]:
    """What is wrong once nothing moves any more."""
    rest = Rest(ground.product, ground.simulator, ground.database, ground.mailbox)
    found = rest.come()
    found += [text for _, text in broken(ground.database)]
    seen = gather(rest, ground.organisations, Journal())
    return found + [text for _, text in judge(seen)]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of 64 MB in memory; nothing where it may not be made."""
    place = folder / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place)]
    done = subprocess.run(mount, check=False, capture_output=True) if shutil.which("mount") else None
    if done is None or done.returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True)


# DUR-04


class Wire:
    """Between the product and PostgreSQL: it can lose what is answered to a commit."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target, self.port = target, free_port()
        # Commits whose answers are to be lost, one in so many; 0: none.
        self.lose_one_in, self.lost = 0, 0
        self._commits, self._lock = 0, threading.Lock()
        self._server = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                try:
                    far = socket.create_connection(self.target)
                except OSError:
                    near.close()
                    continue
                for line in (near, far):
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._ask, args=(near, far), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near), daemon=True).start()

    def _ask(self, near: socket.socket, far: socket.socket) -> None:
        """What the product sends; where it is a commit, the answer may not come."""
        with suppress(OSError):
            while data := near.recv(65_536):
                is_lost = b"COMMIT\0" in data and self._is_lost()
                if is_lost:
                    # The server does it all the same, and its answer finds nobody.
                    near.shutdown(socket.SHUT_RDWR)
                far.sendall(data)
                if is_lost:
                    time.sleep(0.05)
                    break
        self._end(near, far)

    def _is_lost(self) -> bool:
        with self._lock:
            self._commits += 1
            is_lost = self.lose_one_in > 0 and self._commits % self.lose_one_in == 0
            self.lost += is_lost
            return is_lost

    def _pass(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(65_536):
                near.sendall(data)
        self._end(near, far)

    @staticmethod
    def _end(near: socket.socket, far: socket.socket) -> None:
        for line in (near, far):
            with suppress(OSError):
                line.close()


def dur04(options: Options, outcome: Outcome) -> None:
    """The connection to PostgreSQL breaks right after a commit was sent: nothing is done twice,
    nothing is lost, and nobody is told that it failed."""
    if not options.postgres:
        outcome.lines.append("DUR-04: skipped: SQLite has no connection that could break")
        return
    with Ground(options, "dur04") as ground:
        database = ground.database
        if not isinstance(database, Postgres):
            raise Broken("this takes PostgreSQL")
        match = re.search(r"@([^:/@]+):(\d+)/", database.url)
        if match is None:
            raise Broken("the URL of PostgreSQL has no host and port")
        wire = Wire((match[1], int(match[2])))
        direct = f"{match[1]}:{match[2]}"
        through = database.url.replace(direct, f"127.0.0.1:{wire.port}")
        ground.product.use_database(through)
        try:
            walks = Walks(ground, outcome, "DUR-04", counts=False)
            stripe = ground.organisations[0].gateways[0]
            wire.lose_one_in = ONE_IN
            while wire.lost < LOST:
                walks.label = f"after {wire.lost} lost answers"
                walks.pay_at(walks.come_in(), stripe, (0, False))
            wire.lose_one_in = 0
            walks.judge()
            ends = walks.journal.counts
            text = f"{wire.lost} answers to a commit were lost; of {ends['pay: begun']} payments"
            text += f" {ends['pay: done']} were told to be done, {ends['pay: failed']} to have failed"
            outcome.lines.append(f"DUR-04: {text}")
            if ends["pay: failed"]:
                outcome.violations.append(("DUR-04", "what was paid was told to have failed"))
        finally:
            wire.close()


# DUR-09


def dur09(options: Options, outcome: Outcome) -> None:
    """A start that is cut off while it makes the schema leaves nothing that the next one trips
    over."""
    chance = random.Random(f"{options.seed}/starts")
    with Ground(options, "dur09") as ground:
        # How long a start takes that makes the schema, from a database that is not there yet.
        whole_start = 0.0
        cut = 0
        for number in range(STARTS):
            ground.renew()
            if number == 0:
                whole_start = ground.product.start()
                ground.product.kill()
                continue
            ground.product.spawn()
            time.sleep(chance.uniform(0.0, whole_start))
            cut += not ground.product.has_ended(0.0)
            ground.product.signal(signal.SIGKILL)
            ground.product.kill()
            try:
                ground.product.start()
            except Broken as fault:
                outcome.violations.append(("DUR-09", f"it does not start any more: {fault}"))
                return
            faults = ground.database.integrity()
            ground.product.kill()
            if faults:
                outcome.violations.append(("DUR-09", f"the files are damaged: {faults[:3]}"))
        text = f"{cut} first starts of {whole_start:.1f} s were cut off at random moments"
        outcome.lines.append(f"DUR-09: {text}, and the next one came through each time")
