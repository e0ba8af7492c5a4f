-- What takes away looks at the facts that this very append has put into the log: nothing goes that none of them names,
-- nothing for a command that was carried out before, and nothing that a stream on legal hold speaks of.

-- Which streams are on hold is looked for at each taking away; there are few.
CREATE INDEX facts_of_holds ON donghaeng.facts (stream, version)
    WHERE kind IN ('task.hold_placed', 'task.hold_lifted');

-- DH013: these are not the ids that the facts of that kind between the two positions name by their streams.
CREATE FUNCTION donghaeng.check_named(what text, ids uuid[], first bigint, last bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    IF ARRAY(SELECT DISTINCT split_part(what, '.', 1) || '/' || replace(one.id::text, '-', '') COLLATE "C" AS stream
            FROM unnest(ids) AS one(id) ORDER BY stream)
        IS DISTINCT FROM
        ARRAY(SELECT DISTINCT f.stream FROM facts f
            WHERE f.position BETWEEN first AND last AND f.kind = what ORDER BY f.stream) THEN
        RAISE EXCEPTION 'no fact of this append takes that away' USING ERRCODE = 'DH013', DETAIL = what;
    END IF;
END $$;

-- DH014: a stream whose last word on it is that it is on legal hold speaks of one of these ids.
CREATE FUNCTION donghaeng.check_not_held(ids uuid[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE held text;
BEGIN
    SELECT hold.stream INTO held
    FROM (
        SELECT DISTINCT ON (h.stream) h.stream, h.kind FROM facts h
        WHERE h.kind IN ('task.hold_placed', 'task.hold_lifted') ORDER BY h.stream, h.version DESC
    ) hold
    WHERE hold.kind = 'task.hold_placed' AND EXISTS (
        SELECT FROM facts f, unnest(ids) AS one(id)
        WHERE f.stream = hold.stream
            AND position(convert_to(replace(one.id::text, '-', ''), 'UTF8') IN f.state) > 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'on legal hold' USING ERRCODE = 'DH014', DETAIL = held;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION donghaeng.append_and_remove(
    command_id uuid, command_digest bytea,
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[], salts bytea[], bodies text[], read_streams text[], read_versions bigint[],
    redacted uuid[], erased uuid[],
    OUT first_position bigint, OUT last_position bigint,
    OUT at_recorded timestamptz, OUT at_known timestamptz, OUT repeated boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    SELECT a.first_position, a.last_position, a.at_recorded, a.at_known, a.repeated
    INTO first_position, last_position, at_recorded, at_known, repeated
    FROM donghaeng.append(command_id, command_digest, streams, versions, kinds, states,
        text_ids, salts, bodies, read_streams, read_versions) a;
    IF repeated THEN RETURN; END IF;
    PERFORM donghaeng.check_named('text.redacted', redacted, first_position, last_position);
    PERFORM donghaeng.check_named('subject.erased', erased, first_position, last_position);
    PERFORM donghaeng.check_not_held(redacted || erased);
    UPDATE texts SET body = NULL, salt = NULL, redacted_at = clock_timestamp()
    WHERE id = ANY(redacted) AND redacted_at IS NULL;
    DELETE FROM subject_keys WHERE subject = ANY(erased);
END $$;

-- DH013: it is not one fact of that kind between the two positions that says so.
CREATE FUNCTION donghaeng.check_said(what text, said jsonb, first bigint, last bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE found jsonb[] := ARRAY(
    SELECT convert_from(substring(f.state FROM position('\x0a'::bytea IN f.state) + 1), 'UTF8')::jsonb
    FROM facts f WHERE f.position BETWEEN first AND last AND f.kind = what);
BEGIN
    IF cardinality(found) <> 1 OR NOT found[1] @> said THEN
        RAISE EXCEPTION 'no fact of this append says so' USING ERRCODE = 'DH013', DETAIL = what;
    END IF;
END $$;

-- Readings go by the one fact of this append that says from when and how many.
CREATE OR REPLACE FUNCTION donghaeng.append_and_prune(
    command_id uuid, command_digest bytea,
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[], salts bytea[], bodies text[], read_streams text[], read_versions bigint[],
    before date, counted bigint,
    OUT first_position bigint, OUT last_position bigint,
    OUT at_recorded timestamptz, OUT at_known timestamptz, OUT repeated boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    SELECT a.first_position, a.last_position, a.at_recorded, a.at_known, a.repeated
    INTO first_position, last_position, at_recorded, at_known, repeated
    FROM donghaeng.append(command_id, command_digest, streams, versions, kinds, states,
        text_ids, salts, bodies, read_streams, read_versions) a;
    IF repeated THEN RETURN; END IF;
    PERFORM donghaeng.check_said('access.pruned',
        jsonb_build_object('before', to_char(before, 'YYYY-MM-DD'), 'count', counted), first_position, last_position);
    IF donghaeng.prune_accesses(before) <> counted THEN
        RAISE EXCEPTION 'not as many as were counted' USING ERRCODE = 'DH009';
    END IF;
END $$;

-- A gap is gone over by the one fact of this append that says from where to where; both are one transaction.
CREATE FUNCTION donghaeng.append_and_say_gap(
    command_id uuid, command_digest bytea,
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[], salts bytea[], bodies text[], read_streams text[], read_versions bigint[],
    from_position bigint, to_position bigint,
    OUT first_position bigint, OUT last_position bigint,
    OUT at_recorded timestamptz, OUT at_known timestamptz, OUT repeated boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    SELECT a.first_position, a.last_position, a.at_recorded, a.at_known, a.repeated
    INTO first_position, last_position, at_recorded, at_known, repeated
    FROM donghaeng.append(command_id, command_digest, streams, versions, kinds, states,
        text_ids, salts, bodies, read_streams, read_versions) a;
    IF repeated THEN RETURN; END IF;
    PERFORM donghaeng.check_said('access.gap_acknowledged',
        jsonb_build_object('first', from_position, 'last', to_position), first_position, last_position);
    PERFORM donghaeng.say_gap(from_position, to_position);
END $$;

REVOKE ALL ON FUNCTION donghaeng.check_named, donghaeng.check_said, donghaeng.check_not_held,
    donghaeng.append_and_say_gap FROM PUBLIC;
GRANT EXECUTE ON FUNCTION donghaeng.append_and_say_gap TO donghaeng_app;
