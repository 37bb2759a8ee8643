"""What a dialect can do besides answering its own requests; the control API uses it."""

from __future__ import annotations

from typing import Any, Protocol

from .store import Row
from .web import Reply, Request


class Refused(Exception):
    """A wish of the control API that cannot be fulfilled."""


class Vendor(Protocol):
    """One of the three."""

    def handle(self, request: Request) -> Reply:
        """Answers one request; must not wait for anything."""

    def register(self, wish: dict[str, Any]) -> Row:
        """Completes and checks a new account's row."""

    def act(self, page: str, act: str, card: str) -> str | None:
        """Presses a button of a hosted page; the address the browser would go to next.

        Nothing where the page is none of this vendor's; raises `Refused` where it has no such
        button now.
        """

    def refund(self, charge: Row, amount: int | None) -> str:
        """The merchant refunds at the vendor's own site; returns the refund's identifier."""

    def chargeback(self, charge: Row) -> str:
        """The payer's bank takes a charge back; returns the dispute's identifier."""

    def charge(self, account: Row, amount: int, currency: str, reference: str) -> str:
        """A payment that the product did not start, as one taken at the vendor's own site."""

    def review(self, subject: str) -> None:
        """Decides what was held for review."""

    def close_batches(self) -> int:
        """Settles what waits for settlement; returns how many batches that made."""
