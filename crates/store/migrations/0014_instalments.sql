-- Invoices that are paid in parts: which part is to be paid by which day. What is paid fills them in
-- their order, so that what of each is open follows from what is due of the invoice.
CREATE TABLE invoice_instalment (
    organisation_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    due_on BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    -- What the instalments behind it come to: it is open while more than that is due.
    rest_minor BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, invoice_id, due_on),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoice (organisation_id, id),
    CHECK (amount_minor > 0 AND rest_minor >= 0)
);

-- How many instalments the invoice has. Of one that has some, `due_on` is the day of the first that
-- is open: what is overdue, and what is due next, follows from the day alone.
ALTER TABLE invoice ADD COLUMN instalments BIGINT NOT NULL DEFAULT 0 CHECK (instalments >= 0);
CREATE INDEX invoice_in_instalments ON invoice (organisation_id, customer_id, instalments, due_minor)
    WHERE instalments > 0 AND status IN ('open', 'partially_paid');

-- With what tells which part is due, so that sums need the indexes alone.
DROP INDEX invoice_payable;
CREATE INDEX invoice_payable ON invoice
    (organisation_id, customer_id, due_on, currency, due_minor, status, instalments, id)
    WHERE status IN ('open', 'partially_paid');
DROP INDEX invoice_payable_by_due;
CREATE INDEX invoice_payable_by_due ON invoice
    (organisation_id, due_on, currency, due_minor, status, instalments, id)
    WHERE status IN ('open', 'partially_paid');

-- Credit: what of payments, vouchers and credit notes settles nothing yet, and invoices that credit
-- notes took back some of after they had been paid.
ALTER TABLE payment ADD COLUMN free_minor BIGINT NOT NULL DEFAULT 0;
UPDATE payment SET free_minor = amount_minor - refunded_minor
    - CAST(COALESCE((SELECT SUM(a.amount_minor) FROM allocation a
        WHERE a.organisation_id = payment.organisation_id AND a.payment_id = payment.id), 0)
        AS BIGINT)
    + CAST(COALESCE((SELECT SUM(a.amount_minor) FROM allocation a
        WHERE a.organisation_id = payment.organisation_id AND a.payment_id IN (
        SELECT r.id FROM payment r WHERE r.organisation_id = payment.organisation_id
        AND r.parent_id = payment.id AND r.status = 'succeeded')), 0) AS BIGINT)
    WHERE kind = 'payment' AND status = 'succeeded';
CREATE INDEX payment_with_credit ON payment
    (organisation_id, customer_id, currency, paid_at, id, free_minor) WHERE free_minor > 0;

ALTER TABLE voucher ADD COLUMN used_minor BIGINT NOT NULL DEFAULT 0
    CHECK (used_minor >= 0 AND used_minor <= COALESCE(credited_minor, 0));
CREATE INDEX voucher_with_credit ON voucher
    (organisation_id, customer_id, currency, credited_at, id, credited_minor, used_minor)
    WHERE status = 'redeemed' AND used_minor < credited_minor;

ALTER TABLE credit_note ADD COLUMN used_minor BIGINT NOT NULL DEFAULT 0
    CHECK (used_minor >= 0 AND used_minor <= total_minor);
CREATE INDEX credit_note_with_credit ON credit_note
    (organisation_id, customer_id, currency, created_at, id, total_minor, used_minor)
    WHERE invoice_id IS NULL AND status = 'issued' AND used_minor < total_minor;

CREATE INDEX invoice_with_credit ON invoice
    (organisation_id, customer_id, currency, created_at, id, paid_minor, credited_minor,
    prepaid_minor, total_minor)
    WHERE paid_minor > 0 AND paid_minor + credited_minor + prepaid_minor - total_minor > 0;

-- What of a voucher or a free credit note settles which invoice. What of payments does is in
-- `allocation`.
CREATE TABLE credit_allocation (
    organisation_id UUID NOT NULL,
    -- voucher, credit_note
    source_kind TEXT NOT NULL,
    source_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, source_kind, source_id, invoice_id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoice (organisation_id, id),
    CHECK (source_kind IN ('voucher', 'credit_note')),
    CHECK (amount_minor > 0)
);
CREATE INDEX credit_allocation_of_invoice ON credit_allocation (organisation_id, invoice_id);

-- When a customer's credit was used: told for good, whatever becomes of what it settled.
CREATE TABLE credit_use (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    -- JSON list: of which source how much for which invoice.
    parts JSONB NOT NULL,
    -- The attempt to pay that it was used with, where it was not used alone.
    attempt_id UUID,
    -- Key of the customer's form, and a hash of what was sent with it.
    form_key TEXT,
    form_hash BYTEA,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, attempt_id) REFERENCES payment_attempt (organisation_id, id),
    CHECK (amount_minor > 0)
);
CREATE UNIQUE INDEX credit_use_by_form ON credit_use (organisation_id, customer_id, form_key)
    WHERE form_key IS NOT NULL;
CREATE INDEX credit_use_by_customer ON credit_use (organisation_id, customer_id, used_at, id);

-- What of the invoices is to be settled by credit where the payment arrives: JSON, as `parts`.
ALTER TABLE payment_attempt ADD COLUMN credit_parts JSONB NOT NULL DEFAULT '[]';
