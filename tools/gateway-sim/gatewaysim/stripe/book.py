"""One account's Stripe objects: making, finding, listing, expanding them."""

from __future__ import annotations

import copy
from typing import Any
from collections.abc import Callable

from ..store import Row
from ..world import World
from .errors import StripeError, missing

Object = dict[str, Any]

# The members that hold an identifier and may be asked for as whole objects.
EXPANDABLE = {
    "customer": "customer",
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
    "payment_method": "payment_method",
    "balance_transaction": "balance_transaction",
    "setup_intent": "setup_intent",
    "source": "charge",
}


class Book:
    """The objects of one account; rows are `{"account": …, "object": …, hidden members}`."""

    def __init__(self, world: World, account: Row) -> None:
        self.world, self.account, self.store = world, account, world.store

    def new(self, kind: str, prefix: str, members: Object, **hidden: Any) -> Object:
        """Makes an object."""
        key = f"{prefix}_{self.store.token(24)}"
        stamp = int(self.world.clock.wall())
        made: Object = {"id": key, "object": kind, "created": stamp, "livemode": False, **members}
        row = {"account": self.account["id"], "at": self.world.clock.now(), **hidden}
        self.store.put("stripe." + kind, key, {**row, "object": made})
        return made

    def row(self, kind: str, key: str, param: str = "id") -> Row:
        """An object's row, hidden members included; raises where there is none."""
        row = self.store.get("stripe." + kind, key)
        if row is None or row["account"] != self.account["id"]:
            raise missing(kind, key, param)
        return row

    def get(self, kind: str, key: str, param: str = "id") -> Object:
        """An object; raises where there is none."""
        return self.row(kind, key, param)["object"]

    def save(self, found: Object, **hidden: Any) -> None:
        """Keeps what was changed in an object."""
        kind = found["object"]
        row = self.store.get("stripe." + kind, found["id"])
        assert row is not None
        self.store.put("stripe." + kind, found["id"], {**row, **hidden, "object": found})

    def objects(self, kind: str) -> list[Object]:
        """All objects of a kind, newest first."""
        rows = self.store.of("stripe." + kind, self.account["id"])
        return [row["object"] for row in reversed(rows)]

    def listing(
        self, kind: str, params: Object, url: str, wanted: Callable[[Object], bool]
    ) -> Object:
        """A page of a list. Source: https://docs.stripe.com/api/pagination."""
        found = [o for o in self.objects(kind) if wanted(o) and _created(o, params.get("created"))]
        limit = params.get("limit", 10)
        if "starting_after" in params:
            self.get(kind, params["starting_after"], "starting_after")
            ids = [o["id"] for o in found]
            key = params["starting_after"]
            found = found[ids.index(key) + 1 :] if key in ids else []
        if "ending_before" in params:
            self.get(kind, params["ending_before"], "ending_before")
            ids = [o["id"] for o in found]
            key = params["ending_before"]
            before = found[: ids.index(key)] if key in ids else []
            page, more = before[-limit:], len(before) > limit
        else:
            page, more = found[:limit], len(found) > limit
        return {"object": "list", "data": page, "has_more": more, "url": url}

    def expanded(self, answer: Object, paths: list[str]) -> Object:
        """A copy with the wanted identifiers replaced by what they stand for."""
        answer = copy.deepcopy(answer)
        for path in paths:
            steps = path.split(".")
            if len(steps) > 4:
                raise StripeError(400, "You may only expand up to 4 levels.", param="expand")
            self._expand(answer, steps, path)
        return answer

    def _expand(self, value: Any, steps: list[str], path: str) -> None:
        if isinstance(value, list):
            for item in value:
                self._expand(item, steps, path)
            return
        if value is None or not steps:
            return
        name, rest = steps[0], steps[1:]
        if not isinstance(value, dict) or name not in value:
            raise StripeError(400, f"This property cannot be expanded ({path}).", param="expand")
        member = value[name]
        if isinstance(member, str):
            if name not in EXPANDABLE:
                text = f"This property cannot be expanded ({path})."
                raise StripeError(400, text, param="expand")
            kind = "refund" if member.startswith("re_") else EXPANDABLE[name]
            value[name] = copy.deepcopy(self.get(kind, member))
        self._expand(value[name], rest, path)

    def reference_of(self, found: Object) -> str:
        """The merchant's own name for a payment, wherever the product wrote it."""
        metadata = found.get("metadata") or {}
        chosen = self.account["options"].get("reference_key")
        if chosen and chosen in metadata:
            return str(metadata[chosen])
        if found.get("client_reference_id"):
            return str(found["client_reference_id"])
        if metadata:
            return str(next(iter(metadata.values())))
        return str(found.get("description") or "")


def _created(found: Object, wish: Any) -> bool:
    if wish is None:
        return True
    created = found["created"]
    if isinstance(wish, int):
        return bool(created == wish)
    tests: dict[str, Callable[[int], bool]] = {
        "gt": lambda limit: created > limit,
        "gte": lambda limit: created >= limit,
        "lt": lambda limit: created < limit,
        "lte": lambda limit: created <= limit,
    }
    return all(tests[name](limit) for name, limit in wish.items())
