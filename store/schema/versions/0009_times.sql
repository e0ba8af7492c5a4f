-- Outside a simulated store a fact is known when it is recorded, whatever the row of the clock says.

-- DH010: the row of the store's head says two times, in a store that is not simulated.
CREATE FUNCTION donghaeng.one_time(at_recorded timestamptz, at_known timestamptz) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    IF at_known <> at_recorded AND NOT (SELECT s.simulated FROM donghaeng.store s) THEN
        RAISE EXCEPTION 'known at another time than recorded' USING ERRCODE = 'DH010',
            DETAIL = jsonb_build_object('known_at', at_known, 'recorded_at', at_recorded)::text;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION donghaeng.put_down(
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
    IF at_known <> at_recorded THEN PERFORM donghaeng.one_time(at_recorded, at_known); END IF;

    INSERT INTO facts
    SELECT first_position + a.place - 1, a.stream, a.version, a.kind, a.state, at_recorded, at_known
    FROM unnest(streams, versions, kinds, states) WITH ORDINALITY AS a(stream, version, kind, state, place);
    IF cardinality(text_ids) > 0 THEN
        INSERT INTO texts (id, salt, body) SELECT * FROM unnest(text_ids, salts, bodies);
    END IF;
END $$;

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
            IF at_known <> at_recorded THEN PERFORM donghaeng.one_time(at_recorded, at_known); END IF;
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

-- As it was; but which store is simulated says its own row, not whether somebody has set a clock.
CREATE OR REPLACE FUNCTION donghaeng.move_clock(moved_to timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE stands timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(20240307);
    SELECT h.clock INTO stands FROM head h, store s WHERE s.simulated;
    IF stands IS NULL THEN
        RAISE EXCEPTION 'not a simulated store' USING ERRCODE = 'DH005';
    ELSIF moved_to < stands THEN
        RAISE EXCEPTION 'the clock cannot be moved back' USING ERRCODE = 'DH006', DETAIL = stands::text;
    END IF;
    UPDATE head SET clock = moved_to;
END $$;

CREATE OR REPLACE FUNCTION donghaeng.take_incoming(OUT taken bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE stood head%ROWTYPE; wrong record; is_simulated boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(20240307);
    SELECT * INTO stood FROM head;
    SELECT s.simulated INTO is_simulated FROM store s;
    SELECT count(*) INTO taken FROM incoming;
    SELECT w.line, w.problem INTO wrong FROM (
        SELECT p.place AS line,
            CASE WHEN p.position <> stood.position + p.place THEN 'position' ELSE 'time' END AS problem
        FROM (
            SELECT i.position, i.recorded_at, i.known_at, row_number() OVER by_position AS place,
                lag(i.recorded_at, 1, stood.recorded_at) OVER by_position AS recorded_before,
                lag(i.known_at, 1, stood.known_at) OVER by_position AS known_before
            FROM incoming i WINDOW by_position AS (ORDER BY i.position)
        ) p
        WHERE p.position <> stood.position + p.place
            OR p.recorded_at < p.recorded_before OR p.known_at < p.known_before
            OR p.recorded_at > clock_timestamp() OR NOT is_simulated AND p.known_at <> p.recorded_at
        UNION ALL
        SELECT p.first - stood.position, 'version'
        FROM (
            SELECT v.stream, v.before, min(v.position) AS first FROM (
                SELECT i.stream, i.position,
                    i.version - row_number() OVER (PARTITION BY i.stream ORDER BY i.position) AS before
                FROM incoming i
            ) v GROUP BY v.stream, v.before
        ) p
        WHERE p.before <> coalesce((SELECT max(f.version) FROM facts f WHERE f.stream = p.stream), 0)
    ) w ORDER BY w.line LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'does not continue the log' USING ERRCODE = 'DH003',
            DETAIL = jsonb_build_object('line', wrong.line, 'problem', wrong.problem)::text;
    END IF;
    INSERT INTO facts SELECT i.* FROM incoming i ORDER BY i.position;
    UPDATE head h SET position = last.position, recorded_at = last.recorded_at, known_at = last.known_at,
        clock = CASE WHEN is_simulated THEN greatest(h.clock, last.known_at) END
    FROM (SELECT i.* FROM incoming i ORDER BY i.position DESC LIMIT 1) last;
    DELETE FROM incoming;
END $$;

-- The store's clock, as facts are stamped with it. A real store has none but the server's.
CREATE OR REPLACE FUNCTION donghaeng.clock() RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
    SELECT CASE WHEN s.simulated THEN greatest(coalesce(h.clock, clock_timestamp()), h.known_at)
        ELSE clock_timestamp() END
    FROM donghaeng.head h, donghaeng.store s
$$;

REVOKE ALL ON FUNCTION donghaeng.one_time FROM PUBLIC;
