-- Who is busy with what, until when by the database's own clock. Nothing of it is history: an empty table loses nothing.

CREATE TABLE donghaeng.leases (
    name  text COLLATE "C" PRIMARY KEY,
    token bigint NOT NULL,
    until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Rises for ever: whoever comes with a lower token than another has been replaced by that one.
CREATE SEQUENCE donghaeng.lease_tokens;

GRANT SELECT, INSERT, UPDATE, DELETE ON donghaeng.leases TO donghaeng_app;
GRANT USAGE ON SEQUENCE donghaeng.lease_tokens TO donghaeng_app;
