-- The identifier of a line begins with its time: the primary key is the order of the log, and the
-- indexes of other orders need not repeat the time.
DROP INDEX audit_entry_by_time;
DROP INDEX audit_entry_by_subject;
DROP INDEX audit_entry_by_customer;
DROP INDEX audit_entry_by_actor;
CREATE INDEX audit_entry_by_subject ON audit_entry (organisation_id, subject_id, id);
CREATE INDEX audit_entry_by_customer ON audit_entry (organisation_id, customer_id, id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX audit_entry_by_actor ON audit_entry (organisation_id, actor_id, id);
