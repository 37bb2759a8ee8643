"""What all dialects share: the accounts, the truth about money, and the events that tell of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from collections.abc import Callable

from .clock import Clock
from .faults import Faults
from .store import Row, Store
from .web import Fate

# Makes the headers of a delivery: account, endpoint, body, signing time, manner. The manner is
# one of "good", "missing", "wrong", "empty_key".
Signer = Callable[[Row, Row, bytes, float, str], dict[str, str]]


@dataclass
class Dialect:
    """What the parts that know no vendor need to know about one."""

    signer: Signer
    # Names of JSON members that hold an amount, a currency, and whose money it is.
    amount_keys: tuple[str, ...]
    currency_keys: tuple[str, ...]
    recipient_keys: tuple[str, ...]
    # The member that identifies an event, and how a new one is made.
    event_id_key: str
    new_event_id: Callable[[], str]
    # When a refused delivery is tried again, in simulated seconds after the attempt before.
    retries: tuple[int, ...]


@dataclass
class Operation:
    """What the request that is being handled has done so far."""

    name: str = ""
    account: str = ""
    reference: str = ""
    moved_money: bool = False
    # Simulated seconds by which the events of this operation are held back.
    hold: float = 0.0
    events: list[str] = field(default_factory=list)


class World:
    """The whole state; every request is handled at one go, so nothing here needs a lock."""

    def __init__(self, store: Store, clock: Clock, faults: Faults) -> None:
        self.store = store
        self.clock = clock
        self.faults = faults
        self.dialects: dict[str, Dialect] = {}
        self.operation = Operation()
        # Requests to vendors since the start.
        self.calls = 0
        self.in_flight: dict[tuple[str, str], int] = {}
        self.new_deliveries: list[Row] = []
        self.plan_deliveries: Callable[[Row, list[Row]], None] = lambda event, siblings: None
        self.after_charge: Callable[[Row], None] = lambda charge: None
        clock.not_before(store.last_time)
        for row in store.all("clock"):
            clock.wire_shift = row["wire_shift"]

    # Accounts

    def account(self, account_id: str) -> Row:
        """A registered account; its absence would be a mistake of this program."""
        row = self.store.get("account", account_id)
        assert row is not None, account_id
        return row

    def account_where(self, dialect: str, **credentials: str) -> Row | None:
        """The account with these credentials."""
        for row in self.store.all("account"):
            if row["dialect"] == dialect and all(row[k] == v for k, v in credentials.items()):
                return row
        return None

    def landed(self, dialect: str, key: str) -> None:
        """The reply to the request with this idempotency key is out, or lost."""
        self.in_flight.pop((dialect, key), None)

    # Draws

    def ordinal(self, *key: str) -> str:
        """How often this was asked for the same key, so that repeated things draw anew."""
        name = "\x1f".join(key)
        row = self.store.get("ordinal", name) or {"account": "", "n": 0}
        self.store.put("ordinal", name, {"account": "", "n": row["n"] + 1})
        return str(row["n"])

    def log_fault(self, name: str, account: str, **touched: Any) -> None:
        """Writes into the truth that something was done on purpose, and to what."""
        fault_id = f"fault_{self.store.number()}"
        row = {"id": fault_id, "fault": name, "account": account, "at": self.clock.wall()}
        self.store.put("fault", fault_id, {**row, "touched": touched})

    def draw_fate(self) -> tuple[Fate, bool]:
        """What becomes of the reply to the call that just moved money, and whether it is a 5xx."""
        call, faults = self.operation, self.faults
        fate = Fate()
        if not call.moved_money:
            return fate, False
        key = (call.name, call.reference, self.ordinal("fate", call.account, call.reference))
        touched = {"call": call.name, "reference": call.reference, "events": call.events}
        if faults.strikes("event_first", call.account, *key):
            fate.wait_for_events = list(call.events)
            self.log_fault("event_first", call.account, **touched)
        if faults.strikes("reply_lost", call.account, *key):
            fate.lost = True
            self.log_fault("reply_lost", call.account, **touched)
        elif faults.strikes("hang", call.account, *key):
            fate.hang_seconds = float(faults.settings["hang_seconds"])
            self.log_fault("hang", call.account, **touched)
        elif faults.strikes("server_error", call.account, *key):
            self.log_fault("server_error", call.account, **touched)
            return fate, True
        return fate, False

    # Truth

    def record_charge(self, account: Row, charge_id: str, **facts: Any) -> Row:
        """Money came in. `facts`: amount, currency, reference, customer, method, details."""
        row = self._truth(account, charge_id, {"refunded": 0, "charged_back": 0, **facts})
        self.store.put("charge", charge_id, row)
        self._moved(row["reference"])
        self.after_charge(row)
        return row

    def record_refund(self, account: Row, refund_id: str, charge_id: str, amount: int) -> Row:
        """Money of a charge went back."""
        charge = self.store.get("charge", charge_id)
        assert charge is not None and charge["refunded"] + amount <= charge["amount"]
        charge["refunded"] += amount
        self.store.put("charge", charge_id, charge)
        copied = {k: charge[k] for k in ("currency", "reference", "customer")}
        row = self._truth(account, refund_id, {"charge": charge_id, "amount": amount, **copied})
        self._moved(row["reference"])
        return self.store.put("refund", refund_id, row)

    def record_chargeback(self, account: Row, dispute_id: str, charge_id: str) -> Row:
        """The payer's bank took the rest of a charge back."""
        charge = self.store.get("charge", charge_id)
        assert charge is not None
        amount = charge["amount"] - charge["refunded"]
        charge["charged_back"] = amount
        self.store.put("charge", charge_id, charge)
        copied = {k: charge[k] for k in ("currency", "reference", "customer")}
        row = self._truth(account, dispute_id, {"charge": charge_id, "amount": amount, **copied})
        return self.store.put("chargeback", dispute_id, row)

    def record_method(self, account: Row, method_id: str, customer: str, label: str) -> Row:
        """A payment method was stored for a customer."""
        row = self._truth(account, method_id, {"customer": customer, "label": label})
        return self.store.put("method", method_id, {**row, "removed": None})

    def remove_method(self, method_id: str) -> None:
        """A stored payment method was taken away; the truth remembers that it existed."""
        row = self.store.get("method", method_id)
        if row is not None:
            self.store.put("method", method_id, {**row, "removed": self.clock.wall()})

    def _truth(self, account: Row, key: str, facts: Row) -> Row:
        return {
            "id": key,
            "account": account["id"],
            "org": account["org"],
            "dialect": account["dialect"],
            "at": self.clock.wall(),
            "simulated": self.clock.now(),
            **facts,
        }

    def _moved(self, reference: str) -> None:
        self.operation.moved_money = True
        self.operation.reference = self.operation.reference or reference

    # Deeds that happen later by themselves

    def later(self, seconds: float, deed: str, account: str, subject: str) -> None:
        """Has `deed` done to `subject` after so many simulated seconds."""
        key = f"plan_{self.store.number()}"
        due = self.clock.now() + seconds
        row = {"id": key, "account": account, "due": due, "deed": deed, "subject": subject}
        self.store.put("plan", key, row)

    # Events

    def emit(
        self,
        account: Row,
        body: Row,
        kind: str,
        reference: str = "",
        paid: bool = False,
        **more: Any,
    ) -> Row:
        """Tells the account's endpoints; `paid` marks the news that a payment succeeded.

        `more` may hold `siblings` (bodies of other types for the same thing), `hold` (simulated
        seconds this must at least wait) and `lie` (it says what is not so).
        """
        event_id = body[self.dialects[account["dialect"]].event_id_key]
        event = {
            "id": event_id,
            "account": account["id"],
            "type": kind,
            "reference": reference,
            "paid": paid,
            "created": self.clock.wall(),
            "body": json.dumps(body, separators=(",", ":"), ensure_ascii=False),
            "hold": more.get("hold", 0) + self.operation.hold,
            "lie": more.get("lie", ""),
        }
        self.store.put("event", event_id, event)
        self.operation.events.append(event_id)
        self.plan_deliveries(event, more.get("siblings", []))
        return event
