"""Where a scenario takes place that needs a product of its own: nothing goes wrong there but what
the scenario does."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .browser import Answer, Browser, Form, Unreachable
from .database import Database, Postgres, Sqlite, url_of
from .mailbox import Mailbox
from .processes import Broken, Product, Simulator
from .world import Organisation, make

if TYPE_CHECKING:
    from .campaign import Options


class Ground:
    """A product, a simulator without faults, a mail server, and one tenant's view of them."""

    def __init__(
        self, options: Options, name: str, data: Path | None = None, clock: str = "scaled:60"
    ) -> None:
        self.options, self.folder = options, options.folder / name
        self.folder.mkdir()
        self.database = self._open(name, data)
        self.mailbox = Mailbox(options.seed)
        self.mailbox.is_calm = True
        port = self.mailbox.port
        self.product = Product(options.program, self.folder, url_of(self.database), port, data)
        self.simulator = Simulator(self.folder, options.seed, clock)
        self.organisations: list[Organisation] = []

    def _open(self, name: str, data: Path | None) -> Database:
        if self.options.postgres:
            own = f"portico_{name}_{os.getpid()}_{self.options.seed}"
            return Postgres(self.options.postgres, own)
        return Sqlite((data or self.folder / "data") / "portico.sqlite")

    def __enter__(self) -> Ground:
        self.simulator.start()
        first = self.product.run("organisation", "list")
        if first.returncode:
            self.__exit__()
            raise Broken(f"the product does not start:\n{first.stdout}{first.stderr}")
        return self

    def __exit__(self, *_: object) -> None:
        self.product.kill()
        self.simulator.kill()
        self.mailbox.close()
        self.database.remove(None)

    def renew(self) -> None:
        """An empty database, as before the first start."""
        self.product.kill()
        self.database.clear()

    def settle_in(self, codes: int = 0) -> Organisation:
        """Starts the product, with two tenants; the answer is the first."""
        self.product.start()
        self.organisations = make(self.product, self.simulator, codes)
        return self.organisations[0]

    def count(self, table: str) -> int:
        """Rows of a table."""
        rows = self.database.read({"rows": f"SELECT COUNT(*) AS count FROM {table}"})["rows"]
        return int(rows[0]["count"])


def refill_form(browser: Browser, base: str) -> Form:
    """The form to refill dollars by."""
    form = browser.get(f"{base}/refill?currency=USD").page.form("/refill")
    if form is None:
        raise Broken("there is no form to refill")
    return form


def refill_fields(form: Form, way: str, cents: int) -> list[tuple[str, str]]:
    """What is sent with it."""
    return [("csrf", form.hidden("csrf")), ("key", form.hidden("key")), ("currency", "USD"),
            ("way", way), ("sum", "other"),
            ("amount", f"{cents // 100}.{cents % 100:02d}")]  # fmt: skip


def answered(do: Any) -> Answer | None:
    """What is answered; nothing where nobody does."""
    try:
        answer: Answer = do()
    except Unreachable:
        return None
    return answer


def quantile(seconds: Iterable[float], share: float) -> float:
    """In milliseconds."""
    times = sorted(seconds)
    return 1_000 * times[min(len(times) - 1, int(len(times) * share))]
