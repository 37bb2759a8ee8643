"""The judge: each invariant by its number, as a function from what was seen to what is wrong.

The numbers are those of the crash campaign. Those that hold at every moment are statements
(`rules.py`); these compare the product with others' books, when all is quiet.
"""

from __future__ import annotations

import hashlib
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .seen import (
    Row,
    Seen,
    charge_of,
    is_forged,
    is_stale,
    movement_of,
    told_reversals,
    voided,
)

Finding = Callable[[Seen], Iterator[str]]
OPEN = ("created", "sent", "needs_action", "processing", "unknown")


@dataclass(frozen=True)
class Invariant:
    """One of them."""

    number: str
    meaning: str
    find: Finding


INVARIANTS: list[Invariant] = []


def invariant(number: str, meaning: str) -> Callable[[Finding], Finding]:
    """Puts a function among the invariants."""

    def note(find: Finding) -> Finding:
        INVARIANTS.append(Invariant(number, meaning, find))
        return find

    return note


def judge(seen: Seen) -> list[tuple[str, str]]:
    """Everything that is wrong, with the number of what it breaks."""
    return [(it.number, text) for it in INVARIANTS for text in it.find(seen)]


@invariant("I1", "each entry's hash covers it and the one before: nothing was altered or left out")
def chains(seen: Seen) -> Iterator[str]:
    """Follows each chain anew, by the published recipe."""
    last: dict[tuple[str, str, str], bytes] = {}
    for it in seen.entries:
        chain = (it["org"], it["customer"], it["currency"])
        hashed = hashlib.sha256(last.get(chain, bytes(32)))
        hashed.update(bytes.fromhex(it["customer"]) + bytes.fromhex(it["subject"]))
        numbers = (it["sequence"], it["amount"], it["occurred_at"], it["posted_at"])
        hashed.update(struct.pack(">4q", *numbers))
        for word in (it["currency"], it["debit"], it["credit"], it["subject_kind"]):
            hashed.update(word.encode() + b"\0")
        if hashed.hexdigest() != it["hash"]:
            yield f"entry {it['sequence']} of customer {it['customer']} in {it['currency']}"
        last[chain] = bytes.fromhex(it["hash"])


@invariant("I1", "`portico ledger check` finds the ledger whole")
def ledger_check(seen: Seen) -> Iterator[str]:
    """What the product's own check says."""
    if not seen.ledger_is_whole:
        yield seen.ledger_check


@invariant("I4", "what a provider charged was asked for by an attempt that was stored before")
def every_charge_has_its_attempt(seen: Seen) -> Iterator[str]:
    """A charge of which the product knows nothing would be lost."""
    known = {(it["gateway"], it["reference"]) for it in seen.attempts}
    for charge in seen.charges:
        gateway = seen.accounts.get(charge["account"], "")
        if (gateway, charge["reference"]) not in known:
            yield f"charge {charge['id']} of {charge['account']}, reference {charge['reference']}"


@invariant("I4", "each charge is one payment: same customer, amount, currency, gateway")
def each_charge_is_one_payment(seen: Seen) -> Iterator[str]:
    """The bijection, from the provider's side."""
    payments: dict[tuple[str | None, str | None], list[Row]] = defaultdict(list)
    for it in seen.payments:
        payments[it["gateway"], it["charge"]].append(it)
    attempts = {(it["gateway"], it["reference"]): it for it in seen.attempts}
    taken_back = voided(seen)
    for charge in seen.charges:
        gateway = seen.accounts.get(charge["account"], "")
        name = f"charge {charge['id']} of {charge['amount']} {charge['currency']}"
        found = payments[gateway, charge_of(charge)]
        if not found:
            # What was taken back before anybody could learn of it is no payment.
            if charge["id"] not in taken_back:
                yield f"{name}, reference {charge['reference']}, was not credited"
            continue
        if len(found) > 1:
            yield f"{name} was credited {len(found)} times"
        attempt = attempts.get((gateway, charge["reference"]))
        for it in found:
            if it["charged"] != charge["amount"] or it["currency"] != charge["currency"]:
                yield f"{name} is in the books with {it['charged']} {it['currency']}"
            if attempt is not None and it["customer"] != attempt["customer"]:
                yield f"{name} was credited to customer {it['customer']}"


@invariant("I4", "each payment by a provider is one charge there")
def each_payment_is_one_charge(seen: Seen) -> Iterator[str]:
    """The bijection, from the product's side. Play money is nobody's charge."""
    real = {(seen.accounts.get(it["account"], ""), charge_of(it)) for it in seen.charges}
    play = {it["id"] for it in seen.gateways if it["provider"] == "sandbox"}
    for it in seen.payments:
        if it["charge"] is None or it["kind"] != "payment" or it["gateway"] in play:
            continue
        if (it["gateway"], it["charge"]) not in real:
            yield f"payment {it['id']} of {it['amount']} {it['currency']} was charged by nobody"


@invariant("I4", "a payment is in the ledger once, with what was credited and what was charged")
def each_payment_is_posted_once(seen: Seen) -> Iterator[str]:
    """What its entries move to the customer is what it says."""
    moved: Counter[tuple[str, str]] = Counter()
    for it in seen.entries:
        if it["subject_kind"] == "payment":
            amount = it["amount"]
            moved[it["subject"], it["credit"]] += amount
            moved[it["subject"], it["debit"]] -= amount
    for it in seen.payments:
        counts = it["amount"] if it["status"] == "succeeded" else 0
        counts = counts if it["kind"] == "payment" else -counts
        if moved[it["id"], "customer"] != counts:
            got = moved[it["id"], "customer"]
            yield f"{it['kind']} {it['id']} of {counts} moved {got} to its customer"
        if it["charge"] is not None and it["kind"] == "payment" and it["status"] == "succeeded":
            gateway = f"gwy_{it['gateway']}"
            if moved[it["id"], gateway] != (it["fee"] or 0) - it["charged"]:
                got = moved[it["id"], gateway]
                yield f"payment {it['id']} charged {it['charged']}, its gateway's account has {got}"


@invariant("I4", "what the provider gave or took back is in the books once at most, once where told")
def reversals(seen: Seen) -> Iterator[str]:
    """Refunds and chargebacks that the product did not ask for, too."""
    known, credited = told_reversals(seen), {(it["gateway"], it["charge"]) for it in seen.payments}
    names = {it["id"]: (seen.accounts.get(it["account"], ""), charge_of(it)) for it in seen.charges}
    booked: Counter[tuple[str, str]] = Counter()
    for it in seen.payments:
        if it["kind"] == "refund" and it["charge"] is not None and it["status"] == "succeeded":
            booked[it["gateway"], movement_of(it["charge"])] += it["charged"]
    told = [*seen.refunds, *seen.chargebacks]
    for it in told:
        key = (seen.accounts.get(it["account"], ""), movement_of(it["id"]))
        if booked[key] not in (0, it["amount"]):
            yield f"{it['id']} of {it['amount']} is in the books with {booked[key]}"
        must_be = seen.all_reversals or it["id"] in known and names.get(it["charge"]) in credited
        if must_be and not booked[key]:
            yield f"{it['id']} of {it['amount']} {it['currency']} is not in the books"


@invariant("I4", "providers gave back what they were ordered to, no more and no less")
def orders(seen: Seen) -> Iterator[str]:
    """Of each payment, but those of which the provider gave something back by itself."""
    own = {it["touched"]["charge"] for it in seen.faults if it["fault"] == "refund_first"}
    names = {it["id"]: (seen.accounts.get(it["account"], ""), charge_of(it)) for it in seen.charges}
    gave: Counter[tuple[str, str]] = Counter()
    for it in seen.refunds:
        if it["charge"] in names:
            gave[names[it["charge"]]] += it["amount"]
    paid = {it["id"]: it["charge"] for it in seen.payments}
    ordered: Counter[tuple[str, str]] = Counter()
    for it in seen.orders:
        if it["state"] == "succeeded":
            ordered[it["gateway"], paid.get(it["payment"]) or ""] += it["amount"]
    for charge, name in names.items():
        if charge not in own and gave[name] != ordered[name]:
            yield f"of {charge} {gave[name]} were given back, {ordered[name]} were ordered"


@invariant("I5", "what a client wanted once was charged once")
def one_charge_for_an_intent(seen: Seen) -> Iterator[str]:
    """By the reference of the attempt, which each form has one of."""
    times = Counter((it["account"], it["reference"]) for it in seen.charges)
    for (account, reference), count in times.items():
        if count > 1:
            yield f"reference {reference} was charged {count} times at {account}"


@invariant("I6", "what was ever answered as paid is paid")
def what_was_told_lasts(seen: Seen) -> Iterator[str]:
    """What was acknowledged is a part of what is there."""
    states = {it["id"]: it["state"] for it in seen.attempts}
    for attempt in seen.paid:
        if states.get(attempt) != "succeeded":
            yield f"attempt {attempt} was told to be paid, and is {states.get(attempt)}"


@invariant("I6", "what was ever answered as recorded is there, once")
def what_was_recorded_lasts(seen: Seen) -> Iterator[str]:
    """Payments, refunds and credit notes by their external ids."""
    there = Counter((it["org"], it["external_id"]) for it in [*seen.payments, *seen.notes])
    for it in seen.intents:
        if it.kind not in ("record", "refund", "credit"):
            continue
        for name in it.told:
            if there[it.organisation, name] != 1:
                times = there[it.organisation, name]
                yield f"{it.kind} {name} was told to be done, and is there {times} times"


@invariant("I6", "what was ever answered as ordered is there")
def what_was_ordered_lasts(seen: Seen) -> Iterator[str]:
    """Orders to give back, by their identifiers."""
    there = {it["id"] for it in seen.orders}
    for it in seen.intents:
        for name in it.told - there if it.kind == "return" else ():
            yield f"order {name} was told, and is not there"


@invariant("I7", "a customer's balance is what all documents come to: nothing vanishes")
def balances(seen: Seen) -> Iterator[str]:
    """Paid in, given back, credited and charged, added up anew."""
    sums: Counter[tuple[str, str, str]] = Counter()

    def add(it: Row, minor: int) -> None:
        sums[it["org"], it["customer"], it["currency"]] += minor

    for it in seen.payments:
        if it["status"] == "succeeded":
            add(it, it["amount"] if it["kind"] == "payment" else -it["amount"])
    for it in seen.notes:
        if it["status"] == "issued":
            add(it, it["total"])
    for it in seen.vouchers:
        if it["status"] == "redeemed":
            add(it, it["credited"])
    for it in seen.invoices:
        settled = it["paid"] + it["credited"]
        if it["status"] in ("void", "uncollectible"):
            add(it, -settled)
        elif it["status"] != "draft":
            add(it, it["prepaid"] + it["elsewhere"] - it["total"])
    for it in seen.entries:
        for side, sign in (("credit", -1), ("debit", 1)):
            if it[side] == "customer":
                add(it, sign * it["amount"])
    for (_, customer, currency), minor in sums.items():
        if minor:
            yield f"the ledger of customer {customer} lacks {minor} {currency}"


@invariant("I7", "the statement that a customer reads is the ledger")
def statements(seen: Seen) -> Iterator[str]:
    """Line by line, and in the end."""
    own: dict[tuple[str, str], list[int]] = defaultdict(list)
    for it in seen.entries:
        key = (it["customer"], it["currency"])
        if it["credit"] == "customer":
            own[key].append(it["amount"])
        elif it["debit"] == "customer":
            own[key].append(-it["amount"])
    for key, (amounts, last) in seen.statements.items():
        if sorted(amounts) != sorted(own[key]):
            yield f"customer {key[0]} reads {len(amounts)} lines, the ledger has {len(own[key])}"
        if amounts and last != sum(own[key]):
            yield f"customer {key[0]} reads a balance of {last}, the ledger has {sum(own[key])}"


@invariant("I8", "a code is redeemed once, and gives what it says")
def vouchers(seen: Seen) -> Iterator[str]:
    """By what customers were told, by the data, and by the reports."""
    for code, intents in seen.redeemed.items():
        if len(set(intents)) > 1:
            yield f"{len(set(intents))} customers were told that they redeemed {code[:4]}…"
    told = sum(len(set(intents)) for intents in seen.redeemed.values())
    done = [it for it in seen.vouchers if it["status"] == "redeemed"]
    if told > len(done):
        yield f"{told} codes were told to be redeemed, and {len(done)} are"
    for it in done:
        if it["credited"] != seen.face:
            yield f"voucher {it['id']} gave {it['credited']}"
    batches = Counter(it["batch"] for it in done)
    for batch, report in seen.reports.items():
        count = batches[batch]
        if (report["redeemed"], report["credited_minor"]) != (count, count * seen.face):
            yield f"batch {batch} reports {report}, {count} are redeemed"


@invariant("I11", "no attempt is stuck between the product and the provider")
def nothing_is_stuck(seen: Seen) -> Iterator[str]:
    """When all is quiet and each was looked at, none is still on its way there. By a page whose
    payment was voided the customer may pay again."""
    taken_back = voided(seen)
    paid = [it for it in seen.charges if it["id"] not in taken_back]
    charged = {(seen.accounts.get(it["account"], ""), it["reference"]) for it in paid}
    for it in seen.attempts:
        if it["state"] in ("created", "sent"):
            yield f"attempt {it['id']} is {it['state']}"
        elif it["state"] in OPEN and (it["gateway"], it["reference"]) in charged:
            yield f"attempt {it['id']} is {it['state']}, and was charged: {it['mismatch']}"
    for it in seen.orders:
        if it["state"] == "sent" or it["mismatch"]:
            yield f"order {it['id']} to give back is {it['state']}: {it['mismatch']}"


@invariant("I11", "nothing that a provider told still waits to be worked on")
def no_notice_waits(seen: Seen) -> Iterator[str]:
    """Nor was given up because of a fault of ours. What is told of a payment that was voided waits
    for a payment that never comes. What is told of money that went back was asked for, and waits
    until the provider lists all of that day (`docs/decisions/0010-what-goes-back.md`)."""
    gone = voided(seen)
    events = {it["id"] for it in seen.events if any(name in it["body"] for name in gone)}
    for it in seen.notices:
        listed_later = (it["result"] or "").endswith(" new")
        if it["state"] == "waiting" and it["event_id"] not in events and not listed_later:
            yield f"notice {it['event_id']} waits after {it['tries']} tries: {it['result']}"
        elif it["state"] == "given_up":
            yield f"notice {it['event_id']} was given up: {it['result']}"


@invariant("I12", "what was paid stays paid, whatever is told later")
def nothing_goes_back(seen: Seen) -> Iterator[str]:
    """Against what was seen after each kill."""
    now = {it["id"] for it in seen.attempts if it["state"] == "succeeded"}
    for attempt in sorted(seen.succeeded_before - now):
        yield f"attempt {attempt} had succeeded, and has not any more"


@invariant("I14", "a forged message is refused, and so is a genuine one of another time")
def forgeries_are_refused(seen: Seen) -> Iterator[str]:
    """By the answers that the simulator got."""
    for event in seen.events:
        for it in event["deliveries"]:
            if (is_forged(it) or is_stale(it)) and 200 <= it.get("status", 0) < 300:
                what = "forged" if is_forged(it) else "a week old"
                yield f"event {event['id']} at {it['account']} is {what}, and was taken"


@invariant("I14", "each message that is refused has a line in the log")
def refusals_are_logged(seen: Seen) -> Iterator[str]:
    """One at least; what was answered to nobody because of a kill may have one too."""
    deliveries = [it for event in seen.events for it in event["deliveries"]]
    refused = sum(it.get("status") == 400 for it in deliveries)
    if seen.refusals < refused:
        yield f"{refused} messages were refused, the log has {seen.refusals} lines"


@invariant("I16", "a receipt is mailed to whom it belongs, and as one mail however often it is sent")
def receipts(seen: Seen) -> Iterator[str]:
    """By what the mail server took: each payment by a provider, each recipient, one Message-ID."""
    if seen.mails is None:
        return
    mailed: dict[tuple[str, str], set[str]] = defaultdict(set)
    told: dict[str, set[str]] = defaultdict(set)
    for mail in seen.mails:
        mailed[mail.payment, mail.recipient].add(mail.identifier)
        told[mail.identifier].add(mail.payment)
    payments = {it["id"]: it for it in seen.payments if it["charge"] and it["kind"] == "payment"}
    for (payment, recipient), names in mailed.items():
        if len(names) > 1:
            yield f"the receipt of {payment} was mailed to {recipient} as {len(names)} mails"
        owner = payments.get(payment, {}).get("customer", "")
        if seen.addresses.get(owner) != recipient:
            yield f"the receipt of {payment or 'nothing'} was mailed to {recipient}"
    for name, subjects in told.items():
        if len(subjects) > 1:
            yield f"{name} is the name of {len(subjects)} mails"
    for it in payments.values():
        address = seen.addresses.get(it["customer"])
        if address and it["status"] == "succeeded" and (it["id"], address) not in mailed:
            yield f"nobody was mailed the receipt of {it['id']}"


@invariant("I17", "the engine finds its files whole")
def integrity(seen: Seen) -> Iterator[str]:
    """SQLite's and PostgreSQL's own checks."""
    yield from seen.integrity


@invariant("API", "the API tells what the data has")
def api_tells_the_data(seen: Seen) -> Iterator[str]:
    """Payments, one by one."""
    fields = ("id", "status", "currency", "amount", "refunded", "charge")
    there = {it["id"]: tuple(it[name] for name in fields) for it in seen.payments}
    told = set()
    for it in seen.told_payments:
        own = it["id"].rpartition("_")[2]
        told.add(own)
        charge = (it["charge"] or {}).get("id")
        amounts = (it["amount_minor"], it["refunded_minor"])
        if there.get(own) != (own, it["status"], it["currency"], *amounts, charge):
            yield f"payment {own} is told otherwise than it is"
    for missing in sorted(set(there) - told):
        yield f"payment {missing} is not told"
