"""All that the judge looks at when a run is over: the product's data, and everybody else's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .database import Database, Rows
from .journal import Intent
from .mailbox import Mail

Row = dict[str, Any]

STATEMENTS = {
    "attempts": """SELECT {id:organisation_id} AS org, {id:id} AS id, {id:customer_id} AS customer,
        {id:gateway_id} AS gateway, {id:payment_id} AS payment, reference, purpose, state,
        currency, amount_minor AS amount, surcharge_minor AS surcharge, form_key, mismatch,
        begun_at, next_look_at, updated_at FROM payment_attempt""",
    "payments": """SELECT {id:organisation_id} AS org, {id:id} AS id, {id:customer_id} AS customer,
        {id:parent_id} AS parent, {id:gateway_id} AS gateway, kind, external_id, status, currency,
        amount_minor AS amount, refunded_minor AS refunded, provider, charge,
        charged_minor AS charged, fee_minor AS fee, reference FROM payment""",
    "orders": """SELECT {id:organisation_id} AS org, {id:id} AS id, {id:payment_id} AS payment,
        {id:gateway_id} AS gateway, state, currency, amount_minor AS amount, mismatch
        FROM payment_refund""",
    "invoices": """SELECT {id:organisation_id} AS org, {id:id} AS id, {id:customer_id} AS customer,
        status, currency, total_minor AS total, paid_minor AS paid, credited_minor AS credited,
        prepaid_minor AS prepaid, paid_elsewhere_minor AS elsewhere FROM invoice""",
    "notes": """SELECT {id:organisation_id} AS org, {id:customer_id} AS customer, external_id,
        status, currency, total_minor AS total FROM credit_note""",
    "vouchers": """SELECT {id:organisation_id} AS org, {id:id} AS id, {id:customer_id} AS customer,
        {id:batch_id} AS batch, status, currency, credited_minor AS credited FROM voucher
        WHERE customer_id IS NOT NULL""",
    "entries": """SELECT {id:organisation_id} AS org, {id:customer_id} AS customer, currency,
        sequence, debit, credit, amount_minor AS amount, subject_kind, {id:subject_id} AS subject,
        occurred_at, posted_at, {hex:hash} AS hash FROM ledger_entry
        ORDER BY organisation_id, customer_id, currency, sequence""",
    "gateways": """SELECT {id:organisation_id} AS org, {id:id} AS id, provider FROM gateway""",
    "notices": """SELECT {id:organisation_id} AS org, {id:gateway_id} AS gateway, event_id, kind,
        state, tries, result FROM gateway_notice""",
}


@dataclass
class Seen:
    """What was seen."""

    # The simulator's: what really happened.
    charges: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)
    chargebacks: list[Row] = field(default_factory=list)
    faults: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    # Its accounts, each with the gateway of the product that leads there.
    accounts: dict[str, str] = field(default_factory=dict)
    # The product's.
    attempts: Rows = field(default_factory=list)
    payments: Rows = field(default_factory=list)
    orders: Rows = field(default_factory=list)
    invoices: Rows = field(default_factory=list)
    notes: Rows = field(default_factory=list)
    vouchers: Rows = field(default_factory=list)
    entries: Rows = field(default_factory=list)
    gateways: Rows = field(default_factory=list)
    notices: Rows = field(default_factory=list)
    # The same by its API: payments, and reports of voucher batches by identifier.
    told_payments: list[Row] = field(default_factory=list)
    reports: dict[str, Row] = field(default_factory=dict)
    # Statements of some customers: (customer, currency) with amounts and the last balance.
    statements: dict[tuple[str, str], tuple[list[int], int]] = field(default_factory=dict)
    ledger_check: str = ""
    ledger_is_whole: bool = True
    integrity: list[str] = field(default_factory=list)
    # What the mail server took; nothing where there is none. And where receipts of customers go.
    mails: list[Mail] | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    # Lines of its log that refuse a message.
    refusals: int = 0
    # The clients'.
    intents: list[Intent] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)
    redeemed: dict[str, list[int]] = field(default_factory=dict)
    # Attempts that had succeeded when they were looked at after a kill.
    succeeded_before: set[str] = field(default_factory=set)
    # What a voucher gives.
    face: int = 500
    # Whether all that providers took by themselves must be in the books, told or not.
    all_reversals: bool = False

    def read(self, database: Database) -> None:
        """Takes the product's data as of one moment."""
        for name, rows in database.read(STATEMENTS).items():
            setattr(self, name, rows)


def charge_of(row: Row) -> str:
    """What the product calls a movement of money: at Stripe it is the payment, not its charge."""
    details = row.get("details") or {}
    return str(details.get("payment_intent") or row["id"])


def movement_of(name: str) -> str:
    """What a refund is called at the provider. What was voided has the name of the charge there,
    to which the product adds `/refund`, the simulator `-void`."""
    return name.partition("/")[0].removesuffix("-void")


# Without these a run has proven little.
NEEDED = (
    "charges at stripe",
    "charges at paypal",
    "charges at authorizenet",
    "payments recorded",
    "orders to give back",
    "vouchers redeemed",
    "messages that were brought again",
)


def figures(seen: Seen) -> dict[str, int]:
    """What was really done."""
    charges = Counter(it["dialect"] for it in seen.charges)
    deliveries = [it for event in seen.events for it in event["deliveries"]]
    reached = [it for it in deliveries if it.get("status")]
    good = Counter(
        (it["account"], it["event"], it["endpoint"]) for it in reached if it["manner"] == "good"
    )
    payments = [it for it in seen.payments if it["kind"] == "payment"]
    by_sandbox = sum(it["provider"] == "sandbox" for it in payments)
    return {
        **{f"charges at {name}": charges[name] for name in ("stripe", "paypal", "authorizenet")},
        "payments by sandbox": by_sandbox,
        "payments recorded": sum(it["charge"] is None for it in payments),
        "refunds": len(seen.payments) - len(payments),
        "orders to give back": len(seen.orders),
        "given back through gateways": sum(it["state"] == "succeeded" for it in seen.orders),
        "refunds and chargebacks at providers": len(seen.refunds) + len(seen.chargebacks),
        "attempts": len(seen.attempts),
        "attempts that still wait for their customer": sum(
            it["state"] not in ("succeeded", "failed") for it in seen.attempts
        ),
        "vouchers redeemed": len(seen.vouchers),
        "entries of the ledger": len(seen.entries),
        "messages brought": len(reached),
        "messages that were forged or stale": sum(
            is_forged(it) or is_stale(it) for it in reached
        ),
        "messages that were brought again": sum(count > 1 for count in good.values()),
        "messages that were refused": seen.refusals,
        "receipts mailed": len(seen.mails or []),
    }


def is_forged(it: Row) -> bool:
    """Whether a delivery was not signed by whom it came to."""
    return bool(it["manner"] != "good" or it.get("signer", it["account"]) != it["account"])


def is_stale(it: Row) -> bool:
    """Whether a delivery was signed long ago. Authorize.Net's signatures know no time."""
    return bool(it["signed_ago"] > 300 and not it["account"].endswith("authorize_net"))


def told_reversals(seen: Seen) -> set[str]:
    """Refunds and disputes that a message named which the product took: it can know of them. What
    PayPal calls a dispute is not what it lists; of the others it is the same name."""
    named = [it["id"] for it in seen.refunds if not it["id"].endswith("-void")]
    named += [it["id"] for it in seen.chargebacks if it["dialect"] == "stripe"]
    told: set[str] = set()
    for event in seen.events:
        if event["lie"] in ("", "sibling") and any(_was_taken(it) for it in event["deliveries"]):
            told.update(name for name in named if name in event["body"])
    return told


def _was_taken(it: Row) -> bool:
    good = not is_forged(it) and not it["signed_ago"]
    return good and 200 <= it.get("status", 0) < 300


def voided(seen: Seen) -> set[str]:
    """Charges that were taken back before they moved money: they are no payments."""
    return {it["charge"] for it in seen.refunds if it["id"].endswith("-void")}
