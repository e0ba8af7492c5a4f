-- Personal details, sealed under a key a person; and the one function that appends a fact and takes away with it.

CREATE TABLE donghaeng.subject_keys (
    subject    uuid PRIMARY KEY,
    wrapped    bytea NOT NULL,
    wrapped_by text NOT NULL
);

CREATE TABLE donghaeng.subject_details (
    subject uuid NOT NULL REFERENCES donghaeng.subject_keys ON DELETE CASCADE,
    field   text NOT NULL,
    sealed  bytea NOT NULL,
    PRIMARY KEY (subject, field)
);

-- with its salt gone too, nobody can try texts against the commitment that stays in the fact
ALTER TABLE donghaeng.texts ALTER salt DROP NOT NULL;

-- The fact that says so and the removal itself are one transaction: neither stands without the other.
CREATE FUNCTION donghaeng.append_and_remove(
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
    UPDATE texts SET body = NULL, salt = NULL, redacted_at = clock_timestamp()
    WHERE id = ANY(redacted) AND redacted_at IS NULL;
    DELETE FROM subject_keys WHERE subject = ANY(erased);
END $$;

REVOKE ALL ON FUNCTION donghaeng.append_and_remove FROM PUBLIC;
GRANT EXECUTE ON FUNCTION donghaeng.append_and_remove TO donghaeng_app;
GRANT USAGE ON SCHEMA donghaeng TO donghaeng_vault;
GRANT SELECT, INSERT, UPDATE ON donghaeng.subject_keys, donghaeng.subject_details TO donghaeng_vault;
