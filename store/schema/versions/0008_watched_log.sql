-- Readings and refusals in one order without a hole, so that they can be sealed as the facts are. What was read may go
-- after two years; its entry here stays, a salted hash, so that the tree over all entries stays what it was.

ALTER TABLE donghaeng.accesses ADD salt uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE donghaeng.refused ADD salt uuid NOT NULL DEFAULT gen_random_uuid();

-- what: a reading, a refusal (row_id: its id in accesses or refused, row_sha256: over that row with its salt), or what
-- the log says of itself in `said` (row_sha256: over that): 'adopted' of how many rows that were there before the log
-- was, 'pruned' of how many readings that were taken out, up to which position, by which rule.
CREATE TABLE donghaeng.watched (
    position   bigint PRIMARY KEY,
    what       text COLLATE "C" NOT NULL,
    row_id     bigint,
    at         timestamptz NOT NULL,
    known_at   timestamptz NOT NULL,
    row_sha256 bytea NOT NULL,
    said       text
);
CREATE TRIGGER watched_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON donghaeng.watched
    FOR EACH STATEMENT EXECUTE FUNCTION donghaeng.never_changes();

-- Microseconds since 1970, exactly.
CREATE FUNCTION donghaeng.micros(at timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT (extract(epoch FROM at) * 1000000)::bigint $$;

-- What an entry commits to: its row's salt, and then the row as a line of JSON. Released: neither ever changes.
-- store/watched.py makes the same anew from the rows.
CREATE FUNCTION donghaeng.reading_sha256(a donghaeng.accesses) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT sha256(uuid_send(a.salt) || convert_to(jsonb_build_array(a.id, donghaeng.micros(a.at),
        donghaeng.micros(a.known_at), a.role, a.agency, a.subject, a.authn, a.token, a.reading, a.tasks, a.agencies,
        a.subjects, a.purpose, a.via, a.host, a.os_user, a.client, a.exported)::text, 'UTF8'))
$$;
CREATE FUNCTION donghaeng.refusal_sha256(r donghaeng.refused) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT sha256(uuid_send(r.salt) || convert_to(jsonb_build_array(r.id, donghaeng.micros(r.at),
        donghaeng.micros(r.known_at), r.what, r.role, r.agency, r.subject, r.on_behalf_of, r.via, r.authn, r.token,
        r.command, r.stream, r.command_id, r.refusal)::text, 'UTF8'))
$$;

-- The next position, and times that never go back; outside a simulated store both are one, whatever the row of the clock says. Who records waits here for who records, so that no position is
-- left out and nobody reads n+1 before n; appending facts does not wait.
CREATE FUNCTION donghaeng.next_watched(OUT place bigint, OUT at_recorded timestamptz, OUT at_known timestamptz)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    IF pg_advisory_xact_lock(20240310) IS NULL THEN END IF;
    SELECT w.position, w.at, w.known_at INTO place, at_recorded, at_known
    FROM watched w ORDER BY w.position DESC LIMIT 1;
    place := coalesce(place, 0) + 1;
    at_recorded := greatest(clock_timestamp(), at_recorded);
    at_known := CASE WHEN s.simulated THEN greatest(donghaeng.clock(), at_known) ELSE at_recorded END FROM store s;
END $$;

-- What the log says of itself.
CREATE FUNCTION donghaeng.say_in_watched(what text, said text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE following record;
BEGIN
    SELECT * INTO following FROM donghaeng.next_watched();
    INSERT INTO watched VALUES (following.place, what, NULL, following.at_recorded, following.at_known,
        sha256(convert_to(said, 'UTF8')), said);
END $$;

CREATE OR REPLACE FUNCTION donghaeng.record_access(
    role text, agency text, subject text, authn text, token text, reading text,
    tasks text[], agencies text[], subjects text[], purpose text,
    via text, host text, os_user text, client text, exported boolean
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE before record; at_recorded timestamptz; put accesses%ROWTYPE;
BEGIN
    -- next_watched written out: half of the time of recording would be in calling it
    IF pg_advisory_xact_lock(20240310) IS NULL THEN END IF;
    SELECT w.position, w.at, w.known_at INTO before FROM watched w ORDER BY w.position DESC LIMIT 1;
    at_recorded := greatest(clock_timestamp(), before.at);
    INSERT INTO accesses (at, known_at, role, agency, subject, authn, token, reading, tasks, agencies, subjects,
        purpose, via, host, os_user, client, exported)
    SELECT at_recorded,
        CASE WHEN s.simulated THEN greatest(coalesce(h.clock, at_recorded), h.known_at, before.known_at)
            ELSE at_recorded END,
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
    FROM head h, store s
    RETURNING * INTO put;
    INSERT INTO watched VALUES (coalesce(before.position, 0) + 1, 'reading', put.id, put.at, put.known_at,
        donghaeng.reading_sha256(put), NULL);
END $$;

-- Puts down several refusals; a rule's only once.
CREATE OR REPLACE FUNCTION donghaeng.record_refused(
    whats text[], roles text[], of_agencies text[], of_subjects text[], behalfs text[], vias text[], authns text[],
    tokens text[], commands text[], streams text[], command_ids uuid[], refusals text[]
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE following record;
BEGIN
    SELECT * INTO following FROM donghaeng.next_watched();
    WITH put AS (
        INSERT INTO refused (at, known_at, what, role, agency, subject, on_behalf_of, via, authn, token, command,
            stream, command_id, refusal)
        SELECT following.at_recorded, following.at_known, r.*
        FROM unnest(whats, roles, of_agencies, of_subjects, behalfs, vias, authns, tokens, commands, streams,
            command_ids, refusals) AS r
        ON CONFLICT (command_id, refusal) WHERE role = 'system' DO NOTHING
        RETURNING *
    )
    INSERT INTO watched
    SELECT following.place - 1 + row_number() OVER (ORDER BY p.id), 'refusal', p.id, p.at, p.known_at,
        donghaeng.refusal_sha256(ROW(p.*)::donghaeng.refused), NULL
    FROM put p;
END $$;

-- Takes away what was read before that day in Seoul, and says so in the log; how many. DH008: some of it is not two
-- years old.
CREATE OR REPLACE FUNCTION donghaeng.prune_accesses(before date) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE
    until timestamptz := before::timestamp AT TIME ZONE 'Asia/Seoul';
    pruned bigint;
    last bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(20240310);
    IF until > donghaeng.clock() - interval '2 years' THEN
        RAISE EXCEPTION 'what was read is kept for two years' USING ERRCODE = 'DH008';
    END IF;
    DELETE FROM accesses WHERE known_at < until;
    GET DIAGNOSTICS pruned = ROW_COUNT;
    IF pruned > 0 THEN
        SELECT max(w.position) INTO last FROM watched w WHERE w.what = 'reading' AND w.known_at < until;
        PERFORM donghaeng.say_in_watched('pruned', json_build_object(
            'rule', 'kept_two_years', 'before', before, 'count', pruned, 'up_to', last)::text);
    END IF;
    RETURN pruned;
END $$;

-- What stands there already is taken in, in the order in which it was known. It was not sealed at its time.
INSERT INTO donghaeng.watched
SELECT row_number() OVER (ORDER BY t.known_at, t.at, t.what, t.id), t.what, t.id, t.at, t.known_at, t.row_sha256, NULL
FROM (
    SELECT 'reading' AS what, a.id, a.at, a.known_at, donghaeng.reading_sha256(a) AS row_sha256
    FROM donghaeng.accesses a
    UNION ALL
    SELECT 'refusal', r.id, r.at, r.known_at, donghaeng.refusal_sha256(r) FROM donghaeng.refused r
) t;
SELECT donghaeng.say_in_watched('adopted', json_build_object('count', count(*))::text)
FROM donghaeng.watched HAVING count(*) > 0;

REVOKE ALL ON FUNCTION donghaeng.micros, donghaeng.reading_sha256, donghaeng.refusal_sha256, donghaeng.next_watched,
    donghaeng.say_in_watched FROM PUBLIC;
GRANT SELECT ON donghaeng.watched TO donghaeng_app;
