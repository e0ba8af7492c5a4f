-- What was refused, and who read what. Neither is history of the city's tasks, so neither stands in the log.

-- what: a command, a reading, or a token that opens nothing. actor and on_behalf_of by ids alone, as in the envelope.
CREATE TABLE donghaeng.refused (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    known_at     timestamptz NOT NULL,
    what         text COLLATE "C" NOT NULL CHECK (what IN ('command', 'reading', 'token')),
    role         text COLLATE "C",
    agency       text COLLATE "C",
    subject      text COLLATE "C",
    on_behalf_of text COLLATE "C",
    via          text COLLATE "C" NOT NULL,
    authn        text COLLATE "C" NOT NULL,
    token        text COLLATE "C",
    command      text COLLATE "C" NOT NULL,
    stream       text COLLATE "C" NOT NULL,
    command_id   uuid,
    refusal      text COLLATE "C" NOT NULL
);
CREATE INDEX refused_known_at ON donghaeng.refused (known_at);
-- A rule tries again each minute what stands in its way, always under the same id: that is one attempt.
CREATE UNIQUE INDEX refused_by_rule ON donghaeng.refused (command_id, refusal) WHERE role = 'system';

-- role is absent where nobody was named; host, os_user and client are what the machine says of who ran the command.
CREATE TABLE donghaeng.accesses (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL,
    known_at timestamptz NOT NULL,
    role     text COLLATE "C",
    agency   text COLLATE "C",
    subject  text COLLATE "C",
    authn    text COLLATE "C" NOT NULL,
    token    text COLLATE "C",
    reading  text COLLATE "C" NOT NULL,
    tasks    text[] COLLATE "C" NOT NULL,
    agencies text[] COLLATE "C" NOT NULL,
    subjects text[] COLLATE "C" NOT NULL,
    purpose  text,
    via      text COLLATE "C" NOT NULL,
    host     text,
    os_user  text,
    client   text,
    exported boolean NOT NULL
);
CREATE INDEX accesses_known_at ON donghaeng.accesses (known_at);

-- The store's clock, as facts are stamped with it.
CREATE FUNCTION donghaeng.clock() RETURNS timestamptz
LANGUAGE sql VOLATILE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
    SELECT greatest(coalesce(h.clock, clock_timestamp()), h.known_at) FROM donghaeng.head h
$$;

CREATE TRIGGER refused_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON donghaeng.refused
    FOR EACH STATEMENT EXECUTE FUNCTION donghaeng.never_changes();
CREATE TRIGGER accesses_never_change BEFORE UPDATE OR TRUNCATE ON donghaeng.accesses
    FOR EACH STATEMENT EXECUTE FUNCTION donghaeng.never_changes();

-- Who read what is kept for two years, whoever wants it gone. DH008: it is younger.
CREATE FUNCTION donghaeng.kept_two_years() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    IF OLD.known_at > donghaeng.clock() - interval '2 years' THEN
        RAISE EXCEPTION 'DELETE on accesses: what was read is kept for two years' USING ERRCODE = 'DH008';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER accesses_kept BEFORE DELETE ON donghaeng.accesses
    FOR EACH ROW EXECUTE FUNCTION donghaeng.kept_two_years();

-- Puts down several refusals; a rule's only once.
CREATE FUNCTION donghaeng.record_refused(
    whats text[], roles text[], of_agencies text[], of_subjects text[], behalfs text[], vias text[], authns text[],
    tokens text[], commands text[], streams text[], command_ids uuid[], refusals text[]
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    INSERT INTO refused (at, known_at, what, role, agency, subject, on_behalf_of, via, authn, token, command, stream,
        command_id, refusal)
    SELECT clock_timestamp(), donghaeng.clock(), r.*
    FROM unnest(whats, roles, of_agencies, of_subjects, behalfs, vias, authns, tokens, commands, streams, command_ids,
        refusals) AS r
    ON CONFLICT (command_id, refusal) WHERE role = 'system' DO NOTHING;
END $$;

CREATE FUNCTION donghaeng.record_access(
    role text, agency text, subject text, authn text, token text, reading text,
    tasks text[], agencies text[], subjects text[], purpose text,
    via text, host text, os_user text, client text, exported boolean
) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
    INSERT INTO donghaeng.accesses (at, known_at, role, agency, subject, authn, token, reading, tasks, agencies,
        subjects, purpose, via, host, os_user, client, exported)
    VALUES (clock_timestamp(), donghaeng.clock(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
$$;

-- Takes away what was read before that day in Seoul; how many. DH008: some of it is not two years old.
CREATE FUNCTION donghaeng.prune_accesses(before date) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE
    until timestamptz := before::timestamp AT TIME ZONE 'Asia/Seoul';
    pruned bigint;
BEGIN
    IF until > donghaeng.clock() - interval '2 years' THEN
        RAISE EXCEPTION 'what was read is kept for two years' USING ERRCODE = 'DH008';
    END IF;
    DELETE FROM accesses WHERE known_at < until;
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END $$;

-- The fact that says so and the removal itself are one transaction. DH009: there are not as many as the fact says.
CREATE FUNCTION donghaeng.append_and_prune(
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
    IF NOT repeated AND donghaeng.prune_accesses(before) <> counted THEN
        RAISE EXCEPTION 'not as many as were counted' USING ERRCODE = 'DH009';
    END IF;
END $$;

REVOKE ALL ON FUNCTION donghaeng.clock, donghaeng.kept_two_years, donghaeng.record_refused, donghaeng.record_access,
    donghaeng.prune_accesses, donghaeng.append_and_prune FROM PUBLIC;
GRANT SELECT ON donghaeng.refused, donghaeng.accesses TO donghaeng_app;
GRANT EXECUTE ON FUNCTION donghaeng.record_refused, donghaeng.record_access, donghaeng.append_and_prune
    TO donghaeng_app;
