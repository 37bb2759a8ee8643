"""The statements on tables of the product's own making, without its constraints."""

from __future__ import annotations

import re
import sqlite3
import tempfile
import unittest
from pathlib import Path
from typing import Any

from torture.database import Postgres, Sqlite, dialect
from torture.rules import RULES
from torture.seen import STATEMENTS

MIGRATIONS = Path(__file__).resolve().parents[3] / "crates" / "store" / "migrations"


def ident(number: int) -> bytes:
    """An identifier."""
    return number.to_bytes(16, "big")


ORG, CUSTOMER, GATEWAY, INVOICE, PAID = (ident(number) for number in range(1, 6))
REFUND, NOTE, VOUCHER, BATCH, DONE, OPEN, ORDER = (ident(number) for number in range(6, 13))
USE = ident(13)
OWN = {"organisation_id": ORG}
HIS = {**OWN, "customer_id": CUSTOMER, "currency": "EUR"}

# Customer, moves: debit, credit, amount, document.
MOVES = (
    ("customer", "sales", 1_000, "invoice", INVOICE),
    ("gwy_3", "customer", 900, "payment", PAID),
    ("gwy_3", "surcharges", 25, "payment", PAID),
    ("customer", "recorded", 200, "payment", REFUND),
    ("credit_notes", "customer", 100, "credit_note", NOTE),
    ("vouchers", "customer", 500, "voucher", VOUCHER),
)
BALANCES = {"customer": 300, "sales": 1_000, "gwy_3": -925, "surcharges": 25, "recorded": 200,
            "credit_notes": -100, "vouchers": -500}  # fmt: skip

# By the meaning of a rule, what breaks it.
PLANTED = {
    "entries of the ledger move a positive amount from one account to another":
        "UPDATE ledger_entry SET debit = credit WHERE sequence = 1",
    "the chain of a customer's entries is numbered without gaps":
        "DELETE FROM ledger_entry WHERE sequence = 3",
    "the chain ends with its last entry":
        "UPDATE ledger_head SET hash = x'00'",
    "the kept balance of each account is the sum of its entries":
        "UPDATE ledger_account SET balance_minor = balance_minor + 1 WHERE account = 'sales'",
    "the kept months of each customer are the sum of what happened in all of them":
        "UPDATE ledger_month SET balance_minor = balance_minor - 1",
    "a payment settles no more than it is":
        "UPDATE allocation SET amount_minor = 901 WHERE amount_minor = 700",
    "a payment is refunded by no more than it is, and by what its refunds say":
        "UPDATE payment SET refunded_minor = 100 WHERE kind = 'payment'",
    "what is ordered to be given back of a payment is no more than it is":
        "UPDATE payment_refund SET credited_minor = 901",
    "what is free of a payment is what neither invoices nor refunds took":
        "UPDATE payment SET free_minor = 99 WHERE kind = 'payment'",
    "no more is used of a voucher or a credit note than it gives, and what settles invoices":
        "UPDATE voucher SET used_minor = 40",
    "a movement of money at a provider is credited once":
        "INSERT INTO payment (organisation_id, provider, charge) "
        "SELECT organisation_id, provider, charge FROM payment WHERE charge IS NOT NULL",
    "an attempt that succeeded has its payment, over what was asked for":
        "UPDATE payment SET charged_minor = 900 WHERE charge IS NOT NULL",
    "a form begins one attempt, or uses credit once":
        "UPDATE credit_use SET form_key = 'key'",
    "what payments and credit settled of an invoice is the sum of its parts":
        "UPDATE invoice SET paid_minor = 700",
    "what credit notes settled of an invoice is the sum of those that are issued":
        "UPDATE credit_note SET status = 'void'",
    "an invoice is paid where what settled it is its total, and only there":
        "UPDATE invoice SET status = 'paid', due_minor = 0",
    "instalments come to the total of their invoice, which tells the day of the next one":
        "UPDATE invoice SET due_on = 10",
    "a voucher gives its credit once, and the ledger has it":
        "UPDATE voucher SET credited_minor = 400",
    "numbers of invoices, credit notes and vouchers are given once":
        "INSERT INTO invoice (organisation_id, number) SELECT organisation_id, number FROM invoice",
    "vouchers of a batch are numbered without gaps":
        "UPDATE voucher_batch SET size = 2",
    "each payment, redeemed voucher and use of credit is told of once, and nothing else is":
        "DELETE FROM event WHERE kind = 'credit.used'",
    "an attempt that is not over is to be looked at, and soon after it last was":
        "UPDATE payment_attempt SET next_look_at = NULL",
    "what is a customer's is of the customer's organisation":
        "UPDATE customer SET organisation_id = x'ff'",
    "what names a gateway, an invoice or a payment names one of its own organisation":
        "UPDATE gateway SET organisation_id = x'ff'",
}  # fmt: skip


class Tables(unittest.TestCase):
    """A database with one of each."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "portico.sqlite"
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.addCleanup(self.connection.close)
        # Nothing of it must outlive anything: no waiting for the disk.
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("PRAGMA journal_mode = MEMORY")
        self.connection.execute("PRAGMA legacy_alter_table = 1")
        for file in sorted(MIGRATIONS.glob("*.sql")):
            self.connection.executescript(file.read_text("utf-8"))
        self.loosen()
        self.fill()
        self.database = Sqlite(path)

    def loosen(self) -> None:
        """Takes the constraints away: what is planted must be able to stand there."""
        for table in set(re.findall(r"(?:FROM|JOIN)\s+([a-z_]+)", " ".join(
            [rule.sql for rule in RULES] + list(STATEMENTS.values())
        ))):  # fmt: skip
            self.connection.execute(f"CREATE TABLE loose AS SELECT * FROM {table}")
            self.connection.execute(f"DROP TABLE {table}")
            self.connection.execute(f"ALTER TABLE loose RENAME TO {table}")

    def put(self, table: str, **row: Any) -> None:
        """Adds a row."""
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        self.connection.execute(statement, list(row.values()))

    def fill(self) -> None:
        """What is sound."""
        self.put("customer", **OWN, id=CUSTOMER)
        self.put("gateway", **OWN, id=GATEWAY, provider="stripe")
        self.put("invoice", **HIS, id=INVOICE, number="A-1", status="partially_paid",
                 total_minor=1_000, paid_minor=650, credited_minor=100, prepaid_minor=0,
                 paid_elsewhere_minor=0, due_minor=250, due_on=20, instalments=2)  # fmt: skip
        for day, amount, rest in ((10, 400, 600), (20, 600, 0)):
            self.put("invoice_instalment", **OWN, invoice_id=INVOICE, due_on=day,
                     amount_minor=amount, rest_minor=rest)  # fmt: skip
        self.put("credit_note", **HIS, id=NOTE, number="C-1", status="issued", total_minor=100,
                 invoice_id=INVOICE, used_minor=0)  # fmt: skip
        money = {**HIS, "status": "succeeded"}
        self.put("payment", **money, id=PAID, kind="payment", amount_minor=900,
                 refunded_minor=200, free_minor=100, gateway_id=GATEWAY, provider="stripe",
                 charge="pi_1", charged_minor=925, fee_minor=0)  # fmt: skip
        self.put("payment", **money, id=REFUND, kind="refund", parent_id=PAID, amount_minor=200,
                 refunded_minor=0, free_minor=0)  # fmt: skip
        self.put("payment_refund", **HIS, id=ORDER, payment_id=PAID, state="succeeded",
                 amount_minor=200, credited_minor=200)  # fmt: skip
        settled = {**OWN, "invoice_id": INVOICE}
        self.put("allocation", **settled, payment_id=PAID, amount_minor=700)
        self.put("allocation", **settled, payment_id=REFUND, amount_minor=100)
        asked = {**HIS, "gateway_id": GATEWAY, "amount_minor": 900, "surcharge_minor": 25}
        self.put("payment_attempt", **asked, id=DONE, state="succeeded", payment_id=PAID,
                 form_key="key", updated_at=5)  # fmt: skip
        self.put("payment_attempt", **asked, id=OPEN, state="unknown", form_key="other",
                 updated_at=5, next_look_at=9)  # fmt: skip
        self.put("voucher_batch", **OWN, id=BATCH, size=1)
        self.put("voucher", **HIS, id=VOUCHER, batch_id=BATCH, number=1, serial="V-1",
                 status="redeemed", credited_minor=500, used_minor=50)  # fmt: skip
        self.put("credit_allocation", **settled, source_kind="voucher", source_id=VOUCHER,
                 amount_minor=50)  # fmt: skip
        self.put("credit_use", **HIS, id=USE, amount_minor=50, form_key="used")
        for number, (debit, credit, amount, kind, subject) in enumerate(MOVES, start=1):
            self.put("ledger_entry", **HIS, sequence=number, debit=debit, credit=credit,
                     amount_minor=amount, subject_kind=kind, subject_id=subject,
                     hash=ident(number))  # fmt: skip
        self.put("ledger_head", **HIS, sequence=len(MOVES), hash=ident(len(MOVES)))
        for account, minor in BALANCES.items():
            self.put("ledger_account", **HIS, account=account, balance_minor=minor)
        self.put("ledger_month", **HIS, month=1, balance_minor=100)
        self.put("ledger_month", **HIS, month=2, balance_minor=200)
        for kind, subject in (("payment.created", PAID), ("refund.created", REFUND),
                              ("voucher.redeemed", VOUCHER), ("credit.used", USE)):  # fmt: skip
            self.put("event", **OWN, kind=kind, subject_id=subject)

    def found(self) -> dict[str, int]:
        """How many rows each rule finds, by its meaning."""
        rows = self.database.read({str(at): rule.sql for at, rule in enumerate(RULES)})
        return {rule.meaning: len(rows[str(at)]) for at, rule in enumerate(RULES)}

    def test_what_is_sound_breaks_no_rule(self) -> None:
        self.assertEqual({k: v for k, v in self.found().items() if v}, {})

    def test_each_rule_finds_what_breaks_it(self) -> None:
        self.assertEqual(set(PLANTED), {rule.meaning for rule in RULES})
        for meaning, plant in PLANTED.items():
            with self.subTest(meaning):
                self.connection.execute(plant)
                self.assertGreater(self.found()[meaning], 0)
                self.doCleanups()
                self.setUp()

    def test_the_judge_reads_what_there_is(self) -> None:
        rows = self.database.read(STATEMENTS)
        self.assertEqual(len(rows["entries"]), len(MOVES))
        [paid, refund] = sorted(rows["payments"], key=lambda it: it["id"])
        self.assertEqual((paid["id"], paid["parent"]), (PAID.hex(), None))
        self.assertEqual((refund["parent"], refund["gateway"]), (PAID.hex(), None))
        self.assertEqual(rows["entries"][0]["hash"], ident(1).hex())

    def test_files_are_checked(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "portico.sqlite"
            connection = sqlite3.connect(path, isolation_level=None)
            connection.execute("CREATE TABLE one (id INTEGER PRIMARY KEY)")
            connection.execute("CREATE TABLE other (id INTEGER REFERENCES one (id))")
            self.assertEqual(Sqlite(path).integrity(), [])
            connection.execute("INSERT INTO other VALUES (7)")
            connection.close()
            [fault] = Sqlite(path).integrity()
            self.assertIn("foreign_key_check", fault)

    def test_identifiers_are_literals(self) -> None:
        self.database.change(
            f"DELETE FROM payment WHERE id = {self.database.identifier(PAID.hex())}"
        )
        self.assertEqual(len(self.database.read(STATEMENTS)["payments"]), 1)
        with self.assertRaises(ValueError):
            self.database.identifier("1' OR '1' = '1")

    def test_both_engines_are_written_for(self) -> None:
        sql = "SELECT {id:a.id} AS id, {hex:hash} AS hash FROM a"
        self.assertEqual(dialect(sql, Postgres.FORMS),
                         "SELECT replace(CAST(a.id AS TEXT), '-', '') AS id, "
                         "encode(hash, 'hex') AS hash FROM a")  # fmt: skip
        self.assertEqual(dialect(sql, Sqlite.FORMS),
                         "SELECT nullif(lower(hex(a.id)), '') AS id, lower(hex(hash)) AS hash "
                         "FROM a")  # fmt: skip


if __name__ == "__main__":
    unittest.main()
