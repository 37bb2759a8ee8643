"""One account's PayPal resources, and the amounts inside them."""

from __future__ import annotations

import time
from typing import Any

from ..money import to_minor, to_text
from ..store import Row
from ..world import World
from .errors import PayPalError, unknown_id

Resource = dict[str, Any]

LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Source: https://developer.paypal.com/reference/currency-codes/; the three without decimals.
_TWO = "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD ILS MXN MYR NOK NZD PHP PLN SEK SGD THB USD".split()
CURRENCIES = {**dict.fromkeys(_TWO, 2), **dict.fromkeys(("HUF", "JPY", "TWD"), 0)}


def stamp(seconds: float) -> str:
    """A time as PayPal writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def money(minor: int, currency: str) -> dict[str, str]:
    """An amount as PayPal writes it."""
    return {"currency_code": currency, "value": to_text(minor, CURRENCIES[currency])}


def minor_of(value: dict[str, str], field: str) -> int:
    """Reads an amount, with PayPal's complaints."""
    currency = value["currency_code"]
    if currency not in CURRENCIES:
        text = "Currency code is not supported. Please refer to the list of currency codes."
        raise PayPalError(422, "CURRENCY_NOT_SUPPORTED", text, field + "/currency_code")
    if value["value"].startswith("-"):
        text = "Must be greater than zero."
        raise PayPalError(422, "CANNOT_BE_NEGATIVE", text, field + "/value")
    minor = to_minor(value["value"], CURRENCIES[currency])
    if minor is None:
        text = "The value has more decimals than the currency."
        raise PayPalError(422, "DECIMAL_PRECISION", text, field + "/value")
    return minor


class Shelf:
    """The resources of one account; rows are `{"account": …, "resource": …, hidden members}`."""

    def __init__(self, world: World, account: Row) -> None:
        self.world, self.account, self.store = world, account, world.store
        self.api = account["base"] + "/paypal"

    def fresh(self, length: int = 17) -> str:
        """An identifier."""
        return self.store.token(length, LETTERS)

    def now(self) -> str:
        """The time of the wire."""
        return stamp(self.world.clock.wall())

    def put(self, kind: str, resource: Resource, **hidden: Any) -> Resource:
        """Keeps a resource, together with what was hidden beside it before."""
        row = self.store.get("paypal." + kind, resource["id"]) or {"account": self.account["id"]}
        self.store.put("paypal." + kind, resource["id"], {**row, **hidden, "resource": resource})
        return resource

    def row(self, kind: str, key: str) -> Row:
        """A resource's row; raises where there is none."""
        row = self.store.get("paypal." + kind, key)
        if row is None or row["account"] != self.account["id"]:
            raise unknown_id()
        return row

    def get(self, kind: str, key: str) -> Resource:
        """A resource; raises where there is none."""
        resource: Resource = self.row(kind, key)["resource"]
        return resource

    def link(self, rel: str, path: str, method: str = "GET") -> dict[str, str]:
        """A link to another resource."""
        return {"href": self.api + path, "rel": rel, "method": method}
