-- Accounts at payment providers.
CREATE TABLE gateway (
    organisation_id UUID NOT NULL REFERENCES organisation (organisation_id),
    id UUID NOT NULL,
    -- stripe, paypal, authorize_net, sandbox
    provider TEXT NOT NULL,
    -- What customers read.
    name TEXT NOT NULL,
    -- One brand's alone; all brands' where absent.
    brand_id UUID,
    is_enabled BOOLEAN NOT NULL,
    -- Whether it moves play money.
    is_test BOOLEAN NOT NULL,
    -- JSON list of currencies, with minimum, maximum and surcharge of each.
    currencies JSONB NOT NULL,
    -- The values of the provider's fields: JSON, sealed.
    settings BYTEA NOT NULL,
    -- Whether what the provider keeps is taken off what is credited.
    deducts_fees BOOLEAN NOT NULL,
    -- Order in which customers read them.
    position BIGINT NOT NULL,
    -- The random end of the address that the provider sends its notices to.
    notice_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, brand_id) REFERENCES brand (organisation_id, id)
);

-- Attempts to get a payment: stored before the gateway hears of them.
CREATE TABLE payment_attempt (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    -- What the gateway calls it by: made of the identifier.
    reference TEXT NOT NULL,
    customer_id UUID NOT NULL,
    contact_id UUID,
    gateway_id UUID NOT NULL,
    -- pay, refill
    purpose TEXT NOT NULL,
    -- created, sent, needs_action, processing, unknown, succeeded, failed
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- What is credited, and what is paid on top of it.
    amount_minor BIGINT NOT NULL,
    surcharge_minor BIGINT NOT NULL,
    -- JSON list of invoices with what it is for, in order.
    parts JSONB NOT NULL,
    payment_method_id UUID,
    keeps_method BOOLEAN NOT NULL,
    -- Key of the form, and a hash of what was sent with it.
    form_key TEXT NOT NULL,
    form_hash BYTEA NOT NULL,
    -- Language of the provider's pages, and where the customer comes back to.
    locale TEXT NOT NULL,
    site TEXT NOT NULL,
    -- What the provider calls it.
    handle TEXT,
    -- Where the customer has to go: JSON, sealed, for it may hold a token.
    way BYTEA,
    decline_reason TEXT,
    -- The provider's own word, for the staff.
    decline_code TEXT,
    -- Why what the provider says was not credited: it is something else than was asked for.
    mismatch TEXT,
    payment_id UUID,
    begun_at BIGINT NOT NULL,
    -- When the provider is asked again; nothing where it is over.
    next_look_at BIGINT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, reference),
    UNIQUE (organisation_id, customer_id, form_key),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, gateway_id) REFERENCES gateway (organisation_id, id),
    FOREIGN KEY (organisation_id, payment_id) REFERENCES payment (organisation_id, id),
    CHECK (amount_minor > 0 AND surcharge_minor >= 0),
    CHECK ((state IN ('succeeded', 'failed')) = (next_look_at IS NULL)),
    CHECK ((state = 'succeeded') = (payment_id IS NOT NULL))
);
CREATE INDEX payment_attempt_to_look_at ON payment_attempt (organisation_id, next_look_at)
    WHERE next_look_at IS NOT NULL;
CREATE INDEX payment_attempt_by_customer ON payment_attempt
    (organisation_id, customer_id, begun_at);
CREATE INDEX payment_attempt_by_handle ON payment_attempt (organisation_id, gateway_id, handle)
    WHERE handle IS NOT NULL;

-- What providers told by themselves: kept before it is answered, worked on after.
CREATE TABLE gateway_notice (
    organisation_id UUID NOT NULL,
    gateway_id UUID NOT NULL,
    -- The provider's identifier: one that comes again is known by it.
    event_id TEXT NOT NULL,
    -- The provider's word for what happened.
    kind TEXT NOT NULL,
    -- JSON: what to look up because of it.
    about JSONB,
    -- waiting, done, ignored
    state TEXT NOT NULL,
    -- What came of it, for the staff.
    result TEXT,
    received_at BIGINT NOT NULL,
    next_try_at BIGINT,
    tries BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, gateway_id, event_id),
    FOREIGN KEY (organisation_id, gateway_id) REFERENCES gateway (organisation_id, id),
    CHECK ((state = 'waiting') = (next_try_at IS NOT NULL))
);
CREATE INDEX gateway_notice_waiting ON gateway_notice (organisation_id, next_try_at)
    WHERE next_try_at IS NOT NULL;

-- Of payments that went through a gateway: which, the provider's identifier of the movement of
-- money, what left the customer's account, and what the provider kept.
ALTER TABLE payment ADD COLUMN gateway_id UUID;
ALTER TABLE payment ADD COLUMN provider TEXT;
ALTER TABLE payment ADD COLUMN charge TEXT;
ALTER TABLE payment ADD COLUMN charged_minor BIGINT;
ALTER TABLE payment ADD COLUMN fee_minor BIGINT;
-- One movement of money is credited once, however many gateways lead to the same account.
CREATE UNIQUE INDEX payment_by_charge ON payment (organisation_id, provider, charge)
    WHERE charge IS NOT NULL;

-- Of stored methods: which gateway charges them, by what token (sealed), for which customer of its.
ALTER TABLE payment_method ADD COLUMN gateway_id UUID;
ALTER TABLE payment_method ADD COLUMN profile TEXT;
