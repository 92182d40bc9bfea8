-- The foundation: people, matters, events, the log, what waits to be done.
-- Times are milliseconds since 1970 UTC, flags 0 or 1, hashes 32 bytes. BLOB is BYTEA on PostgreSQL.

-- Ids of this database come from here in blocks; see record/identity of rows: record/sequence.h.
CREATE TABLE sequence (name TEXT NOT NULL PRIMARY KEY, next BIGINT NOT NULL);

-- Settings of the database itself: demo clock offset, origin of the log.
CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE person (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                 -- person, lawyer, staff
    login TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,             -- argon2id; empty: cannot log in by password
    name TEXT NOT NULL,
    wrapped_key TEXT NOT NULL,          -- seals the fields below
    identity_type TEXT NOT NULL,        -- resident-id, passport, …
    identity_sealed TEXT NOT NULL,
    identity_blind BLOB,
    phone_sealed TEXT NOT NULL,
    email TEXT NOT NULL,
    licence TEXT NOT NULL,              -- lawyer's certificate
    firm TEXT NOT NULL,
    organisation TEXT NOT NULL,         -- acts for this organisation by default (USCC in organisation_code)
    organisation_code TEXT NOT NULL,
    verified TEXT NOT NULL,             -- "", registry, window
    verified_at BIGINT,
    verified_by BIGINT,
    failed_logins BIGINT NOT NULL,
    failed_last BIGINT NOT NULL,
    large_type BIGINT NOT NULL,
    disabled BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX person_by_identity ON person (identity_blind);

CREATE TABLE post (
    person BIGINT NOT NULL REFERENCES person (id),
    post TEXT NOT NULL,                 -- window reviewer judge clerk enforcement leader …
    court TEXT NOT NULL,                -- court code; "" for admin
    since BIGINT NOT NULL,
    until BIGINT,                       -- NULL: holds it still
    PRIMARY KEY (person, post, court)
);
CREATE INDEX post_by_court ON post (court, post);

CREATE TABLE session (
    token BLOB NOT NULL PRIMARY KEY,    -- SM3 of the token
    id BIGINT NOT NULL UNIQUE,
    person BIGINT NOT NULL REFERENCES person (id),
    post TEXT NOT NULL,
    court TEXT NOT NULL,
    csrf TEXT NOT NULL,
    agent TEXT NOT NULL,
    client TEXT NOT NULL,
    created BIGINT NOT NULL,            -- machine time
    used BIGINT NOT NULL,
    ended BIGINT
);
CREATE INDEX session_by_person ON session (person, ended);

CREATE TABLE matter (
    id BIGINT NOT NULL PRIMARY KEY,
    procedure TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    court TEXT NOT NULL,
    title TEXT NOT NULL,
    case_number TEXT,
    owner BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    events BIGINT NOT NULL,             -- 0: a draft, outside chain and log
    head BLOB NOT NULL,                 -- hash of the last event
    field_values TEXT NOT NULL,         -- JSON, sensitive leaves sealed
    groups TEXT NOT NULL,               -- JSON: top-level group to the revision of its last change
    wrapped_key TEXT NOT NULL,
    follow_code TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    arrived BIGINT                      -- when the court first received it
);
CREATE INDEX matter_by_case_number ON matter (case_number);
CREATE INDEX matter_by_follow_code ON matter (follow_code);
CREATE INDEX matter_drafts ON matter (events, updated);

-- Who is attached, how, and for whom.
CREATE TABLE attachment (
    matter BIGINT NOT NULL REFERENCES matter (id),
    person BIGINT NOT NULL,
    role TEXT NOT NULL,                 -- plaintiff, defendant, third-party, litigation-agent
    party BIGINT NOT NULL,              -- number of the party acted as or for; 0 for none yet
    how TEXT NOT NULL,                  -- began, code, court
    authority TEXT NOT NULL,            -- "", general, special
    since BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (matter, person, role, party)
);
CREATE INDEX attachment_by_person ON attachment (person);

CREATE TABLE party (
    matter BIGINT NOT NULL REFERENCES matter (id),
    n BIGINT NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    identity_blind BLOB,
    PRIMARY KEY (matter, n)
);
CREATE INDEX party_by_identity ON party (identity_blind);

CREATE TABLE material (
    matter BIGINT NOT NULL REFERENCES matter (id),
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sm3 BLOB NOT NULL,
    status TEXT NOT NULL,               -- checking, ready, refused, unscanned
    person BIGINT NOT NULL,
    person_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    removed BIGINT,                     -- withdrawn or replaced at
    PRIMARY KEY (matter, n)
);
CREATE INDEX material_by_sm3 ON material (sm3);

CREATE TABLE paper (
    matter BIGINT NOT NULL REFERENCES matter (id),
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    number TEXT,
    event BIGINT NOT NULL,
    inputs TEXT NOT NULL,               -- JSON: everything that was printed
    template_sm3 BLOB NOT NULL,
    at BIGINT NOT NULL,
    sm3 BLOB,                           -- of the PDF, once drawn
    size BIGINT NOT NULL,
    code TEXT NOT NULL,                 -- one-time code printed for the party served; "" for none
    PRIMARY KEY (matter, n)
);

CREATE TABLE clock (
    matter BIGINT NOT NULL REFERENCES matter (id),
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    law TEXT NOT NULL,
    unit TEXT NOT NULL,
    started BIGINT NOT NULL,
    due BIGINT NOT NULL,
    length BIGINT NOT NULL,
    tables TEXT NOT NULL,               -- version of the tables it was counted with
    working TEXT NOT NULL,              -- JSON
    stopped BIGINT,
    breached BIGINT,
    wake BIGINT,                        -- next reminder or the breach; NULL: nothing more to do
    attempts BIGINT NOT NULL,
    PRIMARY KEY (matter, n)
);
CREATE INDEX clock_by_wake ON clock (wake);

CREATE TABLE link (
    matter BIGINT NOT NULL REFERENCES matter (id),
    other BIGINT NOT NULL REFERENCES matter (id),
    rel TEXT NOT NULL,                  -- opened, opened-by, …
    PRIMARY KEY (matter, other, rel)
);

CREATE TABLE ledger (
    matter BIGINT NOT NULL REFERENCES matter (id),
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,                 -- acceptance-fee-due, …
    amount BIGINT NOT NULL,             -- fen
    working TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (matter, n)
);

-- What a person types towards an act that comes later.
CREATE TABLE typed (
    matter BIGINT NOT NULL REFERENCES matter (id),
    act TEXT NOT NULL,
    person BIGINT NOT NULL,
    field_values TEXT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (matter, act, person)
);

CREATE TABLE event (
    matter BIGINT NOT NULL REFERENCES matter (id),
    n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body TEXT NOT NULL,                 -- canonical JSON, sealed: what the hash is of
    hash BLOB NOT NULL,
    PRIMARY KEY (matter, n)
);

-- The Merkle log: leaves wait unnumbered (idx NULL) until the sequencer takes them.
CREATE TABLE leaf (
    matter BIGINT NOT NULL,
    n BIGINT NOT NULL,
    seq BIGINT NOT NULL UNIQUE,         -- order of arrival within the database
    hash BLOB NOT NULL,
    idx BIGINT UNIQUE,
    PRIMARY KEY (matter, n)
);
CREATE INDEX leaf_waiting ON leaf (seq) WHERE idx IS NULL;
CREATE TABLE log_node (level BIGINT NOT NULL, idx BIGINT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx));
CREATE TABLE log_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    root BLOB NOT NULL,
    text TEXT NOT NULL,
    key_id TEXT NOT NULL,
    signature TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE once (
    actor TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    status BIGINT NOT NULL,
    matter BIGINT,
    event BIGINT,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, route, key)
);
CREATE INDEX once_by_at ON once (at);

-- Lists read these; the act writes them. A viewer is "p:ID" or "POST@COURT" or "court@COURT".
CREATE TABLE listing (
    viewer TEXT NOT NULL,
    box TEXT NOT NULL,                  -- mine, todo, court
    sort_key BIGINT NOT NULL,
    matter BIGINT NOT NULL REFERENCES matter (id),
    procedure TEXT NOT NULL,
    state TEXT NOT NULL,
    due BIGINT,
    PRIMARY KEY (viewer, box, matter)
);
CREATE INDEX listing_in_order ON listing (viewer, box, sort_key, matter);
CREATE INDEX listing_of_matter ON listing (matter);

CREATE TABLE search (
    viewer TEXT NOT NULL,
    gram TEXT NOT NULL,                 -- two characters of a name, title or number
    matter BIGINT NOT NULL,
    PRIMARY KEY (viewer, gram, matter)
);
CREATE INDEX search_of_matter ON search (matter);

CREATE TABLE notice (
    id BIGINT NOT NULL PRIMARY KEY,
    viewer TEXT NOT NULL,
    matter BIGINT NOT NULL,
    event BIGINT NOT NULL,
    kind TEXT NOT NULL,                 -- act name, or remind
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notice_in_order ON notice (viewer, id);
CREATE INDEX notice_of_matter ON notice (matter);

-- Everything that happens after the commit. attempts is raised before each try; three deaths park it.
CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                 -- paper, message, scan
    payload TEXT NOT NULL,
    due BIGINT NOT NULL,                -- machine time
    attempts BIGINT NOT NULL,
    lease BIGINT NOT NULL,              -- taken until, machine time
    state TEXT NOT NULL,                -- waiting, parked
    last_error TEXT NOT NULL
);
CREATE INDEX job_by_due ON job (state, due);

CREATE TABLE counter (
    court TEXT NOT NULL,
    year BIGINT NOT NULL,
    type TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (court, year, type)
);

CREATE TABLE upload (
    id TEXT NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL,
    name TEXT NOT NULL,
    length BIGINT NOT NULL,
    received BIGINT NOT NULL,
    sm3 BLOB,
    updated BIGINT NOT NULL
);

-- What an operator must be able to answer for: keys revealed, people verified, tables loaded.
CREATE TABLE audit (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    person BIGINT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);

-- Definitions a matter runs on: a start compares hashes and refuses an edited one.
CREATE TABLE definition (
    procedure TEXT NOT NULL,
    version BIGINT NOT NULL,
    sm3 BLOB NOT NULL,
    PRIMARY KEY (procedure, version)
);
