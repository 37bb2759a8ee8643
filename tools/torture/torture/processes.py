"""Programs of a run: on free ports of the loopback, and gone when the run is over."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

TOOLS = Path(__file__).resolve().parents[2]
# Below those that the system gives to outgoing connections: a port must be free again when its
# program is started anew.
PORTS = range(20_000, 32_000)
PATIENCE = 60.0


class Broken(Exception):
    """The run itself cannot go on; this says nothing of the product."""


_taken: set[int] = set()
_running: list[Child] = []


def free_port() -> int:
    """A port on which nobody listens, given once."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _taken:
            _taken.add(port)
            return port


def end_all() -> None:
    """Ends every program that still runs."""
    for child in list(_running):
        child.kill()


atexit.register(end_all)


def clean_environment() -> dict[str, str]:
    """The environment without what configures Portico."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTICO_")}


class Child:
    """A program that is started, killed, and started again; what it says goes into one file."""

    def __init__(self, command: list[str], folder: Path, log: str) -> None:
        self.command, self.folder, self.log = command, folder, folder / log
        # What it finds in its environment besides.
        self.environment: dict[str, str] = {}
        self.process: subprocess.Popen[bytes] | None = None

    def spawn(self) -> None:
        """Starts it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**clean_environment(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A file that may not grow is an error then, and no signal that kills.
                restore_signals=False,
            )
        _running.append(self)

    def is_running(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Ends it at once, in the middle of whatever it does."""
        self._end(signal.SIGKILL, PATIENCE)

    def stop(self, patience: float = PATIENCE) -> int:
        """Asks it to stop; answers with what it ended with."""
        return self._end(signal.SIGTERM, patience)

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        if self.process is not None:
            self.process.send_signal(number)

    def has_ended(self, patience: float) -> bool:
        """Whether it ends by itself within that time."""
        if self.process is None:
            return True
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _end(self, how: signal.Signals, patience: float) -> int:
        process, self.process = self.process, None
        if self in _running:
            _running.remove(self)
        if process is None:
            return 0
        process.send_signal(how)
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)
            return -signal.SIGKILL

    def tail(self) -> str:
        """The last that it said."""
        if not self.log.exists():
            return ""
        return self.log.read_bytes()[-4000:].decode(errors="replace")

    def until_answers(self, port: int, path: str) -> float:
        """Waits until this address answers with success; the seconds that it took."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            if not self.is_running():
                raise Broken(f"{self.command[0]} ended:\n{self.tail()}")
            try:
                if ask(port, "GET", path, timeout=5)[0] == 200:
                    return time.monotonic() - begun
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.01)
        raise Broken(f"{self.command[0]} does not answer at {path}:\n{self.tail()}")


def ask(port: int, method: str, path: str, body: bytes = b"", timeout: float = 60) -> Any:
    """One request to this machine; status and body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body or None, {"connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Product(Child):
    """Portico, with data of its own in a folder or in a database of its own."""

    def __init__(
        self,
        program: Path,
        folder: Path,
        database: str,
        mail_port: int = 0,
        data: Path | None = None,
    ) -> None:
        self.program, self.database, self.mail_port = program, database, mail_port
        self.data = data or folder / "data"
        self.portal, self.panel = free_port(), free_port()
        super().__init__([str(program), "serve"], folder, "portico.log")
        (folder / "portico.toml").write_text(self._configuration(), "utf-8")

    def _configuration(self) -> str:
        lines = [
            f"data_dir = {json.dumps(str(self.data))}",
            "[portal]",
            f'addr = "127.0.0.1:{self.portal}"',
            "[panel]",
            f'addr = "127.0.0.1:{self.panel}"',
            "requests_per_second = 1000000",
            "[gateways]",
            'networks = ["127.0.0.0/8"]',
        ]
        if self.database:
            lines += ["[database]", f"url = {json.dumps(self.database)}"]
        if self.mail_port:
            lines += ["[mail]", f'smtp_url = "smtp://127.0.0.1:{self.mail_port}"']
        return "\n".join(lines) + "\n"

    def use_database(self, database: str) -> None:
        """Another address of its database, from the next start on."""
        self.database = database
        (self.folder / "portico.toml").write_text(self._configuration(), "utf-8")

    def start(self) -> float:
        """Starts it, and waits until it takes work; the seconds that this took."""
        self.spawn()
        return self.until_answers(self.panel, "/readyz")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs one of the commands that end by themselves."""
        return subprocess.run(
            [str(self.program), *arguments],
            cwd=self.folder,
            env=clean_environment(),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def create_organisation(self, name: str, host: str) -> tuple[str, str]:
        """Makes a tenant; the answer is its identifier and a key of the Management API."""
        done = self.run("organisation", "create", "--name", name, "--host", host)
        found = {}
        for line in done.stdout.splitlines():
            for label in ("organisation", "API key"):
                if line.startswith(label):
                    found[label] = line.removeprefix(label).split()[0]
        if done.returncode or len(found) < 2:
            raise Broken(f"no organisation was made:\n{done.stdout}{done.stderr}")
        return found["organisation"], found["API key"]


class Simulator(Child):
    """tools/gateway-sim: all three payment providers, and the truth about the money."""

    def __init__(self, folder: Path, seed: int, clock: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        script = str(TOOLS / "gateway-sim" / "main.py")
        options = ["--port", str(self.port), "--seed", str(seed), "--clock", clock]
        options += ["--state", str(folder / "truth.jsonl")]
        super().__init__([sys.executable, script, *options], folder, "gateway-sim.log")

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self.spawn()
        self.until_answers(self.port, "/control/counters")

    def calm(self) -> None:
        """From now on nothing goes wrong there; what is planned still comes."""
        rates = self.read("/faults")["rates"]
        self.tell("/outage")
        self.tell("/faults", rates=dict.fromkeys(rates, 0))

    def tell(self, path: str, **wish: Any) -> Any:
        """Has something done there."""
        return self._control("POST", path, json.dumps(wish).encode())

    def read(self, path: str) -> Any:
        """Reads something from there."""
        return self._control("GET", path, b"")

    def _control(self, method: str, path: str, body: bytes) -> Any:
        status, answer = ask(self.port, method, "/control" + path, body)
        if status != 200:
            raise Broken(f"the simulator refuses {path}: {answer!r}")
        return json.loads(answer)
