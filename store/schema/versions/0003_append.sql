-- Puts facts and texts down after the head, if every stream is at the version that was expected. The caller holds the
-- log's lock. DH001: a stream is not at that version.
CREATE FUNCTION donghaeng.put_down(
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[], salts bytea[], bodies text[], read_streams text[], read_versions bigint[],
    OUT first_position bigint, OUT last_position bigint, OUT at_recorded timestamptz, OUT at_known timestamptz
) LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE
    wrong_stream text; wanted bigint; found_at bigint;
    n bigint := cardinality(streams);
BEGIN
    SELECT e.stream, e.expected, at.version INTO wrong_stream, wanted, found_at
    FROM (
        SELECT a.stream, a.version - row_number() OVER (PARTITION BY a.stream ORDER BY a.place) AS expected
        FROM unnest(streams, versions) WITH ORDINALITY AS a(stream, version, place)
        UNION ALL
        SELECT r.stream, r.version FROM unnest(read_streams, read_versions) AS r(stream, version)
    ) e, LATERAL (SELECT coalesce(max(f.version), 0) AS version FROM facts f WHERE f.stream = e.stream) at
    WHERE at.version <> e.expected LIMIT 1;
    IF wrong_stream IS NOT NULL THEN
        RAISE EXCEPTION 'stream changed' USING ERRCODE = 'DH001', DETAIL = jsonb_build_object(
            'stream', wrong_stream, 'expected', wanted, 'actual', coalesce(found_at, 0))::text;
    END IF;

    at_recorded := clock_timestamp();
    UPDATE head h SET
        position = h.position + n,
        recorded_at = greatest(at_recorded, h.recorded_at),
        known_at = greatest(coalesce(h.clock, at_recorded), h.known_at)
    RETURNING h.position - n + 1, h.position, h.recorded_at, h.known_at
    INTO first_position, last_position, at_recorded, at_known;

    INSERT INTO facts
    SELECT first_position + a.place - 1, a.stream, a.version, a.kind, a.state, at_recorded, at_known
    FROM unnest(streams, versions, kinds, states) WITH ORDINALITY AS a(stream, version, kind, state, place);
    IF cardinality(text_ids) > 0 THEN
        INSERT INTO texts (id, salt, body) SELECT * FROM unnest(text_ids, salts, bodies);
    END IF;
END $$;

-- As it was, in fewer steps: a single fact, the usual case, needs two statements under the lock.
CREATE OR REPLACE FUNCTION donghaeng.append(
    command_id uuid, command_digest bytea,
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[] DEFAULT '{}', salts bytea[] DEFAULT '{}', bodies text[] DEFAULT '{}',
    read_streams text[] DEFAULT '{}', read_versions bigint[] DEFAULT '{}',
    OUT first_position bigint, OUT last_position bigint,
    OUT at_recorded timestamptz, OUT at_known timestamptz, OUT repeated boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE
    known_digest bytea;
BEGIN
    IF pg_advisory_xact_lock(20240307) IS NULL THEN END IF;

    IF cardinality(streams) = 1 THEN
        at_recorded := clock_timestamp();
        UPDATE head h SET
            position = h.position + 1,
            recorded_at = greatest(at_recorded, h.recorded_at),
            known_at = greatest(coalesce(h.clock, at_recorded), h.known_at)
        WHERE NOT EXISTS (SELECT FROM commands c WHERE c.id = command_id)
            AND coalesce((SELECT max(f.version) FROM facts f WHERE f.stream = streams[1]), 0) = versions[1] - 1
            AND (cardinality(read_streams) = 0 OR NOT EXISTS (
                SELECT FROM unnest(read_streams, read_versions) AS r(stream, version)
                WHERE r.version <> coalesce((SELECT max(f.version) FROM facts f WHERE f.stream = r.stream), 0)))
        RETURNING h.position, h.position, h.recorded_at, h.known_at
        INTO first_position, last_position, at_recorded, at_known;
        IF FOUND THEN
            WITH fact AS (
                INSERT INTO facts
                VALUES (first_position, streams[1], versions[1], kinds[1], states[1], at_recorded, at_known)
            )
            INSERT INTO commands
            VALUES (command_id, command_digest, first_position, first_position, at_recorded, at_known);
            IF cardinality(text_ids) > 0 THEN
                INSERT INTO texts (id, salt, body) SELECT * FROM unnest(text_ids, salts, bodies);
            END IF;
            repeated := false;
            RETURN;
        END IF;
    END IF;

    SELECT c.digest, c.first_position, c.last_position, c.recorded_at, c.known_at
    INTO known_digest, first_position, last_position, at_recorded, at_known
    FROM commands c WHERE c.id = command_id;
    IF FOUND THEN
        IF known_digest <> command_digest THEN
            RAISE EXCEPTION 'command id used for another command' USING ERRCODE = 'DH002';
        END IF;
        repeated := true;
        RETURN;
    END IF;
    SELECT p.first_position, p.last_position, p.at_recorded, p.at_known
    INTO first_position, last_position, at_recorded, at_known
    FROM put_down(streams, versions, kinds, states, text_ids, salts, bodies, read_streams, read_versions) p;
    INSERT INTO commands VALUES (command_id, command_digest, first_position, last_position, at_recorded, at_known);
    repeated := false;
END $$;

-- Appends what several commands made, all or nothing, each under its own id. `sizes`: how many facts each made. Sent
-- again it is `repeated`; DH007: some of the commands were carried out before and some not.
CREATE FUNCTION donghaeng.append_many(
    command_ids uuid[], command_digests bytea[], sizes bigint[],
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[], salts bytea[], bodies text[], read_streams text[], read_versions bigint[],
    OUT first_position bigint, OUT last_position bigint,
    OUT at_recorded timestamptz, OUT at_known timestamptz, OUT repeated boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE
    known bigint; differing bigint;
BEGIN
    IF pg_advisory_xact_lock(20240307) IS NULL THEN END IF;

    SELECT count(*), count(*) FILTER (WHERE c.digest <> g.digest),
        min(c.first_position), max(c.last_position), max(c.recorded_at), max(c.known_at)
    INTO known, differing, first_position, last_position, at_recorded, at_known
    FROM unnest(command_ids, command_digests) AS g(id, digest) JOIN commands c ON c.id = g.id;
    IF differing > 0 THEN
        RAISE EXCEPTION 'command id used for another command' USING ERRCODE = 'DH002';
    ELSIF known = cardinality(command_ids) THEN
        repeated := true;
        RETURN;
    ELSIF known > 0 THEN
        RAISE EXCEPTION 'some commands were carried out before' USING ERRCODE = 'DH007';
    END IF;
    SELECT p.first_position, p.last_position, p.at_recorded, p.at_known
    INTO first_position, last_position, at_recorded, at_known
    FROM put_down(streams, versions, kinds, states, text_ids, salts, bodies, read_streams, read_versions) p;
    INSERT INTO commands
    SELECT g.id, g.digest, first_position + g.before, first_position + g.before + g.size - 1, at_recorded, at_known
    FROM (
        SELECT a.id, a.digest, a.size, sum(a.size) OVER (ORDER BY a.place) - a.size AS before
        FROM unnest(command_ids, command_digests, sizes) WITH ORDINALITY AS a(id, digest, size, place)
    ) g;
    repeated := false;
END $$;

REVOKE ALL ON FUNCTION donghaeng.put_down, donghaeng.append_many FROM PUBLIC;
GRANT EXECUTE ON FUNCTION donghaeng.append_many TO donghaeng_app;
