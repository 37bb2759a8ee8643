-- What only this engine understands. Made once: making it anew would wait for everybody who writes.
DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(50726574);
    IF EXISTS (
        SELECT FROM pg_trigger WHERE tgname = 'ledger_entry_is_never_changed'
        AND tgrelid = 'ledger_entry'::regclass
    ) THEN
        RETURN;
    END IF;
    CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        RAISE EXCEPTION 'an entry of the ledger is never changed or deleted';
    END
    $body$;
    CREATE TRIGGER ledger_entry_is_never_changed
        BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();
END
$$;
