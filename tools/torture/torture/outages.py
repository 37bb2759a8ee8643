"""Providers that do not answer (PAY-17): who waits for them, and who does not."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from .acting import Payer, pay_at_provider
from .browser import Browser, Unreachable
from .campaign import Options, Outcome
from .ground import Ground, quantile, refill_fields, refill_form
from .processes import Broken
from .quiet import Rest
from .world import Gateway, Organisation

# Pages that have nothing to do with providers.
PAGES = ("/", "/invoices", "/payments", "/balance")
# Seconds of looking at them before and during the outage, by how many at once.
SECONDS, READERS = 6.0, 4
# Customers who go on paying, and how long the providers are silent at most.
PAYERS, SILENT = 12, 120.0
# Within so many seconds the ways are not offered any more, are offered again, and the program stops.
CLOSES, OPENS, STOPS = 30.0, 30.0, 20.0
# Pages may take so much longer; below so many milliseconds it is noise.
SLOWER, NOISE_MS = 1.5, 250.0


@dataclass
class Load:
    """Customers who pay by providers that do not answer."""

    over: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, it: Organisation) -> None:
        """They begin."""
        for number in range(PAYERS):
            payer, gateway = Payer(it), it.gateways[number % 3]
            payer.arrive()
            thread = threading.Thread(target=self._pay, args=(payer, gateway), daemon=True)
            self.threads.append(thread)
        for thread in self.threads:
            thread.start()

    def _pay(self, payer: Payer, gateway: Gateway) -> None:
        # As often as one customer may.
        while not self.over.is_set() and payer.begun < payer.MOST:
            with suppress(Unreachable, Broken):
                payer.begin(gateway)
            time.sleep(0.2)

    def end(self) -> None:
        """They stop."""
        self.over.set()
        for thread in self.threads:
            thread.join(60)


def read_pages(it: Organisation, seconds: float) -> list[float]:
    """How long each page took, by several at once."""
    took: list[float] = []

    def read(payer: Payer) -> None:
        until, turn = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            begun = time.monotonic()
            status = payer.browser.get(payer.url(PAGES[turn % len(PAGES)])).status
            took.append(time.monotonic() - begun)
            turn += 1
            if status != 200:
                raise Broken(f"{PAGES[turn % len(PAGES)]} is answered {status}")

    payers = [Payer(it) for _ in range(READERS)]
    for payer in payers:
        payer.arrive()
    threads = [threading.Thread(target=read, args=(it,), daemon=True) for it in payers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 60)
    return took


def offered(browser: Browser, base: str) -> set[str]:
    """The ways that can be chosen."""
    return set(refill_form(browser, base).choices.get("way", []))


def until_offered(browser: Browser, base: str, wanted: set[str], patience: float) -> float | None:
    """Seconds until these ways can be chosen and no others; nothing where they never can."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        if offered(browser, base) == wanted:
            return time.monotonic() - begun
        time.sleep(0.2)
    return None


def pay17(options: Options, outcome: Outcome) -> None:
    """All three providers are silent while customers pay: pages are as quick, other ways are
    offered, and the program stops when it is asked to."""
    with Ground(options, "pay17") as ground:
        it = ground.settle_in()
        reader = Payer(it)
        reader.arrive()
        browser, base = reader.browser, f"http://{it.host}"
        every = {gateway.name for gateway in it.gateways}
        play = it.gateways[3]
        Payer(it).begin(it.gateways[0])
        before = quantile(read_pages(it, SECONDS), 0.99)
        ground.simulator.tell("/outage", kind="silent", seconds=SILENT)
        load = Load()
        load.begin(it)
        meanwhile = quantile(read_pages(it, SECONDS), 0.99)
        if meanwhile > max(SLOWER * before, NOISE_MS):
            text = f"pages took {before:.0f} ms (p99), and {meanwhile:.0f} ms in the outage"
            outcome.violations.append(("PAY-17", text))
        closed = until_offered(browser, base, {play.name}, CLOSES)
        if closed is None:
            text = f"{offered(browser, base)} are offered {CLOSES:.0f} s after the providers fell"
            outcome.violations.append(("PAY-17", f"{text} silent"))
        for text in pay_in_play(browser, base, play):
            outcome.violations.append(("PAY-17", text))
        load.end()
        stopping = time.monotonic()
        code = ground.product.stop(STOPS + 20)
        stopped = time.monotonic() - stopping
        if code or stopped > STOPS:
            text = f"it took {stopped:.0f} s to stop, and ended with {code}"
            outcome.violations.append(("PAY-17", text))
        ground.product.start()
        for line in (browser, it.api, ground.organisations[1].api):
            line.close()
        load = Load()
        load.begin(it)
        until_offered(browser, base, {play.name}, CLOSES)
        load.end()
        ground.simulator.tell("/outage")
        opened = until_offered(browser, base, every, OPENS)
        if opened is None:
            outcome.violations.append(("PAY-17", "ways are not offered again"))
        rest = Rest(ground.product, ground.simulator, ground.database, ground.mailbox)
        outcome.violations += [("PAY-17", text) for text in rest.come()]
        again = Payer(it)
        paid = again.begin(it.gateways[0])
        pay_at_provider(ground.simulator, paid)
        again.come_back(paid)
        if again.state(paid) != "succeeded":
            outcome.violations.append(("PAY-17", f"afterwards a payment is {again.state(paid)}"))
        shown = "never" if closed is None else f"{SECONDS + closed:.0f} s"
        back = "never" if opened is None else f"{opened:.0f} s"
        outcome.lines.append(
            f"PAY-17: pages {before:.0f} ms (p99), {meanwhile:.0f} ms while providers are silent;"
            f" not offered any more after {shown} at most, again {back} after they answer;"
            f" stopped in {stopped:.1f} s"
        )


def pay_in_play(browser: Browser, base: str, play: Gateway) -> list[str]:
    """A refill by the way that is left; the answer is what is wrong."""
    form = refill_form(browser, base)
    answer = browser.post(form.action, refill_fields(form, play.name, 700))
    if answer.status != 303:
        return [f"by the other way a refill is answered {answer.status}"]
    page = browser.get(answer.location).page
    away = page.leads_to and browser.get(page.leads_to).page
    form = next((it for it in away.forms if "pay" in it.presses()), None) if away else None
    if form is None:
        return ["by the other way a refill leads nowhere"]
    back = browser.post(form.action, [*form.fields, (form.buttons[0][0], "pay")])
    browser.get(back.location)
    attempt = answer.location.partition("?")[0]
    state = browser.get(f"{attempt}/state").text
    return [] if state == "succeeded" else [f"by the other way a refill is {state}"]
