-- Double entry, added to and never changed: each row moves an amount from one account of a customer
-- to another. Both engines refuse to change or delete one (engine/*.sql).
CREATE TABLE ledger_entry (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    currency TEXT NOT NULL,
    -- 1, 2, 3 ... per customer and currency, without gaps.
    sequence BIGINT NOT NULL,
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    -- The document that it stands for.
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    -- When it happened, as statements tell it; when it was written.
    occurred_at BIGINT NOT NULL,
    posted_at BIGINT NOT NULL,
    -- SHA-256 over this row and the hash of the one before.
    hash BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, customer_id, currency, sequence),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    CHECK (amount_minor > 0 AND debit <> credit)
);
-- Statements are in the order of what happened.
CREATE INDEX ledger_entry_by_time ON ledger_entry
    (organisation_id, customer_id, currency, occurred_at, sequence);

-- The last entry of each chain: who adds to the chain holds this row.
CREATE TABLE ledger_head (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    currency TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, customer_id, currency),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);

-- What the entries of an account come to, credits positive. Those of the organisation are sums over
-- its customers: no row that all payments would have to wait for.
CREATE TABLE ledger_account (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    currency TEXT NOT NULL,
    account TEXT NOT NULL,
    balance_minor BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, customer_id, currency, account),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);

-- What the customer's own account came to by the entries that happened in the month: statements
-- begin with the sum of the months before.
CREATE TABLE ledger_month (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    currency TEXT NOT NULL,
    month BIGINT NOT NULL,
    balance_minor BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, customer_id, currency, month),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);

-- Customers whose documents are older than the ledger: posted when the program starts.
CREATE TABLE ledger_backlog (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    PRIMARY KEY (organisation_id, customer_id)
);
INSERT INTO ledger_backlog (organisation_id, customer_id)
    SELECT DISTINCT organisation_id, customer_id FROM customer_total;

-- Where a check found that the ledger is not what was written. While there is one, the organisation's
-- money is not touched.
CREATE TABLE ledger_break (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, customer_id, currency)
);
