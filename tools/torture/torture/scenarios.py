"""Notices through the whole product: forged, in every order, at several addresses, and many."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from . import forgeries
from .acting import (
    TELLING,
    Message,
    Messenger,
    Paid,
    Payer,
    draw,
    events_of,
    genuine,
    pay_at_provider,
    until,
)
from .campaign import Options, Outcome, clock, open_database
from .crashes import pay02
from .database import Database, url_of
from .durable import dur04, dur05, dur09, pay03
from .outages import pay17
from .processes import Broken, Product, Simulator
from .seen import STATEMENTS, charge_of
from .world import Gateway, Organisation, account_of, bare, create, make, register

# Those that take place in one product, one after the other, and those with one of their own.
TOGETHER = ("whk01", "whk03", "whk05", "whk07")
ALONE: dict[str, Callable[[Options, Outcome], None]] = {
    "pay02": pay02,
    "pay03": pay03,
    "pay17": pay17,
    "dur04": dur04,
    "dur05": dur05,
    "dur09": dur09,
    "clock": clock,
}
NAMES = (*TOGETHER, *ALONE)
# Notices a second, for how many seconds, on how many connections (WHK-07).
RATE, SECONDS, CONNECTIONS = 200, 5, 16
KILLS = 3
# Milliseconds in which ninety-nine of a hundred are to be answered.
ASKED_MS = 300
# Seconds in which the product looks again by itself at what a notice came too early for.
LOOKS = 30.0


class Sink:
    """Takes what the simulator brings by itself, so that the product hears of nothing."""

    def __init__(self) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802
                self.rfile.read(int(self.headers["content-length"]))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Scenarios:
    """A run of them."""

    def __init__(self, options: Options, names: list[str]) -> None:
        self.options, self.names = options, names
        self.outcome = Outcome("postgres" if options.postgres else "sqlite")
        self.database: Database
        self.product: Product
        self.simulator: Simulator
        self.sink = Sink()
        self.organisations: list[Organisation] = []

    def run(self) -> None:
        """Each of them, one after the other."""
        begun = time.monotonic()
        try:
            if any(name in TOGETHER for name in self.names):
                self.together()
            for name in self.names:
                if name in ALONE:
                    print(f"  … {time.monotonic() - begun:.0f} s: {name}", flush=True)
                    ALONE[name](self.options, self.outcome)
        finally:
            self.outcome.seconds = time.monotonic() - begun

    def together(self) -> None:
        """Those that share a product."""
        options = self.options
        self.database = open_database(options)
        self.product = Product(options.program, options.folder, url_of(self.database))
        self.simulator = Simulator(options.folder, options.seed, "real")
        try:
            self.simulator.start()
            first = self.product.run("organisation", "list")
            if first.returncode:
                raise Broken(f"the product does not start:\n{first.stdout}{first.stderr}")
            self.product.start()
            self.organisations = make(self.product, self.simulator, 0)
            for it in self.organisations:
                for gateway in it.gateways[:3]:
                    self.silence(it, gateway.provider, [gateway.notice_url])
            plays: dict[str, Callable[[], None]] = {
                "whk01": self.whk01,
                "whk03": self.whk03,
                "whk05": self.whk05,
                "whk07": self.whk07,
            }
            for name in self.names:
                if name in plays:
                    plays[name]()
        finally:
            self.product.kill()
            self.simulator.kill()
            self.database.remove(self.options.folder if self.outcome.violations else None)

    def silence(self, it: Organisation, provider: str, addresses: list[str]) -> None:
        """From now on the judge alone brings the provider's messages."""
        register(self.simulator, it.name, provider, addresses, self.sink.port)

    def violate(self, name: str, text: str) -> None:
        """Notes what is wrong."""
        self.outcome.violations.append((name, text))

    def notices(self) -> int:
        """How many are kept."""
        statement = {"count": "SELECT COUNT(*) AS count FROM gateway_notice"}
        return int(self.database.read(statement)["count"][0]["count"])

    def worked(self) -> None:
        """Waits until all that are kept were worked on."""
        statement = {
            "count": "SELECT COUNT(*) AS count FROM gateway_notice WHERE next_try_at IS NOT NULL"
        }
        until("the notices", lambda: self.database.read(statement)["count"][0]["count"] == 0)

    def refusals(self) -> int:
        """Lines of the log."""
        return self.product.log.read_bytes().count(b"a message is not the provider's")

    # WHK-01

    def whk01(self) -> None:
        """Some forty forgeries of a message for each provider: none is kept, each is logged."""
        acme, rival = self.organisations
        payer, stranger = Payer(acme), Payer(rival)
        messenger = Messenger(self.product)
        forgers = (Messenger(self.product, f"127.9.0.{number}") for number in range(1, 4))
        addresses = {gateway.provider: gateway for gateway in acme.gateways}
        told = []
        for own, foreign in zip(acme.gateways[:3], rival.gateways[:3], strict=True):
            paid, unpaid = payer.begin(own), payer.begin(own)
            pay_at_provider(self.simulator, paid)
            good = self.paid_message(paid)
            theirs = stranger.begin(foreign)
            pay_at_provider(self.simulator, theirs)
            forged = self.forged(good, self.paid_message(theirs), (paid, unpaid))
            others = {name: _path(it) for name, it in addresses.items()
                      if name not in ("sandbox", own.provider)}  # fmt: skip
            forged += forgeries.elsewhere(good, others)
            # From an address of its own: whoever forges is soon not listened to any more.
            forger = next(forgers)
            kept, lines, refused = self.notices(), self.refusals(), 0
            for message in forged:
                if (message.path, message.headers, message.body, message.method) == (
                    good.path, good.headers, good.body, good.method
                ):  # fmt: skip
                    raise Broken(f"{own.provider}: {message.name} is no forgery")
                status = forger.bring(message)
                if status == 429:
                    raise Broken(f"{own.provider}: {message.name} was not looked at")
                refused += status == 400
                if 200 <= status < 300:
                    self.violate("WHK-01", f"{own.provider} took {message.name}")
            forger.close()
            if self.notices() != kept:
                self.violate("WHK-01", f"{own.provider} kept {self.notices() - kept} forgeries")
            if self.refusals() < lines + refused:
                self.violate("WHK-01", f"{own.provider}: not all forgeries are in the log")
            if payer.state(unpaid) == "succeeded":
                self.violate("WHK-01", f"{own.provider} credited what nobody paid")
            if messenger.bring(good) != 200:
                self.violate("WHK-01", f"{own.provider} did not take the genuine message")
            told.append(f"{own.provider} {len(forged)}")
        messenger.close()
        self.outcome.lines.append(f"WHK-01: forgeries, none of which may be taken: {told}")

    def paid_message(self, paid: Paid) -> Message:
        """The news that a payment was made."""
        kinds = [it for it in events_of(self.simulator, paid) if it["type"] in TELLING]
        if not kinds:
            raise Broken(f"nothing tells that {paid.gateway.provider} was paid")
        return genuine(self.simulator, kinds[0])

    def forged(self, good: Message, theirs: Message, both: tuple[Paid, Paid]) -> list[Message]:
        """By the provider."""
        now, references = time.time(), (both[0].reference, both[1].reference)
        provider = both[0].gateway.provider
        (keys, own), (_, foreign) = (account_of(it.name, provider) for it in self.organisations)
        if provider == "paypal":
            return forgeries.paypal(good, theirs, forgeries.utc(now), references)
        if provider == "stripe":
            secrets = (own["secret"], foreign["secret"])
            return forgeries.stripe(good, secrets, int(now), references)
        three = (own["secret"], foreign["secret"], keys["transaction_key"])
        return forgeries.authorize_net(good, three, forgeries.utc(now), references)

    # WHK-03

    def whk03(self) -> None:
        """Events of one payment in every order, each up to three times: the end is the same."""
        acme = self.organisations[0]
        payer, messenger = Payer(acme), Messenger(self.product)
        chance = draw(self.options.seed, "orders")
        self.simulator.tell("/faults", rates={"duplicate": 1})
        told, made = [], []
        for gateway in acme.gateways[:3]:
            first = self.five(payer, gateway)
            brought, size = 0, len(first[1])
            orders = list(itertools.permutations(range(size)))
            chance.shuffle(orders)
            orders = orders[: self.options.orders]
            for number, order in enumerate(orders):
                paid, events = first if number == 0 else self.five(payer, gateway)
                made.append(paid)
                for index in order:
                    message = genuine(self.simulator, events[index])
                    for _ in range(chance.choice((1, 1, 1, 2, 3))):
                        brought += 1
                        if messenger.bring(message) != 200:
                            kind = events[index]["type"]
                            self.violate("WHK-03", f"{gateway.provider}: {kind} was not taken")
            told.append(f"{gateway.provider} {len(orders)} orders of {size}, {brought} messages")
        messenger.close()
        self.simulator.tell("/faults", rates={"duplicate": 0})
        self.worked()
        told.append(self.same_end(made))
        self.outcome.lines.append(f"WHK-03: {'; '.join(told)}")

    def five(self, payer: Payer, gateway: Gateway) -> tuple[Paid, list[dict[str, Any]]]:
        """A payment that the product did not learn of, a part of it given back, and up to five
        different things that the provider would tell."""
        paid = payer.begin(gateway)
        pay_at_provider(self.simulator, paid)
        charge = next(it for it in reversed(self.simulator.read(
            f"/truth?account={gateway.account}")["charges"])
            if it["reference"] == paid.reference)  # fmt: skip
        # What is not settled could only be voided.
        self.simulator.tell("/batch")
        self.simulator.tell("/refund", charge=charge["id"], amount=100)
        found: dict[str, dict[str, Any]] = {}
        for event in events_of(self.simulator, paid):
            if event["lie"] in ("", "sibling"):
                found.setdefault(event["type"], event)
        events = list(found.values())
        paying = [it for it in events if it["paid"]][:2]
        siblings = [it for it in events if it["lie"] == "sibling"][:1]
        back = [it for it in events if "refund" in it["type"].lower() and not it["lie"]][:2]
        rest = [it for it in events if it not in [*paying, *siblings, *back]]
        return paid, [*paying, *siblings, *back, *rest][:5]

    def same_end(self, made: list[Paid]) -> str:
        """One payment each, and for each provider the same of everything. The answer is how many
        were paid by notices alone, without a later look."""
        at_once = self.paid_of(made)
        until("the last looks", lambda: len(self.paid_of(made)) == len(made), LOOKS)
        rows = self.database.read({name: STATEMENTS[name] for name in ("attempts", "payments")})
        attempts = {it["id"]: it for it in rows["attempts"]}
        ends: dict[str, Counter[tuple[object, ...]]] = {}
        for paid in made:
            attempt = attempts[paid.attempt]
            own = [it for it in rows["payments"] if it["id"] == attempt["payment"]]
            taken = [it for it in rows["payments"] if own and it["parent"] == attempt["payment"]]
            if attempt["state"] != "succeeded" or [it["amount"] for it in own] != [paid.amount]:
                self.violate("WHK-03", f"{paid.gateway.provider}: {attempt['state']}, {own}")
            end = (attempt["state"], *sorted((it["status"], it["amount"]) for it in taken))
            ends.setdefault(paid.gateway.provider, Counter())[end] += 1
        for provider, found in ends.items():
            if len(found) > 1:
                self.violate("WHK-03", f"{provider} ended in {len(found)} ways: {found}")
        return f"{len(at_once)} of {len(made)} were paid by notices alone"

    def paid_of(self, made: list[Paid]) -> set[str]:
        """Those that the product says are paid."""
        rows = self.database.read({"attempts": STATEMENTS["attempts"]})["attempts"]
        done = {it["id"] for it in rows if it["state"] == "succeeded"}
        return done & {paid.attempt for paid in made}

    # WHK-05

    def whk05(self) -> None:
        """Three gateways that lead to one account: what is told to all of them counts once."""
        acme = self.organisations[0]
        payer, messenger = Payer(acme), Messenger(self.product)
        for gateway in acme.gateways[:3]:
            doors = [gateway]
            for number in (2, 3):
                name = f"{gateway.provider} {number}"
                one = create(acme.api, acme.name, gateway.provider, self.simulator.url, name)
                doors.append(Gateway(gateway.provider, one["id"], bare(one["id"]),
                                     gateway.account, one["notice_url"]))  # fmt: skip
            self.silence(acme, gateway.provider, [it.notice_url for it in doors])
            made = [payer.begin(door) for door in doors]
            for paid in made:
                pay_at_provider(self.simulator, paid)
                for event in events_of(self.simulator, paid):
                    for index in (0, 1, 2, 2, 1, 0):
                        if messenger.bring(genuine(self.simulator, event, index)) != 200:
                            self.violate("WHK-05", f"{gateway.provider} did not take a message")
            self.worked()
            self.counted_once(made, gateway)
        messenger.close()
        self.outcome.lines.append("WHK-05: three payments at three addresses each, of one account")

    def counted_once(self, made: list[Paid], gateway: Gateway) -> None:
        """Each charge at the account is one payment, by the gateway that it began at."""
        rows = self.database.read({"payments": STATEMENTS["payments"]})["payments"]
        truth = self.simulator.read(f"/truth?account={gateway.account}")["charges"]
        names = {it["reference"]: charge_of(it) for it in truth}
        for paid in made:
            charge = names[paid.reference]
            own = [it for it in rows if it["charge"] == charge]
            if [(it["gateway"], it["amount"]) for it in own] != [(paid.gateway.id, paid.amount)]:
                self.violate("WHK-05", f"{gateway.provider}: {charge} is {own}")

    # WHK-07

    def whk07(self) -> None:
        """Many notices: how soon they are answered, and that what was answered outlives a kill."""
        gateway = self.organisations[0].gateways[0]
        times: list[float] = []
        answered = self.flood(gateway, "rate", RATE * SECONDS, times)
        times.sort()
        if len(times) < RATE * SECONDS:
            self.violate("WHK-07", f"{RATE * SECONDS - len(times)} messages were not taken")
        median, slow = (1_000 * times[int(len(times) * share)] for share in (0.5, 0.99))
        self.outcome.lines.append(
            f"WHK-07: {RATE} notices a second for {SECONDS} s are answered in {median:.1f} ms"
            f" (median), {slow:.1f} ms (p99; asked are {ASKED_MS})"
        )
        for number in range(KILLS):
            killer = threading.Timer(1.0, self.product.kill)
            killer.start()
            told = self.flood(gateway, f"kill{number}", RATE * 2, [])
            killer.join()
            self.product.start()
            answered |= told
        kept = self.database.read(
            {"ids": "SELECT event_id FROM gateway_notice WHERE event_id LIKE 'evt_flood_%'"}
        )
        lost = len(answered - {row["event_id"] for row in kept["ids"]})
        if lost:
            self.violate("WHK-07", f"{lost} of {len(answered)} that were answered are lost")
        text = f"of {len(answered)} that were answered {lost} are lost after {KILLS} kills"
        self.outcome.lines.append(f"WHK-07: {text}")

    def flood(self, gateway: Gateway, name: str, count: int, times: list[float]) -> set[str]:
        """Sends so many at the rate; the answer is which were taken."""
        secret = account_of(self.organisations[0].name, "stripe")[1]["secret"]
        numbers, lock, begun = iter(range(count)), threading.Lock(), time.monotonic()
        answered: set[str] = set()

        def send() -> None:
            messenger = Messenger(self.product)
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    break
                time.sleep(max(0.0, begun + number / RATE - time.monotonic()))
                message = _event(_path(gateway), f"evt_flood_{name}_{number}", secret)
                since = time.monotonic()
                try:
                    status = messenger.bring(message)
                except (OSError, http.client.HTTPException):
                    continue
                if status == 200:
                    with lock:
                        times.append(time.monotonic() - since)
                        answered.add(json.loads(message.body)["id"])
            messenger.close()

        threads = [threading.Thread(target=send, daemon=True) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answered


def _path(gateway: Gateway) -> str:
    return "/" + gateway.notice_url.split("/", 3)[3]


def _event(path: str, identifier: str, secret: str) -> Message:
    """A genuine message of Stripe's about a payment of nobody here."""
    found = {"id": f"pi_{identifier}", "object": "payment_intent", "metadata": {}}
    body = json.dumps({"id": identifier, "object": "event", "type": "payment_intent.created",
                       "livemode": False, "data": {"object": found}}).encode()  # fmt: skip
    at = int(time.time())
    signature = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json", "stripe-signature": f"t={at},v1={signature}"}
    return Message(identifier, path, headers, body)
