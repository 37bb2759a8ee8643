"""A run that is sound has no violation, and each fault that is planted into it is found."""

from __future__ import annotations

import hashlib
import struct
import unittest
from collections.abc import Callable
from typing import Any

from torture.invariants import INVARIANTS, judge
from torture.journal import Intent
from torture.mailbox import Mail
from torture.quiet import read_statement
from torture.seen import Seen

ORG, CUSTOMER, OTHER = "0" * 31 + "1", "0" * 31 + "2", "0" * 31 + "f"
GATEWAY, PLAY, INVOICE = "0" * 31 + "3", "0" * 31 + "4", "0" * 31 + "5"
ORDER = "0" * 31 + "d"
PAID, REFUND, PLAYED = "0" * 31 + "6", "0" * 31 + "7", "0" * 31 + "8"
ATTEMPT, OPEN, VOUCHER, BATCH = "0" * 31 + "9", "0" * 31 + "a", "0" * 31 + "b", "0" * 31 + "c"
Row = dict[str, Any]


def payment(identifier: str, amount: int, **more: Any) -> Row:
    """A payment as it stands in the data."""
    row: Row = {"org": ORG, "id": identifier, "customer": CUSTOMER, "parent": None,
                "gateway": None, "kind": "payment", "external_id": None, "status": "succeeded",
                "currency": "EUR", "amount": amount, "refunded": 0, "provider": None,
                "charge": None, "charged": None, "fee": None, "reference": None}  # fmt: skip
    return {**row, **more}


def entries(moves: list[tuple[str, str, int, str, str]]) -> list[Row]:
    """A chain, hashed as the product says it is."""
    made, last = [], bytes(32)
    for number, (debit, credit, amount, kind, subject) in enumerate(moves, start=1):
        it: Row = {"org": ORG, "customer": CUSTOMER, "currency": "EUR", "sequence": number,
                   "debit": debit, "credit": credit, "amount": amount, "subject_kind": kind,
                   "subject": subject, "occurred_at": 5, "posted_at": 6}  # fmt: skip
        text = bytes.fromhex(CUSTOMER) + bytes.fromhex(subject)
        text += struct.pack(">4q", number, amount, 5, 6)
        text += b"".join(word.encode() + b"\0" for word in ("EUR", debit, credit, kind))
        last = hashlib.sha256(last + text).digest()
        made.append({**it, "hash": last.hex()})
    return made


def charge(**more: Any) -> Row:
    """A charge as it stands in the truth."""
    row: Row = {"id": "ch_1", "account": "acme_stripe", "org": "Acme", "dialect": "stripe",
                "amount": 925, "currency": "EUR", "reference": "R1", "refunded": 0,
                "charged_back": 0, "details": {"payment_intent": "pi_1"}}  # fmt: skip
    return {**row, **more}


def attempt(identifier: str, state: str, **more: Any) -> Row:
    """An attempt."""
    row: Row = {"org": ORG, "id": identifier, "customer": CUSTOMER, "gateway": GATEWAY,
                "payment": None, "reference": "R2", "state": state, "currency": "EUR",
                "amount": 900, "surcharge": 25, "mismatch": None}  # fmt: skip
    return {**row, **more}


def delivery(**more: Any) -> Row:
    """A delivery of an event."""
    row: Row = {"account": "acme_stripe", "manner": "good", "signed_ago": 0, "status": 200}
    return {**row, **more}


def sound() -> Seen:
    """A run in which all is well."""
    way = f"gwy_{GATEWAY}"
    recorded = Intent(1, "record", ORG, CUSTOMER, told={"p-1"})
    told = payment(PAID, 900, charge="pi_1", charged=925, fee=0, gateway=GATEWAY)
    played = payment(PLAYED, 10, charge="sandbox_1", charged=10, fee=0, gateway=PLAY)
    seen = Seen(
        charges=[charge()],
        refunds=[{"id": "re_1", "charge": "ch_1", "account": "acme_stripe", "amount": 50,
                  "currency": "EUR"}],
        events=[{"id": "evt_1", "body": "{}", "lie": "", "deliveries": [
            delivery(),
            delivery(manner="wrong", status=400),
            delivery(signed_ago=604_800, status=400),
            delivery(account="acme_authorize_net", signed_ago=604_800),
            delivery(account="rival_stripe", signer="rival_stripe"),
            delivery(account="rival_stripe", signer="acme_stripe", status=400),
        ]}],
        accounts={"acme_stripe": GATEWAY},
        attempts=[
            attempt(ATTEMPT, "succeeded", payment=PAID, reference="R1"),
            attempt(OPEN, "needs_action"),
        ],
        payments=[told, played, payment(REFUND, 200, external_id="p-1")],
        invoices=[{"org": ORG, "id": INVOICE, "customer": CUSTOMER, "status": "open",
                   "currency": "EUR", "total": 1_000, "paid": 0, "credited": 0, "prepaid": 0,
                   "elsewhere": 0}],
        notes=[{"org": ORG, "customer": CUSTOMER, "external_id": "cn-1", "status": "issued",
                "currency": "EUR", "total": 100}],
        vouchers=[{"org": ORG, "id": VOUCHER, "customer": CUSTOMER, "batch": BATCH,
                   "status": "redeemed", "currency": "EUR", "credited": 500}],
        entries=entries([
            ("customer", "sales", 1_000, "invoice", INVOICE),
            (way, "customer", 900, "payment", PAID),
            (way, "surcharges", 25, "payment", PAID),
            (f"gwy_{PLAY}", "customer", 10, "payment", PLAYED),
            ("recorded", "customer", 200, "payment", REFUND),
            ("credit_notes", "customer", 100, "credit_note", OTHER),
            ("vouchers", "customer", 500, "voucher", VOUCHER),
        ]),
        orders=[{"org": ORG, "id": ORDER, "payment": PAID, "gateway": GATEWAY,
                 "state": "succeeded", "currency": "EUR", "amount": 50, "mismatch": None}],
        gateways=[{"id": GATEWAY, "provider": "stripe"}, {"id": PLAY, "provider": "sandbox"}],
        notices=[{"event_id": "evt_1", "state": "done", "tries": 1, "result": "att: succeeded"}],
        reports={BATCH: {"redeemed": 1, "credited_minor": 500}},
        statements={(CUSTOMER, "EUR"): ([-1_000, 900, 10, 200, 100, 500], 710)},
        refusals=3,
        intents=[recorded, Intent(2, "return", ORG, CUSTOMER, told={ORDER})],
        paid=[ATTEMPT],
        redeemed={"CODE": [7, 7]},
        mails=[Mail("<m1>", "ana@a.example", PAID), Mail("<m1>", "ana@a.example", PAID),
               Mail("<m2>", "ana@a.example", PLAYED)],
        addresses={CUSTOMER: "ana@a.example"},
        succeeded_before={ATTEMPT},
    )  # fmt: skip
    seen.told_payments = [
        {"id": f"pay_{it['id']}", "status": it["status"], "currency": it["currency"],
         "amount_minor": it["amount"], "refunded_minor": it["refunded"],
         "charge": {"id": it["charge"]} if it["charge"] else None}
        for it in seen.payments
    ]  # fmt: skip
    return seen


def put(rows: str, index: int, **changes: Any) -> Callable[[Seen], None]:
    """Changes a row."""
    return lambda seen: getattr(seen, rows)[index].update(changes)


def add(rows: str, row: Row) -> Callable[[Seen], None]:
    """Adds a row."""
    return lambda seen: getattr(seen, rows).append(row)


def drop(rows: str, index: int) -> Callable[[Seen], None]:
    """Takes a row away."""
    return lambda seen: getattr(seen, rows).pop(index)


def let(**changes: Any) -> Callable[[Seen], None]:
    """Changes a figure."""
    return lambda seen: seen.__dict__.update(changes)


def put_mail(index: int, mail: Mail) -> Callable[[Seen], None]:
    """Changes a mail."""
    return lambda seen: seen.mails.__setitem__(index, mail) if seen.mails else None


# What is planted, the invariant that must find it, and a word of what it must say.
PLANTED: list[tuple[str, str, str, Callable[[Seen], None]]] = [
    ("an entry is altered", "I1", "entry 2", put("entries", 1, amount=901)),
    ("an entry is left out", "I1", "entry 4", drop("entries", 2)),
    ("an entry is moved to another time", "I1", "entry 1", put("entries", 0, occurred_at=4)),
    ("the product finds its ledger broken", "I1", "broken",
     let(ledger_is_whole=False, ledger_check="broken")),
    ("a charge has no attempt", "I4", "reference R9", add("charges", charge(id="ch_9",
     reference="R9", details={"payment_intent": "pi_9"}))),
    ("a charge is not credited", "I4", "was not credited", drop("payments", 0)),
    ("a charge is credited twice", "I4", "credited 2 times",
     add("payments", payment(OTHER, 900, charge="pi_1", charged=925, fee=0, gateway=GATEWAY))),
    ("a charge is credited with another amount", "I4", "in the books with 9000",
     put("payments", 0, charged=9_000)),
    ("a charge is credited in another currency", "I4", "USD", put("payments", 0, currency="USD")),
    ("a charge is credited to another customer", "I4", f"customer {OTHER}",
     put("payments", 0, customer=OTHER)),
    ("a charge is credited by another gateway", "I4", "was not credited",
     put("payments", 0, gateway=OTHER)),
    ("a payment was charged by nobody", "I4", "charged by nobody",
     add("payments", payment(OTHER, 5, charge="pi_2", charged=5, fee=0, gateway=GATEWAY))),
    ("a payment is posted twice", "I4", "moved 1800",
     lambda seen: seen.entries.append({**seen.entries[1]})),
    ("a payment is not posted", "I4", "moved 0", drop("entries", 1)),
    ("a surcharge is not posted", "I4", "gateway's account", drop("entries", 2)),
    ("a payment that failed is posted", "I4", "moved 900", put("payments", 0, status="failed")),
    ("a refund is booked with another amount", "I4", "re_1",
     add("payments", payment(OTHER, 49, kind="refund", charge="re_1", charged=49,
                              gateway=GATEWAY))),
    ("what was ordered is not given back", "I4", "50 were given back, 80 were ordered",
     put("orders", 0, amount=80)),
    ("what was given back was not ordered", "I4", "50 were given back, 0 were ordered",
     put("orders", 0, state="failed")),
    ("an order that was told is not there", "I6", "was told, and is not", drop("orders", 0)),
    ("an order stays sent", "I11", "to give back is sent", put("orders", 0, state="sent")),
    ("a refund that must be booked is not", "I4", "re_1", let(all_reversals=True)),
    ("a refund that was told of is not booked", "I4", "re_1",
     lambda seen: seen.events[0].update(body='{"object": {"id": "re_1"}}')),
    ("an intent is charged twice", "I5", "charged 2 times",
     add("charges", charge(id="ch_2", details={"payment_intent": "pi_2"}))),
    ("what was told to be paid is not", "I6", "is unknown", put("attempts", 0, state="unknown")),
    ("what was told to be paid is gone", "I6", "is None", drop("attempts", 0)),
    ("what was told to be recorded is gone", "I6", "0 times",
     put("payments", 2, external_id=None)),
    ("what was told to be recorded is there twice", "I6", "2 times",
     add("payments", payment(OTHER, 1, status="failed", external_id="p-1"))),
    ("credit vanishes", "I7", "lacks", put("vouchers", 0, credited=501)),
    ("an invoice that is void is still charged", "I7", "lacks", put("invoices", 0, status="void")),
    ("a credit note is not credited", "I7", "lacks", put("notes", 0, total=99)),
    ("a statement lacks a line", "I7", "reads 5 lines",
     let(statements={(CUSTOMER, "EUR"): ([-1_000, 900, 10, 200, 600], 710)})),
    ("a statement ends in another balance", "I7", "a balance of 711",
     let(statements={(CUSTOMER, "EUR"): ([-1_000, 900, 10, 200, 100, 500], 711)})),
    ("two customers redeem one code", "I8", "2 customers", let(redeemed={"CODE": [7, 8]})),
    ("a code was told to be redeemed and is not", "I8", "codes were told", drop("vouchers", 0)),
    ("a voucher gives more than it says", "I8", "gave 900", put("vouchers", 0, credited=900)),
    ("a report is wrong", "I8", "reports",
     let(reports={BATCH: {"redeemed": 1, "credited_minor": 499}})),
    ("an attempt stays sent", "I11", "is sent", put("attempts", 1, state="sent")),
    ("an attempt waits though it was charged", "I11", "was charged",
     put("attempts", 0, state="unknown")),
    ("a notice waits", "I11", "waits", put("notices", 0, state="waiting")),
    ("a notice was given up", "I11", "given up",
     put("notices", 0, state="given_up", result="given up (reference 1)")),
    ("what was paid is not any more", "I12", "had succeeded", put("attempts", 0, state="failed")),
    ("a forgery is taken", "I14", "forged",
     lambda seen: seen.events[0]["deliveries"][1].update(status=200)),
    ("a message of last week is taken", "I14", "week old",
     lambda seen: seen.events[0]["deliveries"][2].update(status=200)),
    ("another tenant's message is taken", "I14", "forged",
     lambda seen: seen.events[0]["deliveries"][5].update(status=200)),
    ("a refusal is not in the log", "I14", "2 lines", let(refusals=2)),
    ("a receipt is mailed as two mails", "I16", "as 2 mails",
     add("mails", Mail("<m3>", "ana@a.example", PAID))),
    ("a receipt is mailed to somebody else", "I16", "mailed to bob@a.example",
     add("mails", Mail("<m3>", "bob@a.example", PAID))),
    ("a receipt is not mailed", "I16", "nobody", drop("mails", 2)),
    ("two mails have one name", "I16", "name of 2", put_mail(2, Mail("<m1>", "ana@a.example",
                                                                     PLAYED))),
    ("a file is damaged", "I17", "page 7", let(integrity=["integrity_check: page 7"])),
    ("the API tells another amount", "API", "otherwise",
     put("told_payments", 0, amount_minor=1)),
    ("the API leaves a payment out", "API", "not told", drop("told_payments", 1)),
]  # fmt: skip


class Judge(unittest.TestCase):
    """The judge on made-up data."""

    def test_a_sound_run_has_no_violation(self) -> None:
        self.assertEqual(judge(sound()), [])

    def test_what_was_voided_before_anybody_learned_of_it_is_no_payment(self) -> None:
        seen = sound()
        voided = {"account": "acme_authorize_net", "dialect": "authorizenet", "refunded": 925}
        seen.accounts["acme_authorize_net"] = GATEWAY
        seen.charges.append(charge(id="7", reference="R2", details={}, **voided))
        seen.refunds.append({"id": "7-void", "charge": "7", "account": "acme_authorize_net",
                             "amount": 925, "currency": "EUR"})  # fmt: skip
        seen.faults.append({"fault": "refund_first", "touched": {"charge": "7"}})
        for state in ("needs_action", "failed"):
            seen.attempts[1]["state"] = state
            self.assertEqual(judge(seen), [])
        seen.refunds.pop()
        self.assertEqual({number for number, _ in judge(seen)}, {"I4"})

    def test_each_planted_fault_is_found(self) -> None:
        for name, number, word, plant in PLANTED:
            with self.subTest(name):
                seen = sound()
                plant(seen)
                found = [text for broken, text in judge(seen) if broken == number]
                self.assertTrue(any(word in text for text in found), found)

    def test_each_invariant_has_a_fault_that_it_finds(self) -> None:
        for it in INVARIANTS:
            with self.subTest(it.meaning):
                found = []
                for _, _, _, plant in PLANTED:
                    seen = sound()
                    plant(seen)
                    found += list(it.find(seen))
                self.assertTrue(found)

    def test_what_was_lied_or_not_taken_need_not_be_booked(self) -> None:
        for changes in ({"lie": "amount"}, {"deliveries": [delivery(status=503)]}):
            seen = sound()
            seen.events[0].update(body='{"id": "re_1"}', **changes)
            self.assertEqual([text for _, text in judge(seen) if "not in the books" in text], [])

    def test_statements_are_read_in_their_currency(self) -> None:
        text = (
            "Date,Type,Number,Method,Description,Currency,Amount,Balance\r\n"
            '2026-01-05,Invoice,A-1,,"Hosting, a month",USD,-12.10,-12.10\r\n'
            "2026-01-06,Payment,,Card,,USD,12.1,0.00\r\n"
        )
        self.assertEqual(read_statement(text, "USD"), ([-1_210, 1_210], 0))
        self.assertEqual(read_statement("head\r\na,5,5\r\n", "JPY"), ([5], 5))


if __name__ == "__main__":
    unittest.main()
