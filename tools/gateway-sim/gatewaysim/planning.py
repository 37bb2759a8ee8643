"""From an event to its deliveries: which copies go out, when, and what is wrong with them."""

from __future__ import annotations

import copy
import json
from typing import Any

from .store import Row
from .world import World

DAY = 86_400


class Planner:
    """Turns every event into rows of the table `delivery`."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.plan_deliveries = self.plan

    def plan(self, event: Row, siblings: list[Row]) -> None:
        """Plans an event and draws its misfortunes.

        `siblings` are events of other types about the same thing, to go out with duplicates.
        """
        account = self.world.account(event["account"])
        for index, endpoint in enumerate(account["webhooks"]):
            if "*" in endpoint["events"] or event["type"] in endpoint["events"]:
                self._plan_at(account, index, event, siblings)

    def _plan_at(self, account: Row, index: int, event: Row, siblings: list[Row]) -> None:
        world, faults, name = self.world, self.world.faults, account["id"]
        if event["lie"]:
            self._add(event, index, self._delay(event, index, "lie"))
            return
        ordinal = world.ordinal("event", name, event["reference"], event["type"], str(index))
        key = (event["reference"], event["type"], str(index), ordinal)
        touched = {"event": event["id"], "type": event["type"], "reference": event["reference"]}
        delay = event["hold"] + self._delay(event, index, *key)
        if faults.strikes("reorder", name, *key):
            limit = faults.settings["reorder_max_seconds"]
            extra = faults.between(0.1 * limit, limit, "reorder by", *key)
            delay += extra
            world.log_fault("reorder", name, seconds=extra, **touched)
        if faults.strikes("drop", name, *key):
            never = faults.strikes("never_redelivered", name, *key)
            world.log_fault("drop", name, redelivered=not never, **touched)
            if not never:
                first_retry = world.dialects[account["dialect"]].retries[0]
                self._add(event, index, delay + first_retry, attempt=1)
        else:
            self._add(event, index, delay)
        if faults.strikes("duplicate", name, *key):
            copies = self._duplicate(index, event, delay, key)
            told = self._siblings(account, event, siblings)
            world.log_fault("duplicate", name, copies=copies, siblings=told, **touched)
        self._forge(account, index, event, key)

    def _delay(self, event: Row, index: int, *key: str) -> float:
        faults = self.world.faults
        if not faults.strikes("delay", event["account"], *key):
            return 0.0
        limit = faults.settings["delay_max_seconds"]
        seconds = faults.between(0, limit, "delay by", event["id"] if not key else "", *key)
        if seconds:
            touched = {"event": event["id"], "seconds": seconds, "endpoint": index}
            self.world.log_fault("delay", event["account"], **touched)
        return seconds

    def _add(self, event: Row, index: int, delay: float, **facts: Any) -> Row:
        store, clock = self.world.store, self.world.clock
        key = f"dlv_{store.number()}"
        row = {
            "id": key,
            "account": event["account"],
            "event": event["id"],
            "endpoint": index,
            "due": clock.now() + delay,
            "attempt": 0,
            "state": "due",
            "manner": "good",
            "signed_ago": 0,
            **facts,
        }
        self.world.new_deliveries.append(row)
        return store.put("delivery", key, row)

    def _duplicate(self, index: int, event: Row, delay: float, key: tuple[str, ...]) -> int:
        faults = self.world.faults
        copies = int(faults.between(2, 6, "copies", *key))
        for number in range(1, copies):
            limit = max(1.0, faults.settings["delay_max_seconds"])
            self._add(event, index, delay + faults.between(0, limit, "copy", str(number), *key))
        return copies

    def _siblings(self, account: Row, event: Row, siblings: list[Row]) -> list[str]:
        told = []
        for body in siblings:
            kind = str(body.get("type") or body.get("event_type") or body["eventType"])
            row = self.world.emit(account, body, kind, event["reference"], lie="sibling")
            told.append(row["id"])
        return told

    def _forge(self, account: Row, index: int, event: Row, key: tuple[str, ...]) -> None:
        world, faults, name = self.world, self.world.faults, account["id"]
        touched = {"event": event["id"], "type": event["type"], "reference": event["reference"]}
        # Without the type: a payment is lied about wholly or not at all.
        payment = (event["reference"], str(index), key[-1])
        if event["paid"] and faults.strikes("wrong_event", name, *payment):
            what = faults.choice(["amount", "currency", "recipient"], "wrong", *key)
            lie = self._lie(account, event, what)
            self._add(lie, index, 0)
            world.log_fault("wrong_event", name, what=what, told=lie["id"], **touched)
        if faults.strikes("bad_signature", name, *key):
            how = faults.choice(["missing", "wrong", "empty_key"], "forged", *key)
            lie = self._lie(account, event, "amount")
            self._add(lie, index, 0, manner=how)
            world.log_fault("bad_signature", name, how=how, told=lie["id"], **touched)
        if faults.strikes("old_replay", name, *key):
            self._add(event, index, 1, signed_ago=7 * DAY)
            world.log_fault("old_replay", name, **touched)
        if faults.strikes("foreign_event", name, *key):
            self._foreign(account, event, key, touched)

    def _foreign(
        self, account: Row, event: Row, key: tuple[str, ...], touched: dict[str, Any]
    ) -> None:
        """Brings one org's event to another org's endpoint, signed by the one or the other."""
        others = [
            row
            for row in self.world.store.all("account")
            if row["dialect"] == account["dialect"]
            and row["org"] != account["org"]
            and row["webhooks"]
        ]
        if not others:
            return
        ids = [row["id"] for row in others]
        other = self.world.faults.choice(ids, "foreign", *key)
        signer = self.world.faults.choice([other, account["id"]], "foreign signer", *key)
        self._add(event, 0, 1, account=other, signer=signer)
        self.world.log_fault("foreign_event", other, owner=account["id"], signer=signer, **touched)

    def _lie(self, account: Row, event: Row, what: str) -> Row:
        """An event that never happened: like the given one, but one thing in it is wrong."""
        dialect = self.world.dialects[account["dialect"]]
        body = copy.deepcopy(json.loads(event["body"]))
        keys = {
            "amount": dialect.amount_keys,
            "currency": dialect.currency_keys,
            "recipient": dialect.recipient_keys,
        }[what]
        if not falsify(body, keys or dialect.amount_keys):
            falsify(body, dialect.amount_keys)
        body[dialect.event_id_key] = dialect.new_event_id()
        row = {
            **event,
            "id": body[dialect.event_id_key],
            "body": json.dumps(body, separators=(",", ":"), ensure_ascii=False),
            "lie": what,
        }
        return self.world.store.put("event", row["id"], row)


def falsify(value: Any, keys: tuple[str, ...]) -> bool:
    """Changes every member of these names, however deep; says whether there was one."""
    found = False
    if isinstance(value, list):
        for item in value:
            found = falsify(item, keys) or found
    if isinstance(value, dict):
        for name, member in value.items():
            if name in keys and not isinstance(member, (dict, list)) and member is not None:
                value[name] = _other(member)
                found = True
            else:
                found = falsify(member, keys) or found
    return found


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value * 10
    text = str(value)
    if text.upper() in ("EUR", "USD"):
        other = "USD" if text.upper() == "EUR" else "EUR"
        return other.lower() if text.islower() else other
    if text.replace(".", "", 1).isdigit() and "." in text:
        return "9" + text
    if len(text) == 3 and text.isalpha():
        return "usd" if text.islower() else "USD"
    return text[::-1] if text[::-1] != text else text + "x"
