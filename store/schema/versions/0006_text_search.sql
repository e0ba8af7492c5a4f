-- Free texts can be looked through by any two letters in a row: Korean has no words that a dictionary would split.

-- A text as it is compared: composed letters, and A to Z small.
CREATE FUNCTION donghaeng.searchable(body text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(normalize(body, NFC) COLLATE "C") $$;

-- Every pair of letters in a row, each once, as a number: no letter stands in the index, and no locale sorts it.
CREATE FUNCTION donghaeng.bigrams(body text) RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    SELECT array_agg(DISTINCT ascii(pair.first)::bigint << 21 | ascii(pair.second))
    FROM (SELECT string_to_array(donghaeng.searchable(body), NULL) AS letters) s,
        LATERAL unnest(s.letters, s.letters[2:]) AS pair(first, second)
    WHERE pair.second IS NOT NULL
$$;

-- Writing the pairs down takes longer than appending the text, so that it is done afterwards.
ALTER TABLE donghaeng.texts ADD indexed boolean NOT NULL DEFAULT false;
CREATE INDEX texts_by_bigrams ON donghaeng.texts USING gin (donghaeng.bigrams(body))
    WITH (gin_pending_list_limit = 256) WHERE indexed AND body IS NOT NULL;
CREATE INDEX texts_not_indexed ON donghaeng.texts (id) WHERE NOT indexed AND body IS NOT NULL;

-- Takes some texts into the index, so many bytes of them but at least one: how many, and whether more are waiting. Side
-- by side it is harmless.
CREATE FUNCTION donghaeng.index_texts(most_bytes bigint, OUT done bigint, OUT more boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, donghaeng, pg_temp AS $$
BEGIN
    WITH waiting AS (
        SELECT t.id, octet_length(t.body) AS size FROM texts t
        WHERE NOT t.indexed AND t.body IS NOT NULL LIMIT 100 FOR UPDATE SKIP LOCKED
    ), taken AS (
        SELECT w.id, sum(w.size) OVER (ORDER BY w.id) - w.size AS before FROM waiting w
    )
    UPDATE texts t SET indexed = true FROM taken WHERE t.id = taken.id AND taken.before < most_bytes;
    GET DIAGNOSTICS done = ROW_COUNT;
    more := EXISTS (SELECT FROM texts t WHERE NOT t.indexed AND t.body IS NOT NULL);
END $$;

REVOKE ALL ON FUNCTION donghaeng.index_texts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION donghaeng.index_texts TO donghaeng_app;
