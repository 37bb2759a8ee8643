-- One text for SQLite and PostgreSQL. Times are BIGINT microseconds since 1970 UTC (`_at`), dates are
-- BIGINT days since 1970-01-01 (`_on`), money is BIGINT minor units (`_minor`), decimals are TEXT.

CREATE TABLE organisation (
    organisation_id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    legal_name TEXT,
    email TEXT,
    phone TEXT,
    address JSONB NOT NULL,
    tax_ids JSONB NOT NULL,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE asset (
    organisation_id UUID NOT NULL REFERENCES organisation (organisation_id),
    id UUID NOT NULL,
    content_type TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE brand (
    organisation_id UUID NOT NULL REFERENCES organisation (organisation_id),
    id UUID NOT NULL UNIQUE,
    name TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    theme JSONB NOT NULL,
    default_language TEXT NOT NULL,
    return_origins JSONB NOT NULL,
    home_url TEXT,
    editable_fields JSONB NOT NULL,
    support_url TEXT,
    support_email TEXT,
    footer TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE brand_host (
    organisation_id UUID NOT NULL,
    host TEXT NOT NULL UNIQUE,
    brand_id UUID NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, host),
    FOREIGN KEY (organisation_id, brand_id) REFERENCES brand (organisation_id, id)
);
CREATE INDEX brand_host_by_brand ON brand_host (organisation_id, brand_id, position);

CREATE TABLE operator (
    organisation_id UUID NOT NULL REFERENCES organisation (organisation_id),
    id UUID NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, email_key)
);

CREATE TABLE api_key (
    organisation_id UUID NOT NULL REFERENCES organisation (organisation_id),
    id UUID NOT NULL UNIQUE,
    name TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE customer (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    brand_id UUID NOT NULL,
    external_id TEXT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    legal_name TEXT,
    registration_number TEXT,
    email TEXT,
    email_key TEXT,
    phone TEXT,
    language TEXT,
    time_zone TEXT,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    debit_limit_minor BIGINT NOT NULL,
    metadata JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, brand_id) REFERENCES brand (organisation_id, id)
);
CREATE UNIQUE INDEX customer_by_external_id ON customer (organisation_id, external_id);
CREATE INDEX customer_by_email ON customer (organisation_id, email_key);
CREATE INDEX customer_by_created ON customer (organisation_id, created_at, id);

CREATE TABLE customer_address (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    kind TEXT NOT NULL,
    line1 TEXT,
    line2 TEXT,
    city TEXT,
    region TEXT,
    postal_code TEXT,
    country TEXT,
    PRIMARY KEY (organisation_id, customer_id, kind),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);

CREATE TABLE customer_tax_id (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (organisation_id, customer_id, position),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);

CREATE TABLE contact (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    external_id TEXT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    pending_email TEXT,
    phone TEXT,
    role TEXT NOT NULL,
    language TEXT,
    time_zone TEXT,
    email_verified_at BIGINT,
    disabled_at BIGINT,
    password_hash TEXT,
    password_changed_at BIGINT,
    metadata JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, customer_id, email_key),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);
CREATE UNIQUE INDEX contact_by_external_id ON contact (organisation_id, external_id);
CREATE INDEX contact_by_email ON contact (organisation_id, email_key);
CREATE INDEX contact_by_created ON contact (organisation_id, created_at, id);
CREATE INDEX contact_by_customer ON contact (organisation_id, customer_id, created_at, id);

CREATE TABLE portal_session (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    brand_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    contact_id UUID,
    origin TEXT NOT NULL,
    link_hash BYTEA UNIQUE,
    link_expires_at BIGINT,
    secret_hash BYTEA UNIQUE,
    return_url TEXT,
    forward JSONB NOT NULL,
    language TEXT,
    idle_seconds BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    last_seen_at BIGINT,
    expires_at BIGINT,
    ended_at BIGINT,
    address TEXT,
    user_agent TEXT,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, contact_id) REFERENCES contact (organisation_id, id)
);
CREATE INDEX portal_session_by_customer ON portal_session (organisation_id, customer_id, created_at, id);
CREATE INDEX portal_session_by_created ON portal_session (organisation_id, created_at, id);
CREATE INDEX portal_session_by_contact ON portal_session (organisation_id, contact_id, started_at);

CREATE TABLE contact_link (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    brand_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    new_email TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, contact_id) REFERENCES contact (organisation_id, id)
);
CREATE INDEX contact_link_by_contact ON contact_link (organisation_id, contact_id, purpose);

CREATE TABLE payment_method (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    external_id TEXT,
    kind TEXT NOT NULL,
    brand TEXT,
    last4 TEXT,
    expiry_month BIGINT,
    expiry_year BIGINT,
    holder TEXT,
    is_default BOOLEAN NOT NULL,
    gateway TEXT,
    sealed_token BYTEA,
    -- What customers find it by, in lower case.
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);
CREATE UNIQUE INDEX payment_method_by_external_id ON payment_method (organisation_id, external_id);
CREATE UNIQUE INDEX payment_method_default ON payment_method (organisation_id, customer_id) WHERE is_default;
CREATE INDEX payment_method_by_created ON payment_method (organisation_id, created_at, id);
CREATE INDEX payment_method_by_customer ON payment_method (organisation_id, customer_id);

CREATE TABLE invoice (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    external_id TEXT,
    number TEXT,
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    subtotal_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    credited_minor BIGINT NOT NULL,
    prepaid_minor BIGINT NOT NULL,
    paid_elsewhere_minor BIGINT NOT NULL,
    due_minor BIGINT NOT NULL,
    issued_on BIGINT NOT NULL,
    due_on BIGINT NOT NULL,
    period_start_on BIGINT,
    period_end_on BIGINT,
    -- The start of the period, or 0: a sort key must not be null.
    period_order BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    CHECK (total_minor >= 0 AND paid_minor >= 0 AND credited_minor >= 0 AND due_minor >= 0),
    CHECK (prepaid_minor >= 0 AND paid_elsewhere_minor >= 0)
);
CREATE UNIQUE INDEX invoice_by_external_id ON invoice (organisation_id, external_id);
CREATE UNIQUE INDEX invoice_by_number ON invoice (organisation_id, number);
CREATE INDEX invoice_by_created ON invoice (organisation_id, created_at, id);
CREATE INDEX invoice_of_customer_by_created ON invoice (organisation_id, customer_id, created_at, id);
CREATE INDEX invoice_of_customer_by_number ON invoice (organisation_id, customer_id, number, id);
CREATE INDEX invoice_of_customer_by_total ON invoice (organisation_id, customer_id, total_minor, id);
CREATE INDEX invoice_of_customer_by_due_date ON invoice (organisation_id, customer_id, due_on, id);
CREATE INDEX invoice_of_customer_by_amount_due ON invoice (organisation_id, customer_id, due_minor, id);
CREATE INDEX invoice_of_customer_by_period ON invoice (organisation_id, customer_id, period_order, id);
-- With the state, so that sums need the index alone.
CREATE INDEX invoice_payable ON invoice (organisation_id, customer_id, due_on, currency, due_minor, status)
    WHERE status IN ('open', 'partially_paid');

-- What stands on the document beside the figures; written once, read with the document alone.
CREATE TABLE invoice_body (
    organisation_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    adjustments JSONB NOT NULL,
    seller JSONB,
    buyer JSONB,
    payment JSONB NOT NULL,
    purchase_order TEXT,
    notes TEXT,
    metadata JSONB NOT NULL,
    PRIMARY KEY (organisation_id, invoice_id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoice (organisation_id, id)
);

CREATE TABLE invoice_line (
    organisation_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position BIGINT NOT NULL,
    description TEXT NOT NULL,
    note TEXT,
    quantity TEXT NOT NULL,
    unit TEXT,
    unit_price TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    tax_rate TEXT,
    tax_category TEXT,
    period_start_on BIGINT,
    period_end_on BIGINT,
    PRIMARY KEY (organisation_id, invoice_id, position),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoice (organisation_id, id)
);

CREATE TABLE invoice_tax (
    organisation_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    category TEXT,
    rate TEXT,
    taxable_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    exemption_reason TEXT,
    PRIMARY KEY (organisation_id, invoice_id, position),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoice (organisation_id, id)
);

CREATE TABLE credit_note (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    invoice_id UUID,
    external_id TEXT,
    number TEXT NOT NULL,
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    subtotal_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    reason TEXT,
    issued_on BIGINT NOT NULL,
    -- Lines, taxes and the rest of the document, as one value: never searched, always read whole.
    body JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoice (organisation_id, id),
    CHECK (total_minor > 0)
);
CREATE UNIQUE INDEX credit_note_by_external_id ON credit_note (organisation_id, external_id);
CREATE UNIQUE INDEX credit_note_by_number ON credit_note (organisation_id, number);
CREATE INDEX credit_note_by_created ON credit_note (organisation_id, created_at, id);
CREATE INDEX credit_note_by_customer ON credit_note (organisation_id, customer_id, created_at, id);
CREATE INDEX credit_note_by_invoice ON credit_note (organisation_id, invoice_id);

CREATE TABLE payment (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    kind TEXT NOT NULL,
    parent_id UUID,
    external_id TEXT,
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    method TEXT NOT NULL,
    method_label TEXT,
    payment_method_id UUID,
    reference TEXT,
    description TEXT,
    paid_at BIGINT NOT NULL,
    metadata JSONB NOT NULL,
    -- What customers find it by, in lower case.
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, parent_id) REFERENCES payment (organisation_id, id),
    FOREIGN KEY (organisation_id, payment_method_id) REFERENCES payment_method (organisation_id, id),
    CHECK (amount_minor > 0 AND refunded_minor >= 0 AND refunded_minor <= amount_minor)
);
CREATE UNIQUE INDEX payment_by_external_id ON payment (organisation_id, external_id);
CREATE INDEX payment_by_created ON payment (organisation_id, created_at, id);
CREATE INDEX payment_of_customer_by_created ON payment (organisation_id, customer_id, created_at, id);
CREATE INDEX payment_of_customer_by_paid ON payment (organisation_id, customer_id, paid_at, id);
CREATE INDEX payment_of_customer_by_amount ON payment (organisation_id, customer_id, amount_minor, id);
CREATE INDEX payment_by_parent ON payment (organisation_id, parent_id);

-- Of a payment: the part that settles an invoice. Of a refund: the part of that which it reopens.
CREATE TABLE allocation (
    organisation_id UUID NOT NULL,
    payment_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, payment_id, invoice_id),
    FOREIGN KEY (organisation_id, payment_id) REFERENCES payment (organisation_id, id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoice (organisation_id, id),
    CHECK (amount_minor > 0)
);
CREATE INDEX allocation_by_invoice ON allocation (organisation_id, invoice_id);

CREATE TABLE subscription (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    external_id TEXT,
    plan TEXT NOT NULL,
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    interval_unit TEXT NOT NULL,
    interval_count BIGINT NOT NULL,
    items JSONB NOT NULL,
    started_on BIGINT NOT NULL,
    period_start_on BIGINT,
    period_end_on BIGINT,
    trial_ends_on BIGINT,
    cancels_on BIGINT,
    ended_on BIGINT,
    payment_method_id UUID,
    metadata JSONB NOT NULL,
    -- What customers find it by, in lower case.
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, payment_method_id) REFERENCES payment_method (organisation_id, id)
);
CREATE UNIQUE INDEX subscription_by_external_id ON subscription (organisation_id, external_id);
CREATE INDEX subscription_by_created ON subscription (organisation_id, created_at, id);
CREATE INDEX subscription_by_customer ON subscription (organisation_id, customer_id, created_at, id);
CREATE INDEX subscription_by_method ON subscription (organisation_id, payment_method_id);

CREATE TABLE contract (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    external_id TEXT,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    starts_on BIGINT,
    ends_on BIGINT,
    signed_at BIGINT,
    signed_by TEXT,
    revision BIGINT NOT NULL,
    metadata JSONB NOT NULL,
    -- What customers find it by, in lower case.
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);
CREATE UNIQUE INDEX contract_by_external_id ON contract (organisation_id, external_id);
CREATE INDEX contract_by_created ON contract (organisation_id, created_at, id);
CREATE INDEX contract_by_customer ON contract (organisation_id, customer_id, created_at, id);

CREATE TABLE contract_revision (
    organisation_id UUID NOT NULL,
    contract_id UUID NOT NULL,
    revision BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, contract_id, revision),
    FOREIGN KEY (organisation_id, contract_id) REFERENCES contract (organisation_id, id)
);

CREATE TABLE entitlement (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    external_id TEXT,
    subscription_id UUID,
    name TEXT NOT NULL,
    description TEXT,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    unit TEXT,
    used TEXT NOT NULL,
    limit_amount TEXT,
    period_start_on BIGINT,
    period_end_on BIGINT,
    metadata JSONB NOT NULL,
    -- What customers find it by, in lower case.
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, subscription_id) REFERENCES subscription (organisation_id, id)
);
CREATE UNIQUE INDEX entitlement_by_external_id ON entitlement (organisation_id, external_id);
CREATE INDEX entitlement_by_created ON entitlement (organisation_id, created_at, id);
CREATE INDEX entitlement_by_customer ON entitlement (organisation_id, customer_id);
CREATE INDEX entitlement_by_subscription ON entitlement (organisation_id, subscription_id);

-- Running totals per month and currency; changed in the transaction that changes a document.
CREATE TABLE customer_total (
    organisation_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    currency TEXT NOT NULL,
    month BIGINT NOT NULL,
    invoiced_minor BIGINT NOT NULL,
    credited_minor BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    due_minor BIGINT NOT NULL,
    payable BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, customer_id, currency, month),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id)
);

CREATE TABLE event (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    data JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- Work that leaves the database: claimed, done, then kept for a while as a record.
CREATE TABLE outbox (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    sealed_payload BYTEA NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    locked_until BIGINT,
    done_at BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX outbox_waiting ON outbox (run_at) WHERE done_at IS NULL;

CREATE TABLE idempotency (
    organisation_id UUID NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    status BIGINT,
    body TEXT,
    created_at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, scope, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- Mails of a demonstration, shown on a local page instead of being sent.
CREATE TABLE captured_mail (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    recipient TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    text_body TEXT NOT NULL,
    html_body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX captured_mail_by_created ON captured_mail (created_at);
