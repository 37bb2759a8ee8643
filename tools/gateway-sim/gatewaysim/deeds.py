"""What happens at a gateway without being asked: refunds at its site, chargebacks, reviews."""

from __future__ import annotations

from .store import Row
from .vendor import Refused, Vendor
from .world import Operation, World


class Deeds:
    """Draws misfortunes for each payment and carries planned deeds out when they are due."""

    def __init__(self, world: World, vendors: dict[str, Vendor]) -> None:
        self.world = world
        self.vendors = vendors
        world.after_charge = self._after_charge

    def _after_charge(self, charge: Row) -> None:
        world, faults, name = self.world, self.world.faults, charge["account"]
        key = (charge["reference"], world.ordinal("charge", name, charge["reference"]))
        touched = {"charge": charge["id"], "reference": charge["reference"]}
        if faults.strikes("refund_first", name, *key):
            hold = faults.between(60, 180, "hold", *key)
            world.operation.hold = hold
            world.later(1, "refund", name, charge["id"])
            world.log_fault("refund_first", name, held_seconds=hold, **touched)
        elif faults.strikes("chargeback", name, *key):
            limit = faults.settings["chargeback_max_seconds"]
            world.later(faults.between(1, limit, "after", *key), "chargeback", name, charge["id"])
            world.log_fault("chargeback", name, **touched)

    def do_due(self, everything: bool = False) -> int:
        """Does what is due, or all that is planned; returns how much that was."""
        now = self.world.clock.now()
        due = [row for row in self.world.store.all("plan") if everything or row["due"] <= now]
        for row in due:
            self.world.operation = Operation()
            self.world.store.remove("plan", row["id"])
            self._do(row)
            self.world.store.commit(now)
        return len(due)

    def _do(self, row: Row) -> None:
        vendor = self.vendors[self.world.account(row["account"])["dialect"]]
        if row["deed"] == "review":
            vendor.review(row["subject"])
            return
        charge = self.world.store.get("charge", row["subject"])
        assert charge is not None
        try:
            if row["deed"] == "refund":
                vendor.refund(charge, None)
            else:
                vendor.chargeback(charge)
        except Refused as reason:
            touched = {"charge": charge["id"], "deed": row["deed"], "why": str(reason)}
            self.world.log_fault("deed_not_possible", row["account"], **touched)
