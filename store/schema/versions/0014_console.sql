-- Who is signed in at the console, and by which links people sign in. Of every secret only its SHA-256. None of it is history
-- (the log of readings says who signed in), and unlogged: a crash or a restored backup ends sessions and revives none.

CREATE UNLOGGED TABLE donghaeng.sign_in_links (
    secret  bytea PRIMARY KEY,
    subject text COLLATE "C" NOT NULL,
    role    text COLLATE "C",
    until   timestamptz NOT NULL
);

-- role: of the city's, as the link said; acts_in_role, acts_in_agency: in which the person chose to act, absent until then.
CREATE UNLOGGED TABLE donghaeng.sessions (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    secret         bytea NOT NULL UNIQUE,
    subject        text COLLATE "C" NOT NULL,
    role           text COLLATE "C",
    authn          text COLLATE "C" NOT NULL,
    client         text,
    began_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    acts_in_role   text COLLATE "C",
    acts_in_agency text COLLATE "C"
);
CREATE INDEX sessions_subject ON donghaeng.sessions (subject);

GRANT SELECT, INSERT, DELETE ON donghaeng.sign_in_links TO donghaeng_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON donghaeng.sessions TO donghaeng_app;
