-- Until when a password works that the staff had mailed, to choose another one with. One that the
-- person chose has no end.
ALTER TABLE contact ADD COLUMN password_expires_at BIGINT;
