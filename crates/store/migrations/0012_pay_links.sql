-- Links to pay one invoice with, without signing in; of the secret a hash alone.
CREATE TABLE pay_link (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    secret_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When it was switched off.
    revoked_at BIGINT,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, invoice_id) REFERENCES invoice (organisation_id, id),
    CHECK (expires_at > created_at)
);
CREATE INDEX pay_link_of_invoice ON pay_link (organisation_id, invoice_id, created_at, id);

-- Which attempts were begun by which link: whoever follows it sees these, and no others.
CREATE TABLE pay_link_attempt (
    organisation_id UUID NOT NULL,
    attempt_id UUID NOT NULL,
    pay_link_id UUID NOT NULL,
    PRIMARY KEY (organisation_id, attempt_id),
    FOREIGN KEY (organisation_id, attempt_id) REFERENCES payment_attempt (organisation_id, id),
    FOREIGN KEY (organisation_id, pay_link_id) REFERENCES pay_link (organisation_id, id)
);

-- What a brand does around payments: JSON.
ALTER TABLE brand ADD COLUMN paying JSONB NOT NULL DEFAULT '{}';
