-- Mails that a server got: no other one gets them, and how often it never answered. And those that
-- are written because somebody asks, who may be a stranger: they are counted per address, and per
-- share of what the organisation may send.
ALTER TABLE outbox ADD COLUMN handed_to TEXT;
ALTER TABLE outbox ADD COLUMN unanswered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN recipient_hash BYTEA;
ALTER TABLE outbox ADD COLUMN share TEXT;
CREATE INDEX outbox_on_request ON outbox (organisation_id, created_at) WHERE recipient_hash IS NOT NULL;
