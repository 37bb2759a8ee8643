-- Vouchers that were made together, and what each of them gives.
CREATE TABLE voucher_batch (
    organisation_id UUID NOT NULL REFERENCES organisation (organisation_id),
    id UUID NOT NULL,
    -- What the serials begin with.
    series TEXT NOT NULL,
    size BIGINT NOT NULL,
    currency TEXT NOT NULL,
    minimum_minor BIGINT NOT NULL,
    multiplier TEXT,
    addition_minor BIGINT NOT NULL,
    ceiling_minor BIGINT,
    expires_at BIGINT,
    wait_days BIGINT,
    note TEXT NOT NULL,
    -- The codes, sealed, until they are exported; they stand nowhere else.
    sealed_codes BYTEA,
    created_at BIGINT NOT NULL,
    exported_at BIGINT,
    voided_at BIGINT,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, series)
);

-- One row is one voucher and its one redemption: who changes `status` has done so alone.
CREATE TABLE voucher (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    batch_id UUID NOT NULL,
    number BIGINT NOT NULL,
    serial TEXT NOT NULL,
    -- A keyed hash: the code itself is not here.
    code_hash BYTEA NOT NULL,
    currency TEXT NOT NULL,
    -- live, waiting, redeemed, void
    status TEXT NOT NULL,
    -- When it can be redeemed no more or, where it waits, when it waits no more.
    ends_at BIGINT,
    customer_id UUID,
    redeemed_at BIGINT,
    payment_id UUID,
    credited_at BIGINT,
    credited_minor BIGINT,
    voided_at BIGINT,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, code_hash),
    UNIQUE (organisation_id, serial),
    UNIQUE (organisation_id, batch_id, number),
    FOREIGN KEY (organisation_id, batch_id) REFERENCES voucher_batch (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, payment_id) REFERENCES payment (organisation_id, id),
    CHECK ((status = 'redeemed') = (credited_minor IS NOT NULL)),
    CHECK (status NOT IN ('waiting', 'redeemed') OR customer_id IS NOT NULL)
);
CREATE INDEX voucher_by_customer ON voucher (organisation_id, customer_id, redeemed_at)
    WHERE customer_id IS NOT NULL;
CREATE INDEX voucher_waiting ON voucher (organisation_id, customer_id, currency)
    WHERE status = 'waiting';
-- Reports count without reading the rows.
CREATE INDEX voucher_report ON voucher (organisation_id, batch_id, status, ends_at, credited_minor);

-- Codes of the last hour that were none, by who typed them.
CREATE TABLE voucher_miss (
    organisation_id UUID NOT NULL REFERENCES organisation (organisation_id),
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    network TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX voucher_miss_by_time ON voucher_miss (organisation_id, at);
CREATE INDEX voucher_miss_by_customer ON voucher_miss (organisation_id, customer_id, at);
CREATE INDEX voucher_miss_by_network ON voucher_miss (organisation_id, network, at);

-- Who counts misses holds this row, so that the count is exact on all nodes.
CREATE TABLE voucher_guard (
    organisation_id UUID NOT NULL PRIMARY KEY REFERENCES organisation (organisation_id),
    -- When the log last told that there are too many.
    alarmed_at BIGINT
);
