-- Refused attempts say by which user of which machine they were made; and a gap in the log of readings and refusals that
-- a person has acknowledged is said in that log, so that it is sealed on over the gap.

ALTER TABLE donghaeng.refused ADD machine text;

-- Released: what a row of before committed to, it commits to for ever; the machine comes behind that, where there is one.
CREATE OR REPLACE FUNCTION donghaeng.refusal_sha256(r donghaeng.refused) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT sha256(uuid_send(r.salt) || convert_to((jsonb_build_array(r.id, donghaeng.micros(r.at),
        donghaeng.micros(r.known_at), r.what, r.role, r.agency, r.subject, r.on_behalf_of, r.via, r.authn, r.token,
        r.command, r.stream, r.command_id, r.refusal)
        || CASE WHEN r.machine IS NULL THEN '[]' ELSE jsonb_build_array(r.machine) END)::text, 'UTF8'))
$$;

DROP FUNCTION donghaeng.record_refused;
CREATE FUNCTION donghaeng.record_refused(
    whats text[], roles text[], of_agencies text[], of_subjects text[], behalfs text[], vias text[], authns text[],
    tokens text[], commands text[], streams text[], command_ids uuid[], refusals text[], machines text[]
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE following record;
BEGIN
    SELECT * INTO following FROM donghaeng.next_watched();
    WITH put AS (
        INSERT INTO refused (at, known_at, what, role, agency, subject, on_behalf_of, via, authn, token, command,
            stream, command_id, refusal, machine)
        SELECT following.at_recorded, following.at_known, r.*
        FROM unnest(whats, roles, of_agencies, of_subjects, behalfs, vias, authns, tokens, commands, streams,
            command_ids, refusals, machines) AS r
        ON CONFLICT (command_id, refusal) WHERE role = 'system' DO NOTHING
        RETURNING *
    )
    INSERT INTO watched
    SELECT following.place - 1 + row_number() OVER (ORDER BY p.id), 'refusal', p.id, p.at, p.known_at,
        donghaeng.refusal_sha256(ROW(p.*)::donghaeng.refused), NULL
    FROM put p;
END $$;

-- An entry, 'gap', that says from where to where entries are missing or are not those that were sealed, and by a sum what
-- stands there now. It comes behind the gap, so that where the end was cut off no position is given a second time.
-- DH011: it would leave more than a million positions empty. 0012 makes the function that a command calls.
CREATE FUNCTION donghaeng.say_gap(from_position bigint, to_position bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE following record; said text;
BEGIN
    SELECT * INTO following FROM donghaeng.next_watched();
    IF from_position < 1 OR to_position < from_position OR to_position - following.place >= 1000000 THEN
        RAISE EXCEPTION 'no gap' USING ERRCODE = 'DH011';
    END IF;
    SELECT json_build_object('first', from_position, 'last', to_position, 'there', encode(sha256(coalesce(
        string_agg(int8send(w.position) || int8send(donghaeng.micros(w.at)) || int8send(donghaeng.micros(w.known_at))
            || w.row_sha256, ''::bytea ORDER BY w.position), ''::bytea)), 'hex'))::text
    INTO said FROM watched w WHERE w.position BETWEEN from_position AND to_position;
    INSERT INTO watched VALUES (greatest(following.place, to_position + 1), 'gap', NULL, following.at_recorded,
        following.at_known, sha256(convert_to(said, 'UTF8')), said);
END $$;

REVOKE ALL ON FUNCTION donghaeng.record_refused, donghaeng.say_gap FROM PUBLIC;
GRANT EXECUTE ON FUNCTION donghaeng.record_refused TO donghaeng_app;
