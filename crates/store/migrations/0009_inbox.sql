-- Attempts to pay as the staff looks through them, and how often cards are tried.

-- From where an attempt was begun, as it is counted: of IPv6 the network of a household.
ALTER TABLE payment_attempt ADD COLUMN network TEXT;
CREATE INDEX payment_attempt_by_time ON payment_attempt (organisation_id, begun_at, id);
CREATE INDEX payment_attempt_mismatch ON payment_attempt (organisation_id, begun_at)
    WHERE mismatch IS NOT NULL;
CREATE INDEX payment_attempt_unfinished ON payment_attempt (organisation_id, begun_at)
    WHERE next_look_at IS NOT NULL;
-- What counts against the next attempt from a network, and against all customers together.
CREATE INDEX payment_attempt_failed_from ON payment_attempt (organisation_id, network, begun_at)
    WHERE state = 'failed';
CREATE INDEX payment_attempt_failed ON payment_attempt
    (organisation_id, begun_at, decline_reason, customer_id) WHERE state = 'failed';

-- Notices of gateways as the staff looks through them. The identifier is Portico's own: addresses
-- name notices by it. Those that were kept before there were any have none, and are not shown.
ALTER TABLE gateway_notice ADD COLUMN id UUID;
-- The attempt that it was about.
ALTER TABLE gateway_notice ADD COLUMN attempt_id UUID;
CREATE UNIQUE INDEX gateway_notice_by_id ON gateway_notice (organisation_id, id)
    WHERE id IS NOT NULL;
CREATE INDEX gateway_notice_by_time ON gateway_notice (organisation_id, received_at, id)
    WHERE id IS NOT NULL;
CREATE INDEX gateway_notice_of_attempt ON gateway_notice
    (organisation_id, attempt_id, received_at, id)
    WHERE attempt_id IS NOT NULL;
CREATE INDEX gateway_notice_given_up ON gateway_notice (organisation_id, received_at)
    WHERE state = 'given_up';
