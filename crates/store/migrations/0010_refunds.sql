-- Orders to give a payment back through its gateway: stored before the gateway hears of them. What
-- they ask for counts as given back while they are open.
CREATE TABLE payment_refund (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    -- What the gateway calls it by: made of the identifier.
    reference TEXT NOT NULL,
    -- The payment, and the gateway that it went through.
    payment_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    gateway_id UUID NOT NULL,
    -- sent, processing, unknown, succeeded, failed
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- What goes back to the customer, and what of it was credited to them.
    amount_minor BIGINT NOT NULL,
    credited_minor BIGINT NOT NULL,
    -- Why; customers see what stands before the first #.
    reason TEXT,
    -- What the provider calls it.
    handle TEXT,
    decline_reason TEXT,
    -- The provider's own word, for the staff.
    decline_code TEXT,
    -- Why what the provider says was not booked: it is something else than was asked for.
    mismatch TEXT,
    -- The refund that it became.
    refund_id UUID,
    asked_at BIGINT NOT NULL,
    -- When the provider is asked again; nothing where it is over.
    next_look_at BIGINT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    UNIQUE (organisation_id, reference),
    FOREIGN KEY (organisation_id, payment_id) REFERENCES payment (organisation_id, id),
    FOREIGN KEY (organisation_id, customer_id) REFERENCES customer (organisation_id, id),
    FOREIGN KEY (organisation_id, gateway_id) REFERENCES gateway (organisation_id, id),
    FOREIGN KEY (organisation_id, refund_id) REFERENCES payment (organisation_id, id),
    CHECK (credited_minor > 0 AND amount_minor >= credited_minor),
    CHECK ((state IN ('succeeded', 'failed')) = (next_look_at IS NULL)),
    CHECK ((state = 'succeeded') = (refund_id IS NOT NULL))
);
CREATE INDEX payment_refund_to_look_at ON payment_refund (organisation_id, next_look_at)
    WHERE next_look_at IS NOT NULL;
CREATE INDEX payment_refund_mismatched ON payment_refund (organisation_id, asked_at, id)
    WHERE mismatch IS NOT NULL;
CREATE INDEX payment_refund_by_payment ON payment_refund (organisation_id, payment_id, asked_at);

-- What was taken from payments by gateways, each movement once by the provider's identifier: by
-- orders, at the provider's own site, by a bank.
CREATE TABLE payment_reversal (
    organisation_id UUID NOT NULL,
    provider TEXT NOT NULL,
    -- refund, dispute
    taken_by TEXT NOT NULL,
    -- The provider's identifier of the movement.
    movement TEXT NOT NULL,
    -- The payment, and the refund that stands for what was taken.
    payment_id UUID NOT NULL,
    refund_id UUID NOT NULL,
    currency TEXT NOT NULL,
    -- What left.
    amount_minor BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    -- The provider's identifier of what came back, and when that was.
    back_movement TEXT,
    back_at BIGINT,
    -- Since when the staff is asked to look; nothing where nobody is, or somebody has looked.
    flagged_at BIGINT,
    PRIMARY KEY (organisation_id, provider, taken_by, movement),
    FOREIGN KEY (organisation_id, payment_id) REFERENCES payment (organisation_id, id),
    FOREIGN KEY (organisation_id, refund_id) REFERENCES payment (organisation_id, id),
    CHECK (amount_minor > 0),
    CHECK ((back_movement IS NULL) = (back_at IS NULL))
);
CREATE UNIQUE INDEX payment_reversal_by_refund ON payment_reversal (organisation_id, refund_id);
CREATE INDEX payment_reversal_by_payment ON payment_reversal
    (organisation_id, payment_id, taken_at, movement);
CREATE UNIQUE INDEX payment_reversal_by_back_movement ON payment_reversal
    (organisation_id, provider, taken_by, back_movement) WHERE back_movement IS NOT NULL;
CREATE INDEX payment_reversal_flagged ON payment_reversal (organisation_id, flagged_at, refund_id)
    WHERE flagged_at IS NOT NULL;
