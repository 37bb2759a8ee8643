-- The control panel and its people, and all that makes a brand a portal of its own.

ALTER TABLE organisation ADD COLUMN settings JSONB NOT NULL DEFAULT '{}';

-- Operators: people of the organisation. The second factor's seed is sealed.
ALTER TABLE operator ADD COLUMN sealed_totp BYTEA;
ALTER TABLE operator ADD COLUMN totp_step BIGINT;
ALTER TABLE operator ADD COLUMN recovery_hashes JSONB NOT NULL DEFAULT '[]';
ALTER TABLE operator ADD COLUMN language TEXT;
ALTER TABLE operator ADD COLUMN disabled_at BIGINT;
ALTER TABLE operator ADD COLUMN signed_in_at BIGINT;
CREATE INDEX operator_by_email ON operator (email_key);

CREATE TABLE operator_session (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    operator_id UUID NOT NULL,
    secret_hash BYTEA NOT NULL UNIQUE,
    -- Whether the second factor was given, or none is asked for.
    is_complete BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    address TEXT,
    user_agent TEXT,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, operator_id) REFERENCES operator (organisation_id, id)
);
CREATE INDEX operator_session_by_operator ON operator_session (organisation_id, operator_id, created_at);

-- Links to operators: the first set-up (of nobody yet), an invitation, a new password.
CREATE TABLE operator_link (
    organisation_id UUID NOT NULL REFERENCES organisation (organisation_id),
    id UUID NOT NULL,
    operator_id UUID,
    purpose TEXT NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, operator_id) REFERENCES operator (organisation_id, id)
);
CREATE INDEX operator_link_by_operator ON operator_link (organisation_id, operator_id);

-- What a key may do; null = everything.
ALTER TABLE api_key ADD COLUMN permissions JSONB;

-- Who changed what, when, from where; never updated.
CREATE TABLE audit_entry (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    address TEXT,
    action TEXT NOT NULL,
    subject_id UUID,
    -- Whose portal it concerns, where it concerns one.
    customer_id UUID,
    before JSONB,
    after JSONB,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX audit_entry_by_time ON audit_entry (organisation_id, at, id);
CREATE INDEX audit_entry_by_subject ON audit_entry (organisation_id, subject_id, at, id);
CREATE INDEX audit_entry_by_customer ON audit_entry (organisation_id, customer_id, at, id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX audit_entry_by_actor ON audit_entry (organisation_id, actor_id, at, id);

-- Uploaded pictures, decoded and encoded anew.
ALTER TABLE asset ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE asset ADD COLUMN width BIGINT NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN height BIGINT NOT NULL DEFAULT 0;

-- Brands: what a portal shows and how customers come to it.
ALTER TABLE brand ADD COLUMN embed_origins JSONB NOT NULL DEFAULT '[]';
ALTER TABLE brand ADD COLUMN sign_up JSONB NOT NULL DEFAULT '{}';
-- The sections that are switched off.
ALTER TABLE brand ADD COLUMN hidden_sections JSONB NOT NULL DEFAULT '[]';
ALTER TABLE brand ADD COLUMN report_columns JSONB NOT NULL DEFAULT '{}';
ALTER TABLE brand ADD COLUMN custom JSONB NOT NULL DEFAULT '{}';
ALTER TABLE brand ADD COLUMN published_version BIGINT NOT NULL DEFAULT 0;
-- Changes with each of the brand's own texts; 0 where it has none.
ALTER TABLE brand ADD COLUMN texts_version BIGINT NOT NULL DEFAULT 0;

-- Looks of a brand: every version that was published, and the draft (published_at is null).
CREATE TABLE brand_looks (
    organisation_id UUID NOT NULL,
    brand_id UUID NOT NULL,
    version BIGINT NOT NULL,
    -- How often the draft was saved: two people must not write over each other.
    revision BIGINT NOT NULL,
    looks JSONB NOT NULL,
    saved_at BIGINT NOT NULL,
    published_at BIGINT,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    PRIMARY KEY (organisation_id, brand_id, version),
    FOREIGN KEY (organisation_id, brand_id) REFERENCES brand (organisation_id, id)
);

-- The brand's own mail server.
CREATE TABLE brand_smtp (
    organisation_id UUID NOT NULL,
    brand_id UUID NOT NULL,
    server TEXT NOT NULL,
    port BIGINT NOT NULL,
    security TEXT NOT NULL,
    username TEXT,
    sealed_password BYTEA,
    from_address TEXT NOT NULL,
    from_name TEXT,
    -- Whether the installation's server sends where this one does not.
    falls_back BOOLEAN NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, brand_id),
    FOREIGN KEY (organisation_id, brand_id) REFERENCES brand (organisation_id, id)
);

-- The brand's own wording: of a mail, of any text of the portal.
CREATE TABLE brand_mail_template (
    organisation_id UUID NOT NULL,
    brand_id UUID NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, brand_id, kind, language),
    FOREIGN KEY (organisation_id, brand_id) REFERENCES brand (organisation_id, id)
);
CREATE TABLE brand_text (
    organisation_id UUID NOT NULL,
    brand_id UUID NOT NULL,
    language TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, brand_id, language, key),
    FOREIGN KEY (organisation_id, brand_id) REFERENCES brand (organisation_id, id)
);

-- Domains: the label of the CNAME target proves whose claim it is.
-- Hosts without one need no proof.
ALTER TABLE brand_host ADD COLUMN claim TEXT;
ALTER TABLE brand_host ADD COLUMN claimed_at BIGINT;
-- When the DNS was asked, and when it is to be asked again.
ALTER TABLE brand_host ADD COLUMN checked_at BIGINT;
ALTER TABLE brand_host ADD COLUMN check_at BIGINT;
ALTER TABLE brand_host ADD COLUMN dns_state JSONB;
ALTER TABLE brand_host ADD COLUMN proven_at BIGINT;
CREATE INDEX brand_host_to_check ON brand_host (check_at) WHERE check_at IS NOT NULL;

-- Certificates by host. The private key is sealed.
CREATE TABLE certificate (
    organisation_id UUID NOT NULL,
    host TEXT NOT NULL UNIQUE,
    chain_pem TEXT,
    sealed_key BYTEA,
    not_before BIGINT,
    not_after BIGINT,
    -- When the next order may begin, and whose it is meanwhile.
    try_at BIGINT NOT NULL,
    locked_until BIGINT,
    failures BIGINT NOT NULL,
    last_fault JSONB,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, host),
    FOREIGN KEY (organisation_id, host) REFERENCES brand_host (organisation_id, host)
);
CREATE INDEX certificate_waiting ON certificate (try_at);

-- Answers to a certificate authority's questions, for whichever process is asked.
CREATE TABLE acme_challenge (
    organisation_id UUID NOT NULL,
    host TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL,
    key_authorization TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, host),
    FOREIGN KEY (organisation_id, host) REFERENCES certificate (organisation_id, host)
);
CREATE TABLE acme_account (
    directory_url TEXT PRIMARY KEY,
    sealed_credentials BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- Customers and contacts.
ALTER TABLE customer ADD COLUMN access JSONB NOT NULL DEFAULT '{}';
CREATE INDEX customer_with_access ON customer (organisation_id, brand_id) WHERE access <> '{}';
ALTER TABLE customer ADD COLUMN notes TEXT;
-- The template that it was made from, and when somebody signed it up.
ALTER TABLE customer ADD COLUMN template_id UUID;
-- The name without case and accents, as bytes: both engines order those alike. Filled by the
-- program, which folds all scripts the same way.
ALTER TABLE customer ADD COLUMN name_key BYTEA;
CREATE INDEX customer_by_name ON customer (organisation_id, name_key, id);
CREATE INDEX customer_without_key ON customer (id) WHERE name_key IS NULL;
CREATE INDEX customer_by_brand ON customer (organisation_id, brand_id, created_at, id);
CREATE INDEX customer_by_status ON customer (organisation_id, status, created_at, id);
CREATE INDEX customer_by_kind ON customer (organisation_id, kind, created_at, id);
CREATE INDEX customer_waiting ON customer (organisation_id, created_at, id) WHERE status = 'pending_approval';
ALTER TABLE contact ADD COLUMN kind TEXT;
ALTER TABLE contact ADD COLUMN phone_verified_at BIGINT;
ALTER TABLE contact ADD COLUMN allowed_addresses JSONB NOT NULL DEFAULT '[]';
ALTER TABLE contact ADD COLUMN public_note TEXT;
ALTER TABLE contact ADD COLUMN private_note TEXT;

-- A visit that an operator opened: what it may do beside reading.
ALTER TABLE portal_session ADD COLUMN operator_id UUID;
ALTER TABLE portal_session ADD COLUMN may_act BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX portal_session_by_operator ON portal_session (organisation_id, customer_id, created_at)
    WHERE operator_id IS NOT NULL;
-- The contacts that whoever is here proved to be when it signed in: what it may switch to.
ALTER TABLE portal_session ADD COLUMN proven JSONB NOT NULL DEFAULT '[]';

-- What the staff's first page and lists show of invoices.
CREATE INDEX invoice_draft ON invoice (organisation_id, customer_id, created_at, id)
    WHERE status = 'draft';
CREATE INDEX invoice_payable_by_due ON invoice (organisation_id, due_on, currency, due_minor)
    WHERE status IN ('open', 'partially_paid');

-- Sign-ups that wait for their address to be proven. Nothing else exists of them yet.
CREATE TABLE sign_up (
    organisation_id UUID NOT NULL,
    id UUID NOT NULL,
    brand_id UUID NOT NULL,
    kind TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    -- Whose address it is however it is written: without tags and needless dots.
    person_key TEXT NOT NULL,
    sealed_form BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    customer_id UUID,
    -- Whether what has value was copied from the template: once per person, and capped.
    had_value BOOLEAN NOT NULL DEFAULT FALSE,
    -- When the template's records were copied: that is done once.
    copied_at BIGINT,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, brand_id) REFERENCES brand (organisation_id, id)
);
CREATE INDEX sign_up_by_email ON sign_up (organisation_id, brand_id, email_key, created_at);
CREATE INDEX sign_up_by_time ON sign_up (organisation_id, brand_id, created_at);
CREATE INDEX sign_up_by_customer ON sign_up (organisation_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX sign_up_by_person ON sign_up (organisation_id, brand_id, person_key) WHERE had_value;
CREATE INDEX sign_up_by_value ON sign_up (organisation_id, brand_id, used_at, address) WHERE had_value;
