"""The control API: what a test tells the simulator, and what it reads from it. Plain JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from .deeds import Deeds
from .delivering import Deliverer
from .outage import Outage
from .store import Row
from .vendor import Refused, Vendor
from .web import Reply, Request
from .world import World

TRUTH = ("charge", "refund", "chargeback", "method", "fault")
PLURAL = {"charge": "charges", "refund": "refunds", "chargeback": "chargebacks",
          "method": "methods", "fault": "faults"}  # fmt: skip


class Control:
    """Everything below `/control`."""

    def __init__(
        self,
        world: World,
        deliverer: Deliverer,
        deeds: Deeds,
        vendors: dict[str, Vendor],
        outage: Outage,
    ) -> None:
        self.world, self.deliverer, self.deeds, self.vendors = world, deliverer, deeds, vendors
        self.line = outage
        self.routes = {
            ("POST", "/accounts"): self.register,
            ("GET", "/accounts"): self.accounts,
            ("GET", "/truth"): self.truth,
            ("POST", "/pages"): self.act,
            ("POST", "/refund"): self.refund,
            ("POST", "/chargeback"): self.chargeback,
            ("POST", "/charge"): self.charge,
            ("POST", "/method"): self.method,
            ("POST", "/faults"): self.faults,
            ("GET", "/faults"): self.faults_now,
            ("POST", "/clock"): self.clock,
            ("POST", "/outage"): self.outage,
            ("POST", "/settle"): self.settle,
            ("POST", "/batch"): self.batch,
            ("POST", "/deliver"): self.deliver,
            ("POST", "/message"): self.message,
            ("GET", "/events"): self.events,
            ("GET", "/counters"): self.counters,
        }

    def handle(self, request: Request) -> Reply:
        """Answers one request."""
        route = self.routes.get((request.method, request.path))
        if route is None:
            return Reply.json({"error": "no such control", "routes": self._names()}, 404)
        try:
            wish = json.loads(request.body or b"{}")
            wish.update(request.query)
            wish.setdefault("base", request.base())
            return Reply.json(route(wish))
        except (ValueError, TypeError, AttributeError) as error:
            return Reply.json({"error": str(error)}, 400)
        except KeyError as error:
            return Reply.json({"error": f"missing or unknown: {error}"}, 400)
        except Refused as error:
            return Reply.json({"error": str(error)}, 409)

    def _names(self) -> list[str]:
        return [f"{method} /control{path}" for method, path in self.routes]

    def register(self, wish: dict[str, Any]) -> Row:
        """Registers a merchant account, or changes one that has the same `account`."""
        dialect = wish["dialect"]
        row = self.vendors[dialect].register(wish)
        row.update(dialect=dialect, org=wish["org"], options=wish.get("options", {}))
        endpoints = wish.get("webhooks", [])
        row["webhooks"] = [
            {"connect": None, "secret": "", "webhook_id": "", "events": ["*"], **endpoint}
            for endpoint in endpoints
        ]
        return self.world.store.put("account", row["id"], row)

    def accounts(self, _wish: dict[str, Any]) -> dict[str, Any]:
        """All accounts."""
        return {"accounts": list(self.world.store.all("account"))}

    def truth(self, wish: dict[str, Any]) -> dict[str, Any]:
        """What really happened; filtered by `org` or `account` where given."""

        def wanted(row: Row) -> bool:
            same_org = "org" not in wish or row.get("org", wish["org"]) == wish["org"]
            return same_org and wish.get("account", row["account"]) == row["account"]

        tables = {PLURAL[t]: [r for r in self.world.store.all(t) if wanted(r)] for t in TRUTH}
        return {**tables, "now": self.world.clock.now(), "wall": self.world.clock.wall()}

    def act(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Presses a button of a hosted page: `page`, `act`, and perhaps `card`."""
        for vendor in self.vendors.values():
            url = vendor.act(wish["page"], wish["act"], wish.get("card", "good"))
            if url is not None:
                return {"redirect": url}
        raise KeyError(wish["page"])

    def _charge(self, wish: dict[str, Any]) -> tuple[Row, Vendor]:
        row = self.world.store.get("charge", wish["charge"])
        if row is None:
            raise KeyError(wish["charge"])
        return row, self.vendors[row["dialect"]]

    def refund(self, wish: dict[str, Any]) -> dict[str, str]:
        """Refunds a charge at the vendor's site, wholly or by `amount`."""
        charge, vendor = self._charge(wish)
        return {"refund": vendor.refund(charge, wish.get("amount"))}

    def chargeback(self, wish: dict[str, Any]) -> dict[str, str]:
        """Has a charge taken back by the payer's bank."""
        charge, vendor = self._charge(wish)
        return {"chargeback": vendor.chargeback(charge)}

    def charge(self, wish: dict[str, Any]) -> dict[str, str]:
        """Takes a payment the product did not start."""
        account = self.world.account(wish["account"])
        vendor = self.vendors[account["dialect"]]
        amount, currency = int(wish["amount"]), wish["currency"].upper()
        return {"charge": vendor.charge(account, amount, currency, wish.get("reference", ""))}

    def method(self, wish: dict[str, Any]) -> Row:
        """Changes how a stored method behaves: `good`, `declines_later`, `asks_later`."""
        row = self.world.store.get("method", wish["method"])
        if row is None:
            raise KeyError(wish["method"])
        return self.world.store.put("method", row["id"], {**row, "label": wish["label"]})

    def faults(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Sets rates and settings, or queues faults for the next occasions."""
        self.world.faults.configure(wish)
        return self.faults_now(wish)

    def faults_now(self, _wish: dict[str, Any]) -> dict[str, Any]:
        """The rates and settings."""
        faults = self.world.faults
        return {"seed": faults.seed, "rates": faults.rates, "settings": faults.settings}

    def clock(self, wish: dict[str, Any]) -> dict[str, float]:
        """Lets simulated time jump (`advance`), or shifts the stamps on the wire (`shift_wire`)."""
        clock = self.world.clock
        clock.advance(float(wish.get("advance", 0)))
        clock.wire_shift += float(wish.get("shift_wire", 0))
        self.world.store.put("clock", "clock", {"account": "", "wire_shift": clock.wire_shift})
        self.deliverer.wake()
        return {"now": clock.now(), "wall": clock.wall()}

    def outage(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Cuts the line to all vendors (`cut`), or has none answer (`silent`), for some seconds;
        without a `kind` it ends."""
        if not wish.get("kind"):
            self.line.end()
            return {"kind": ""}
        connected = self.line.begin(wish["kind"], float(wish["seconds"]))
        return {"kind": wish["kind"], "connected": connected}

    def settle(self, _wish: dict[str, Any]) -> dict[str, int]:
        """Stops all faults and makes everything due now: deeds, and deliveries not yet made.

        What was dropped for good stays dropped; only polling can find it.
        """
        self.world.faults.stop()
        deeds = self.deeds.do_due(everything=True)
        for row in self.world.store.all("delivery"):
            if row["state"] == "given_up":
                self.world.store.put("delivery", row["id"], {**row, "state": "due", "attempt": 0})
        return {"deeds": deeds, "deliveries": self.deliverer.all_now()}

    def batch(self, _wish: dict[str, Any]) -> dict[str, int]:
        """Closes Authorize.Net's settlement batches now."""
        return {"batches": sum(vendor.close_batches() for vendor in self.vendors.values())}

    def deliver(self, wish: dict[str, Any]) -> Row:
        """Delivers an `event` once more; `manner` and `signed_ago` say what is wrong with it."""
        event = self.world.store.get("event", wish["event"])
        if event is None:
            raise KeyError(wish["event"])
        key = f"dlv_{self.world.store.number()}"
        row = {"id": key, "due": 0.0, "attempt": 0, "state": "due", **_by_hand(wish, event)}
        self.world.new_deliveries.append(row)
        return self.world.store.put("delivery", key, row)

    def message(self, wish: dict[str, Any]) -> dict[str, Any]:
        """An `event` as it would be delivered now, for who wants to bring it there themselves."""
        event = self.world.store.get("event", wish["event"])
        if event is None:
            raise KeyError(wish["event"])
        endpoint, headers, body = self.deliverer.message(_by_hand(wish, event), event)
        return {"url": endpoint["url"], "headers": headers, "body": body.decode()}

    def events(self, wish: dict[str, Any]) -> dict[str, Any]:
        """The events with their deliveries; filtered by `account` or `reference`."""
        deliveries: dict[str, list[Row]] = {}
        for row in self.world.store.all("delivery"):
            deliveries.setdefault(row["event"], []).append(row)
        events = [
            {**event, "deliveries": deliveries.get(event["id"], [])}
            for event in self.world.store.all("event")
            if wish.get("account", event["account"]) == event["account"]
            and wish.get("reference", event["reference"]) == event["reference"]
        ]
        return {"events": events}

    def counters(self, _wish: dict[str, Any]) -> dict[str, Any]:
        """How much there is of everything."""
        store = self.world.store
        states = Counter(row["state"] for row in store.all("delivery"))
        due = [row for row in store.all("delivery") if row["state"] == "due"]
        ended = [row for row in store.all("delivery") if row["state"] == "given_up"]
        return {
            **{PLURAL[t]: sum(1 for _ in store.all(t)) for t in TRUTH},
            "events": sum(1 for _ in store.all("event")),
            "deliveries": dict(states),
            "pending": states["due"],
            # Of those: what the receiver does not want, however often it is brought.
            "refused": sum(400 <= row.get("status", 0) < 500 for row in due),
            # What nobody took, and nobody refused, however often it was brought.
            "given_up": sum(not 400 <= row["status"] < 500 for row in ended),
            "planned": sum(1 for _ in store.all("plan")),
            "calls": self.world.calls,
            "fault_kinds": dict(Counter(row["fault"] for row in store.all("fault"))),
        }


def _by_hand(wish: dict[str, Any], event: Row) -> Row:
    """What of a delivery can be chosen."""
    return {
        "account": wish.get("account", event["account"]),
        "event": event["id"],
        "endpoint": int(wish.get("endpoint", 0)),
        "manner": wish.get("manner", "good"),
        "signed_ago": float(wish.get("signed_ago", 0)),
    }
