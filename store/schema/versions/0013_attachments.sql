-- Attached files. The text that a fact commits to says the SHA-256 of a file's bytes; the bytes lie here, in pieces.

CREATE TABLE donghaeng.attachments (
    text    uuid NOT NULL,
    number  bigint NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (text, number)
);
-- what is attached is compressed already
ALTER TABLE donghaeng.attachments ALTER content SET STORAGE EXTERNAL;

-- As append_many, with files; a single command too. The bytes go in before the log's lock is taken, so that nobody waits for
-- them, and are there with the facts or not at all. DH015: a piece is of no text of this append, which could be another's;
-- DH016: the commands were carried out while the bytes went in.
CREATE FUNCTION donghaeng.append_with_files(
    command_ids uuid[], command_digests bytea[], sizes bigint[],
    streams text[], versions bigint[], kinds text[], states bytea[],
    text_ids uuid[], salts bytea[], bodies text[], read_streams text[], read_versions bigint[],
    file_texts uuid[], numbers bigint[], pieces bytea[],
    OUT first_position bigint, OUT last_position bigint,
    OUT at_recorded timestamptz, OUT at_known timestamptz, OUT repeated boolean
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE
    is_new boolean := NOT EXISTS (SELECT FROM commands c WHERE c.id = ANY(command_ids));
BEGIN
    IF NOT file_texts <@ text_ids THEN
        RAISE EXCEPTION 'a file of no text of this append' USING ERRCODE = 'DH015';
    END IF;
    IF is_new THEN
        INSERT INTO attachments SELECT unnest(file_texts), unnest(numbers), unnest(pieces);
    END IF;
    SELECT a.first_position, a.last_position, a.at_recorded, a.at_known, a.repeated
    INTO first_position, last_position, at_recorded, at_known, repeated
    FROM donghaeng.append_many(command_ids, command_digests, sizes, streams, versions, kinds, states,
        text_ids, salts, bodies, read_streams, read_versions) a;
    IF repeated AND is_new THEN
        RAISE EXCEPTION 'carried out meanwhile' USING ERRCODE = 'DH016';
    END IF;
END $$;

-- As it was; with a text the bytes of its file go.
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
    DELETE FROM attachments WHERE text = ANY(redacted);
    DELETE FROM subject_keys WHERE subject = ANY(erased);
END $$;

REVOKE ALL ON FUNCTION donghaeng.append_with_files FROM PUBLIC;
GRANT SELECT ON donghaeng.attachments TO donghaeng_app;
GRANT EXECUTE ON FUNCTION donghaeng.append_with_files TO donghaeng_app;
