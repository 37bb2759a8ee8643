"""What must hold at every committed moment: statements that find what breaks it.

Asked after each kill, as soon as the product is up again, and once more at the end. A statement
finds nothing, or rows that say what is wrong and where.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .database import Database


@dataclass(frozen=True)
class Rule:
    """An invariant, or a part of one."""

    invariant: str
    meaning: str
    sql: str
    # Whether it compares times that were written while the clock may have been another one.
    needs_a_clock: bool = False


RULES: tuple[Rule, ...] = (
    Rule(
        "I1",
        "entries of the ledger move a positive amount from one account to another",
        """SELECT {id:customer_id} AS customer, currency, sequence FROM ledger_entry
           WHERE amount_minor <= 0 OR debit = credit""",
    ),
    Rule(
        "I1",
        "the chain of a customer's entries is numbered without gaps",
        """SELECT {id:customer_id} AS customer, currency, COUNT(*) AS entries,
               MAX(sequence) AS last FROM ledger_entry
           GROUP BY organisation_id, customer_id, currency
           HAVING COUNT(*) <> MAX(sequence) OR MIN(sequence) <> 1""",
    ),
    Rule(
        "I1",
        "the chain ends with its last entry",
        """SELECT {id:h.customer_id} AS customer, h.currency AS currency, h.sequence AS head
           FROM ledger_head h LEFT JOIN ledger_entry e
               ON e.organisation_id = h.organisation_id AND e.customer_id = h.customer_id
               AND e.currency = h.currency AND e.sequence = h.sequence
           WHERE e.hash IS NULL OR e.hash <> h.hash
           UNION ALL
           SELECT {id:e.customer_id}, e.currency, e.sequence
           FROM ledger_entry e LEFT JOIN ledger_head h
               ON h.organisation_id = e.organisation_id AND h.customer_id = e.customer_id
               AND h.currency = e.currency
           WHERE h.sequence IS NULL OR e.sequence > h.sequence""",
    ),
    Rule(
        "I2",
        "the kept balance of each account is the sum of its entries",
        """SELECT {id:customer_id} AS customer, currency, account, SUM(minor) AS off_by FROM (
               SELECT organisation_id, customer_id, currency, account, balance_minor AS minor
               FROM ledger_account
               UNION ALL SELECT organisation_id, customer_id, currency, credit, -amount_minor
               FROM ledger_entry
               UNION ALL SELECT organisation_id, customer_id, currency, debit, amount_minor
               FROM ledger_entry) AS moved
           GROUP BY organisation_id, customer_id, currency, account HAVING SUM(minor) <> 0""",
    ),
    Rule(
        "I2",
        "the kept months of each customer are the sum of what happened in all of them",
        """SELECT {id:customer_id} AS customer, currency, SUM(minor) AS off_by FROM (
               SELECT organisation_id, customer_id, currency, balance_minor AS minor
               FROM ledger_month
               UNION ALL SELECT organisation_id, customer_id, currency,
                   CASE WHEN credit = 'customer' THEN -amount_minor ELSE amount_minor END
               FROM ledger_entry WHERE debit = 'customer' OR credit = 'customer') AS moved
           GROUP BY organisation_id, customer_id, currency HAVING SUM(minor) <> 0""",
    ),
    Rule(
        "I3",
        "a payment settles no more than it is",
        """SELECT {id:p.id} AS payment, p.amount_minor AS amount, a.settled AS settled
           FROM payment p JOIN (SELECT organisation_id, payment_id, SUM(amount_minor) AS settled
               FROM allocation GROUP BY organisation_id, payment_id) a
               ON a.organisation_id = p.organisation_id AND a.payment_id = p.id
           WHERE a.settled > p.amount_minor""",
    ),
    Rule(
        "I3",
        "a payment is refunded by no more than it is, and by what its refunds say",
        """SELECT {id:p.id} AS payment, p.amount_minor AS amount, p.refunded_minor AS kept,
               coalesce(r.refunded, 0) AS refunds
           FROM payment p LEFT JOIN (
               SELECT organisation_id, parent_id, SUM(amount_minor) AS refunded FROM payment
               WHERE kind = 'refund' AND status = 'succeeded'
               GROUP BY organisation_id, parent_id) r
               ON r.organisation_id = p.organisation_id AND r.parent_id = p.id
           WHERE p.kind = 'payment' AND (p.refunded_minor <> coalesce(r.refunded, 0)
               OR p.refunded_minor > p.amount_minor)""",
    ),
    Rule(
        "I3",
        "what is ordered to be given back of a payment is no more than it is",
        """SELECT {id:p.id} AS payment, p.amount_minor AS amount, o.ordered AS ordered
           FROM payment p JOIN (SELECT organisation_id, payment_id, SUM(credited_minor) AS ordered
               FROM payment_refund WHERE state <> 'failed'
               GROUP BY organisation_id, payment_id) o
               ON o.organisation_id = p.organisation_id AND o.payment_id = p.id
           WHERE o.ordered > p.amount_minor""",
    ),
    Rule(
        "I3",
        "what is free of a payment is what neither invoices nor refunds took",
        """SELECT {id:p.id} AS payment, p.free_minor AS kept, p.amount_minor AS amount,
               coalesce(a.settled, 0) AS settled, coalesce(r.reopened, 0) AS reopened
           FROM payment p LEFT JOIN (SELECT organisation_id, payment_id,
                   SUM(amount_minor) AS settled FROM allocation
               GROUP BY organisation_id, payment_id) a
               ON a.organisation_id = p.organisation_id AND a.payment_id = p.id
           LEFT JOIN (SELECT l.organisation_id AS organisation_id, b.parent_id AS parent_id,
                   SUM(l.amount_minor) AS reopened FROM allocation l
               JOIN payment b ON b.organisation_id = l.organisation_id AND b.id = l.payment_id
                   AND b.status = 'succeeded' AND b.parent_id IS NOT NULL
               GROUP BY l.organisation_id, b.parent_id) r
               ON r.organisation_id = p.organisation_id AND r.parent_id = p.id
           WHERE p.free_minor <> CASE WHEN p.kind = 'payment' AND p.status = 'succeeded'
               THEN p.amount_minor - p.refunded_minor - coalesce(a.settled, 0)
                   + coalesce(r.reopened, 0) ELSE 0 END""",
    ),
    Rule(
        "I3",
        "no more is used of a voucher or a credit note than it gives, and what settles invoices",
        """SELECT kind, {id:source.id} AS id, given, used, coalesce(settled, 0) AS settled FROM (
               SELECT 'voucher' AS kind, organisation_id, id, used_minor AS used,
                   coalesce(credited_minor, 0) AS given FROM voucher
               UNION ALL SELECT 'credit_note', organisation_id, id, used_minor,
                   CASE WHEN status = 'issued' AND invoice_id IS NULL THEN total_minor ELSE 0 END
               FROM credit_note) AS source
           LEFT JOIN (SELECT organisation_id, source_kind, source_id, SUM(amount_minor) AS settled
               FROM credit_allocation GROUP BY organisation_id, source_kind, source_id) AS taken
               ON taken.organisation_id = source.organisation_id AND taken.source_kind = kind
               AND taken.source_id = source.id
           WHERE used < 0 OR used > given OR used <> coalesce(settled, 0)""",
    ),
    Rule(
        "I4",
        "a movement of money at a provider is credited once",
        """SELECT provider, charge, COUNT(*) AS times FROM payment WHERE charge IS NOT NULL
           GROUP BY organisation_id, provider, charge HAVING COUNT(*) > 1""",
    ),
    Rule(
        "I4",
        "an attempt that succeeded has its payment, over what was asked for",
        """SELECT {id:a.id} AS attempt, a.state AS state, a.amount_minor AS asked,
               p.amount_minor AS credited, p.charged_minor AS charged
           FROM payment_attempt a LEFT JOIN payment p
               ON p.organisation_id = a.organisation_id AND p.id = a.payment_id
           WHERE (a.state = 'succeeded') <> (a.payment_id IS NOT NULL)
               OR (a.payment_id IS NOT NULL AND (p.id IS NULL OR p.status <> 'succeeded'
                   OR p.charge IS NULL
                   OR p.customer_id <> a.customer_id OR p.currency <> a.currency
                   OR p.charged_minor <> a.amount_minor + a.surcharge_minor))""",
    ),
    Rule(
        "I5",
        "a form begins one attempt, or uses credit once",
        """SELECT {id:customer_id} AS customer, form_key, COUNT(*) AS times FROM (
               SELECT organisation_id, customer_id, form_key FROM payment_attempt
               UNION ALL SELECT organisation_id, customer_id, form_key FROM credit_use
               WHERE form_key IS NOT NULL) AS sent
           GROUP BY organisation_id, customer_id, form_key HAVING COUNT(*) > 1""",
    ),
    Rule(
        "I7",
        "what payments and credit settled of an invoice is the sum of its parts",
        """SELECT {id:i.id} AS invoice, i.paid_minor AS kept, coalesce(a.settled, 0) AS settled
           FROM invoice i LEFT JOIN (
               SELECT organisation_id, invoice_id, SUM(minor) AS settled FROM (
                   SELECT a.organisation_id AS organisation_id, a.invoice_id AS invoice_id,
                       CASE WHEN p.kind = 'refund' THEN -a.amount_minor ELSE a.amount_minor END
                       AS minor
                   FROM allocation a JOIN payment p ON p.organisation_id = a.organisation_id
                       AND p.id = a.payment_id AND p.status = 'succeeded'
                   UNION ALL SELECT organisation_id, invoice_id, amount_minor
                   FROM credit_allocation) AS parts
               GROUP BY organisation_id, invoice_id) a
               ON a.organisation_id = i.organisation_id AND a.invoice_id = i.id
           WHERE i.paid_minor <> coalesce(a.settled, 0)""",
    ),
    Rule(
        "I7",
        "what credit notes settled of an invoice is the sum of those that are issued",
        """SELECT {id:i.id} AS invoice, i.credited_minor AS kept, coalesce(c.credited, 0) AS notes
           FROM invoice i LEFT JOIN (
               SELECT organisation_id, invoice_id, SUM(total_minor) AS credited FROM credit_note
               WHERE status = 'issued' AND invoice_id IS NOT NULL
               GROUP BY organisation_id, invoice_id) c
               ON c.organisation_id = i.organisation_id AND c.invoice_id = i.id
           WHERE i.credited_minor <> coalesce(c.credited, 0)""",
    ),
    Rule(
        "I7",
        "an invoice is paid where what settled it is its total, and only there",
        """SELECT {id:id} AS invoice, status, total_minor AS total, paid_minor AS paid,
               credited_minor AS credited, due_minor AS due
           FROM invoice WHERE status IN ('open', 'partially_paid', 'paid') AND
               ((status = 'paid') <> (paid_minor + credited_minor + prepaid_minor
                   + paid_elsewhere_minor >= total_minor)
               OR due_minor <> CASE WHEN status = 'paid' THEN 0 ELSE total_minor - paid_minor
                   - credited_minor - prepaid_minor - paid_elsewhere_minor END)""",
    ),
    Rule(
        "I7",
        "instalments come to the total of their invoice, which tells the day of the next one",
        """SELECT {id:i.id} AS invoice, i.total_minor AS total, coalesce(p.minor, 0) AS planned,
               i.instalments AS kept, coalesce(p.parts, 0) AS parts, i.due_on AS day
           FROM invoice i LEFT JOIN (SELECT organisation_id, invoice_id, COUNT(*) AS parts,
                   SUM(amount_minor) AS minor FROM invoice_instalment
               GROUP BY organisation_id, invoice_id) p
               ON p.organisation_id = i.organisation_id AND p.invoice_id = i.id
           WHERE i.instalments <> coalesce(p.parts, 0) OR (i.instalments > 0
               AND (p.minor <> i.total_minor OR (i.due_minor > 0 AND i.due_on <> (
                   SELECT MIN(n.due_on) FROM invoice_instalment n
                   WHERE n.organisation_id = i.organisation_id AND n.invoice_id = i.id
                   AND n.rest_minor < i.due_minor))))""",
    ),
    Rule(
        "I8",
        "a voucher gives its credit once, and the ledger has it",
        """SELECT v.serial AS serial, v.status AS status, v.credited_minor AS credited,
               e.times AS times, e.moved AS moved
           FROM voucher v LEFT JOIN (
               SELECT organisation_id, subject_id, COUNT(*) AS times, SUM(amount_minor) AS moved
               FROM ledger_entry WHERE subject_kind = 'voucher'
               GROUP BY organisation_id, subject_id) e
               ON e.organisation_id = v.organisation_id AND e.subject_id = v.id
           WHERE coalesce(e.times, 0) <> CASE WHEN v.status = 'redeemed' THEN 1 ELSE 0 END
               OR coalesce(e.moved, 0) <> coalesce(v.credited_minor, 0)""",
    ),
    Rule(
        "I9",
        "numbers of invoices, credit notes and vouchers are given once",
        """SELECT 'invoice' AS kind, number, COUNT(*) AS times FROM invoice
           WHERE number IS NOT NULL GROUP BY organisation_id, number HAVING COUNT(*) > 1
           UNION ALL SELECT 'credit_note', number, COUNT(*) FROM credit_note
           GROUP BY organisation_id, number HAVING COUNT(*) > 1
           UNION ALL SELECT 'voucher', serial, COUNT(*) FROM voucher
           GROUP BY organisation_id, serial HAVING COUNT(*) > 1""",
    ),
    Rule(
        "I9",
        "vouchers of a batch are numbered without gaps",
        """SELECT {id:b.id} AS batch, b.size AS size, COUNT(v.number) AS there,
               MAX(v.number) AS last
           FROM voucher_batch b LEFT JOIN voucher v
               ON v.organisation_id = b.organisation_id AND v.batch_id = b.id
           GROUP BY b.organisation_id, b.id, b.size
           HAVING COUNT(v.number) <> b.size OR MAX(v.number) - MIN(v.number) + 1 <> b.size""",
    ),
    Rule(
        "I10",
        "each payment, redeemed voucher and use of credit is told of once, and nothing else is",
        """SELECT 'payment' AS kind, {id:p.id} AS subject, e.times AS times FROM payment p
           LEFT JOIN (SELECT organisation_id, subject_id, COUNT(*) AS times FROM event
               WHERE kind IN ('payment.created', 'refund.created', 'payment.disputed')
               GROUP BY organisation_id, subject_id) e
               ON e.organisation_id = p.organisation_id AND e.subject_id = p.id
           WHERE coalesce(e.times, 0) <> 1
           UNION ALL SELECT 'voucher', {id:v.id}, e.times FROM voucher v
           LEFT JOIN (SELECT organisation_id, subject_id, COUNT(*) AS times FROM event
               WHERE kind = 'voucher.redeemed' GROUP BY organisation_id, subject_id) e
               ON e.organisation_id = v.organisation_id AND e.subject_id = v.id
           WHERE coalesce(e.times, 0) <> CASE WHEN v.status IN ('redeemed', 'waiting')
               THEN 1 ELSE 0 END
           UNION ALL SELECT 'credit', {id:u.id}, e.times FROM credit_use u
           LEFT JOIN (SELECT organisation_id, subject_id, COUNT(*) AS times FROM event
               WHERE kind = 'credit.used' GROUP BY organisation_id, subject_id) e
               ON e.organisation_id = u.organisation_id AND e.subject_id = u.id
           WHERE coalesce(e.times, 0) <> 1
           UNION ALL SELECT e.kind, {id:e.subject_id}, 1 FROM event e LEFT JOIN payment p
               ON p.organisation_id = e.organisation_id AND p.id = e.subject_id
           WHERE e.kind IN ('payment.created', 'refund.created', 'payment.disputed')
               AND p.id IS NULL""",
    ),
    Rule(
        "I11",
        "an attempt that is not over is to be looked at, and soon after it last was",
        """SELECT {id:id} AS attempt, state, next_look_at - updated_at AS wait FROM payment_attempt
           WHERE (state IN ('succeeded', 'failed')) <> (next_look_at IS NULL)
               OR next_look_at - updated_at > 15 * 60 * 1000000""",
        needs_a_clock=True,
    ),
    Rule(
        "I13",
        "what is a customer's is of the customer's organisation",
        """SELECT kind, {id:id} AS id FROM (
               SELECT 'payment' AS kind, organisation_id, id, customer_id FROM payment
               UNION ALL SELECT 'invoice', organisation_id, id, customer_id FROM invoice
               UNION ALL SELECT 'credit_note', organisation_id, id, customer_id FROM credit_note
               UNION ALL SELECT 'attempt', organisation_id, id, customer_id FROM payment_attempt
               UNION ALL SELECT 'method', organisation_id, id, customer_id FROM payment_method
               UNION ALL SELECT 'voucher', organisation_id, id, customer_id FROM voucher
               WHERE customer_id IS NOT NULL
               UNION ALL SELECT 'session', organisation_id, id, customer_id FROM portal_session
               UNION ALL SELECT 'credit', organisation_id, id, customer_id FROM credit_use
           ) AS held
           WHERE NOT EXISTS (SELECT 1 FROM customer c WHERE c.organisation_id
               = held.organisation_id AND c.id = held.customer_id)""",
    ),
    Rule(
        "I13",
        "what names a gateway, an invoice or a payment names one of its own organisation",
        """SELECT 'attempt' AS kind, {id:a.id} AS id FROM payment_attempt a WHERE NOT EXISTS (
               SELECT 1 FROM gateway g WHERE g.organisation_id = a.organisation_id
               AND g.id = a.gateway_id)
           UNION ALL SELECT 'payment', {id:p.id} FROM payment p WHERE p.gateway_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM gateway g WHERE g.organisation_id
               = p.organisation_id AND g.id = p.gateway_id)
           UNION ALL SELECT 'allocation', {id:l.payment_id} FROM allocation l
           JOIN payment p ON p.organisation_id = l.organisation_id AND p.id = l.payment_id
           JOIN invoice i ON i.organisation_id = l.organisation_id AND i.id = l.invoice_id
           WHERE i.customer_id <> p.customer_id OR i.currency <> p.currency""",
    ),
)

# Rows that are enough to see what is wrong.
ENOUGH = 5


def broken(database: Database) -> list[tuple[str, str]]:
    """What does not hold now, with the invariant that it is of."""
    found = database.read({f"rule{index}": rule.sql for index, rule in enumerate(RULES)})
    return [
        (rule.invariant, f"not so: {rule.meaning}: {row}")
        for index, rule in enumerate(RULES)
        for row in found[f"rule{index}"][:ENOUGH]
    ]
