"""The simulator can be killed, too; and it can take a crowd."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections import Counter
from contextlib import suppress
from pathlib import Path

from .support import HERE, Simulator, call

ACCOUNT = {"dialect": "stripe", "org": "acme", "account": "acct_acme", "secret_key": "sk_test_a"}
CHARGE = b"amount=900&currency=eur&confirm=true&off_session=true&payment_method=pm_card_visa"
HEADERS = {
    "authorization": "Bearer sk_test_a",
    "content-type": "application/x-www-form-urlencoded",
}


def start(state: Path) -> tuple[subprocess.Popen[str], int]:
    """A simulator in a process of its own."""
    command = [sys.executable, str(HERE / "main.py"), "--port", "0", "--state", str(state)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    return process, int(line.rsplit(":", 1)[1])


def kill(process: subprocess.Popen[str]) -> None:
    """Ends a process the hard way."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


class Restart(unittest.TestCase):
    """Truth that survives."""

    def test_acknowledged_charges_survive_a_kill(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            state = Path(folder) / "truth.jsonl"
            process, port = start(state)
            call(port, "POST", "/control/accounts", {}, json.dumps(ACCOUNT).encode())
            path, seen = "/stripe/v1/payment_intents", []
            for number in range(20):
                keyed = {**HEADERS, "idempotency-key": f"k{number}"}
                seen.append(call(port, "POST", path, keyed, CHARGE).json["latest_charge"])
            kill(process)
            with state.open("ab") as file:
                file.write(b'{"number": 1, "torn')
            process, port = start(state)
            truth = call(port, "GET", "/control/truth").json
            self.assertEqual([row["id"] for row in truth["charges"]], seen)
            keyed = {**HEADERS, "idempotency-key": "k3"}
            again = call(port, "POST", path, keyed, CHARGE).json
            self.assertEqual(again["latest_charge"], seen[3])
            new = call(port, "POST", path, HEADERS, CHARGE).json["latest_charge"]
            self.assertNotIn(new, seen)
            kill(process)

    def test_deliveries_are_taken_up_again(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            state = Path(folder) / "truth.jsonl"
            first = Simulator(state=state)
            hook = {"url": "http://127.0.0.1:1/nobody", "secret": "whsec"}
            first.control("/accounts", **ACCOUNT, webhooks=[hook])
            call(first.port, "POST", "/stripe/v1/customers", HEADERS)
            first.stop()
            second = Simulator(state=state)
            self.assertEqual(second.read("/counters")["pending"], 1)
            second.stop()


class Crowd(unittest.TestCase):
    """Sixty-four clients at once."""

    def test_sixty_four_clients_lose_nothing(self) -> None:
        sim = Simulator()
        self.addCleanup(sim.stop)
        sim.control("/accounts", **ACCOUNT)
        failures: list[object] = []

        def client() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=30)
            for _ in range(10):
                connection.request("POST", "/stripe/v1/payment_intents", CHARGE, HEADERS)
                reply = connection.getresponse()
                body = reply.read()
                if reply.status != 200:
                    failures.append(body)
            connection.close()

        threads = [threading.Thread(target=client) for _ in range(64)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"\n640 charges in {time.monotonic() - began:.1f} s", file=sys.stderr)
        self.assertEqual(failures, [])
        self.assertEqual(sim.read("/counters")["charges"], 640)

    def test_retries_with_one_key_charge_once_whatever_goes_wrong(self) -> None:
        sim = Simulator("named", "scaled:60", seed=4)
        self.addCleanup(sim.stop)
        sim.control("/accounts", **ACCOUNT)
        sim.control("/faults", settings={"hang_seconds": 0.1, "latency_ms": [0, 5]})
        answered: set[str] = set()

        def client(number: int) -> None:
            for turn in range(12):
                reference = f"inv-{number}-{turn}"
                body = CHARGE + b"&metadata[reference]=" + reference.encode()
                keyed = {**HEADERS, "idempotency-key": reference}
                for _ in range(8):
                    with suppress(OSError, http.client.HTTPException):
                        path = "/stripe/v1/payment_intents"
                        status = call(sim.port, "POST", path, keyed, body).status
                        if status == 200:
                            answered.add(reference)
                        if status in (200, 402):
                            break

        threads = [threading.Thread(target=client, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        charged = Counter(row["reference"] for row in sim.truth()["charges"])
        self.assertEqual(set(charged.values()), {1})
        self.assertLessEqual(answered, set(charged))
        # What stays a 5xx or was asked for again is charged and was never answered well.
        self.assertGreater(len(charged), len(answered))


if __name__ == "__main__":
    unittest.main()
