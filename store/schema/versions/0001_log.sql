-- The log: facts in one order without a hole, texts beside them, and the one function that appends.

CREATE TABLE donghaeng.store (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    id          uuid NOT NULL,
    simulated   boolean NOT NULL,
    signing_key bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- clock: the store's own time, only in a simulated store
CREATE TABLE donghaeng.head (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    position    bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    known_at    timestamptz NOT NULL,
    clock       timestamptz
) WITH (fillfactor = 10);

CREATE TABLE donghaeng.facts (
    position    bigint PRIMARY KEY,
    stream      text COLLATE "C" NOT NULL,
    version     bigint NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    state       bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    known_at    timestamptz NOT NULL,
    UNIQUE (stream, version)
);

CREATE TABLE donghaeng.texts (
    id          uuid PRIMARY KEY,
    salt        bytea NOT NULL,
    body        text,
    redacted_at timestamptz
);

CREATE TABLE donghaeng.commands (
    id             uuid PRIMARY KEY,
    digest         bytea NOT NULL,
    first_position bigint NOT NULL,
    last_position  bigint NOT NULL,
    recorded_at    timestamptz NOT NULL,
    known_at       timestamptz NOT NULL
);

-- Where a bulk import is put down before it is checked; unlogged, since it never outlives its transaction.
CREATE UNLOGGED TABLE donghaeng.incoming (
    position    bigint NOT NULL,
    stream      text COLLATE "C" NOT NULL,
    version     bigint NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    state       bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    known_at    timestamptz NOT NULL
);

-- The names under which eventsourcing's recorder, notification log and tracking read the same table.
CREATE VIEW donghaeng.stored_events AS
    SELECT stream AS originator_id, version AS originator_version, kind AS topic, state, position AS notification_id
    FROM donghaeng.facts;

CREATE FUNCTION donghaeng.never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: what is written is never changed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'DH004';
END $$;

CREATE TRIGGER facts_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON donghaeng.facts
    FOR EACH STATEMENT EXECUTE FUNCTION donghaeng.never_changes();
CREATE TRIGGER commands_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON donghaeng.commands
    FOR EACH STATEMENT EXECUTE FUNCTION donghaeng.never_changes();
CREATE TRIGGER store_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON donghaeng.store
    FOR EACH STATEMENT EXECUTE FUNCTION donghaeng.never_changes();

-- Appends what one command made, whole or not at all. DH001: a stream is not at the version that was expected;
-- DH002: the command id was used for another command. Writers wait for each other here and nowhere else, so that
-- positions have no hole and no reader sees n+1 before n. now() is the transaction's start and would go backwards.
-- A single fact, the usual case, takes the short way round the arrays: half of the function's time.
CREATE FUNCTION donghaeng.append(
    command_id uuid, command_digest bytea,
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[] DEFAULT '{}', salts bytea[] DEFAULT '{}', bodies text[] DEFAULT '{}',
    read_streams text[] DEFAULT '{}', read_versions bigint[] DEFAULT '{}',
    OUT first_position bigint, OUT last_position bigint,
    OUT at_recorded timestamptz, OUT at_known timestamptz, OUT repeated boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE
    known_digest bytea;
    the_stream text := streams[1];
    wrong_stream text; wanted bigint; found_at bigint;
    n bigint := cardinality(streams);
BEGIN
    IF pg_advisory_xact_lock(20240307) IS NULL THEN END IF;

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

    IF n = 1 AND cardinality(read_streams) = 0 THEN
        SELECT f.version INTO found_at FROM facts f WHERE f.stream = the_stream ORDER BY f.version DESC LIMIT 1;
        IF coalesce(found_at, 0) <> versions[1] - 1 THEN
            wrong_stream := the_stream; wanted := versions[1] - 1;
        END IF;
    ELSE
        SELECT e.stream, e.expected, at.version INTO wrong_stream, wanted, found_at
        FROM (
            SELECT a.stream, a.version - row_number() OVER (PARTITION BY a.stream ORDER BY a.place) AS expected
            FROM unnest(streams, versions) WITH ORDINALITY AS a(stream, version, place)
            UNION ALL
            SELECT r.stream, r.version FROM unnest(read_streams, read_versions) AS r(stream, version)
        ) e, LATERAL (SELECT coalesce(max(f.version), 0) AS version FROM facts f WHERE f.stream = e.stream) at
        WHERE at.version <> e.expected LIMIT 1;
    END IF;
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

    IF n = 1 THEN
        INSERT INTO facts VALUES
            (first_position, the_stream, versions[1], kinds[1], states[1], at_recorded, at_known);
    ELSE
        INSERT INTO facts
        SELECT first_position + a.place - 1, a.stream, a.version, a.kind, a.state, at_recorded, at_known
        FROM unnest(streams, versions, kinds, states) WITH ORDINALITY AS a(stream, version, kind, state, place);
    END IF;
    IF cardinality(text_ids) > 0 THEN
        INSERT INTO texts (id, salt, body) SELECT * FROM unnest(text_ids, salts, bodies);
    END IF;
    INSERT INTO commands VALUES (command_id, command_digest, first_position, last_position, at_recorded, at_known);
    repeated := false;
END $$;

-- Moves a simulated store's clock on. DH005: not a simulated store; DH006: backwards.
CREATE FUNCTION donghaeng.move_clock(moved_to timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE stands timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(20240307);
    SELECT clock INTO stands FROM head;
    IF stands IS NULL THEN
        RAISE EXCEPTION 'not a simulated store' USING ERRCODE = 'DH005';
    ELSIF moved_to < stands THEN
        RAISE EXCEPTION 'the clock cannot be moved back' USING ERRCODE = 'DH006', DETAIL = stands::text;
    END IF;
    UPDATE head SET clock = moved_to;
END $$;

-- Takes what was copied into `incoming` over into the log, if it continues the log. DH003: it does not.
CREATE FUNCTION donghaeng.take_incoming(OUT taken bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE stood head%ROWTYPE; wrong record;
BEGIN
    PERFORM pg_advisory_xact_lock(20240307);
    SELECT * INTO stood FROM head;
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
            OR p.recorded_at > clock_timestamp() OR stood.clock IS NULL AND p.known_at <> p.recorded_at
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
        clock = greatest(h.clock, CASE WHEN h.clock IS NOT NULL THEN last.known_at END)
    FROM (SELECT i.* FROM incoming i ORDER BY i.position DESC LIMIT 1) last;
    DELETE FROM incoming;
END $$;

REVOKE ALL ON FUNCTION donghaeng.append, donghaeng.move_clock, donghaeng.take_incoming FROM PUBLIC;
GRANT USAGE ON SCHEMA donghaeng, views TO donghaeng_app;
GRANT SELECT ON ALL TABLES IN SCHEMA donghaeng TO donghaeng_app;
GRANT INSERT, DELETE ON donghaeng.incoming TO donghaeng_app;
GRANT EXECUTE ON FUNCTION donghaeng.append, donghaeng.move_clock, donghaeng.take_incoming TO donghaeng_app;
