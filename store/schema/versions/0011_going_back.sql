-- A store that went back, by a failover that lost its last facts or by an older backup in its place, takes no facts until
-- a person decides: whoever notices says so here, and with the fact of the decision it is over.

-- What was noticed, as JSON; NULL while all is well. store/halting.py reads it.
ALTER TABLE donghaeng.head ADD halted text;

-- DH021: the store went back and nobody has decided.
CREATE FUNCTION donghaeng.halts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the store went back' USING ERRCODE = 'DH021', DETAIL = OLD.halted;
END $$;
CREATE TRIGGER head_halts BEFORE UPDATE ON donghaeng.head FOR EACH ROW
    WHEN (OLD.halted IS NOT NULL AND NEW.position > OLD.position AND OLD.position > 0)
    EXECUTE FUNCTION donghaeng.halts();

-- `epochs`: how many decisions whoever noticed it has seen; a later one was perhaps about just this.
CREATE FUNCTION donghaeng.halt(noticed text, epochs bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    IF pg_advisory_xact_lock(20240307) IS NULL THEN END IF;
    UPDATE head SET halted = noticed
    WHERE halted IS NULL AND epochs = (SELECT count(*) FROM facts f WHERE f.stream = 'store/epoch');
END $$;

-- As append, for the fact that a person has decided. What was decided before lifts nothing that was noticed since.
CREATE FUNCTION donghaeng.append_epoch(
    command_id uuid, command_digest bytea,
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[], salts bytea[], bodies text[], read_streams text[], read_versions bigint[],
    OUT first_position bigint, OUT last_position bigint,
    OUT at_recorded timestamptz, OUT at_known timestamptz, OUT repeated boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE noticed text;
BEGIN
    IF pg_advisory_xact_lock(20240307) IS NULL THEN END IF;
    SELECT h.halted INTO noticed FROM head h;
    IF kinds <> ARRAY['store.epoch_begun'] THEN
        RAISE EXCEPTION 'no decision about the store' USING ERRCODE = 'DH022';
    END IF;
    UPDATE head SET halted = NULL WHERE halted IS NOT NULL;
    SELECT a.first_position, a.last_position, a.at_recorded, a.at_known, a.repeated
    INTO first_position, last_position, at_recorded, at_known, repeated
    FROM append(command_id, command_digest, streams, versions, kinds, states, text_ids, salts, bodies,
        read_streams, read_versions) a;
    IF repeated AND noticed IS NOT NULL THEN UPDATE head SET halted = noticed; END IF;
END $$;

-- On how many standbys the log is on the disk up to there. Only who may see other sessions is told
-- (GRANT pg_read_all_stats TO donghaeng_owner).
CREATE FUNCTION donghaeng.flushed_on(place pg_lsn) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
    SELECT count(*) FROM pg_stat_replication r WHERE r.flush_lsn >= place
$$;

REVOKE ALL ON FUNCTION donghaeng.halt, donghaeng.append_epoch, donghaeng.flushed_on FROM PUBLIC;
GRANT EXECUTE ON FUNCTION donghaeng.halt, donghaeng.append_epoch, donghaeng.flushed_on TO donghaeng_app;
