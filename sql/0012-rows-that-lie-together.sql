-- What an act writes lies together: rows of a matter in one tree by (matter, …), no tree that nobody
-- reads, none for rows that are not looked up by it. WITHOUT ROWID is SQLite's alone: a table is then
-- its primary key's tree; PostgreSQL reads the same text without it.

CREATE TABLE listing_2 (
    matter BIGINT NOT NULL REFERENCES matter (id),
    viewer TEXT NOT NULL,
    box TEXT NOT NULL,                  -- mine, todo, court
    sort_key BIGINT NOT NULL,
    procedure TEXT NOT NULL,
    state TEXT NOT NULL,
    due BIGINT,
    PRIMARY KEY (matter, viewer, box)
) WITHOUT ROWID;
INSERT INTO listing_2 (matter, viewer, box, sort_key, procedure, state, due)
    SELECT matter, viewer, box, sort_key, procedure, state, due FROM listing;
DROP TABLE listing;
ALTER TABLE listing_2 RENAME TO listing;
-- All that a list filters by: it is read without looking at the table.
CREATE INDEX listing_in_order ON listing (viewer, box, sort_key, matter, procedure, state, due);

-- Pairs of characters of a title, case number or name, once for a matter at its court. Whoever
-- searches meets them through the rows of his own list.
CREATE TABLE search_2 (
    court TEXT NOT NULL,
    gram TEXT NOT NULL,
    matter BIGINT NOT NULL,
    PRIMARY KEY (court, gram, matter)
) WITHOUT ROWID;
INSERT INTO search_2 (court, gram, matter)
    SELECT substr(viewer, 7), gram, matter FROM search WHERE viewer LIKE 'court@%';
DROP TABLE search;
ALTER TABLE search_2 RENAME TO search;

CREATE TABLE leaf_2 (
    matter BIGINT NOT NULL,
    n BIGINT NOT NULL,
    seq BIGINT NOT NULL UNIQUE,         -- order of arrival within the database
    hash BLOB NOT NULL,
    idx BIGINT UNIQUE,                  -- NULL until the sequencer numbers it: those stand together
    PRIMARY KEY (matter, n)
) WITHOUT ROWID;
INSERT INTO leaf_2 (matter, n, seq, hash, idx) SELECT matter, n, seq, hash, idx FROM leaf;
DROP TABLE leaf;
ALTER TABLE leaf_2 RENAME TO leaf;
CREATE INDEX leaf_by_hash ON leaf (hash);

CREATE TABLE log_node_2 (level BIGINT NOT NULL, idx BIGINT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx))
    WITHOUT ROWID;
INSERT INTO log_node_2 (level, idx, hash) SELECT level, idx, hash FROM log_node;
DROP TABLE log_node;
ALTER TABLE log_node_2 RENAME TO log_node;

CREATE TABLE once_2 (
    actor TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    status BIGINT NOT NULL,
    matter BIGINT,
    event BIGINT,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, route, key)
) WITHOUT ROWID;
INSERT INTO once_2 (actor, route, key, request, status, matter, event, at)
    SELECT actor, route, key, request, status, matter, event, at FROM once;
DROP TABLE once;
ALTER TABLE once_2 RENAME TO once;
CREATE INDEX once_by_at ON once (at);

CREATE TABLE attachment_2 (
    matter BIGINT NOT NULL REFERENCES matter (id),
    person BIGINT NOT NULL,
    role TEXT NOT NULL,                 -- plaintiff, defendant, third-party, litigation-agent
    party BIGINT NOT NULL,              -- number of the party acted as or for; 0 for none yet
    how TEXT NOT NULL,                  -- began, code, court
    authority TEXT NOT NULL,            -- "", general, special
    since BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (matter, person, role, party)
) WITHOUT ROWID;
INSERT INTO attachment_2 (matter, person, role, party, how, authority, since, until)
    SELECT matter, person, role, party, how, authority, since, until FROM attachment;
DROP TABLE attachment;
ALTER TABLE attachment_2 RENAME TO attachment;

CREATE TABLE party_2 (
    matter BIGINT NOT NULL REFERENCES matter (id),
    n BIGINT NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    identity_blind BLOB,
    PRIMARY KEY (matter, n)
) WITHOUT ROWID;
INSERT INTO party_2 (matter, n, role, kind, name, identity_blind)
    SELECT matter, n, role, kind, name, identity_blind FROM party;
DROP TABLE party;
ALTER TABLE party_2 RENAME TO party;

CREATE TABLE clock_2 (
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
) WITHOUT ROWID;
INSERT INTO clock_2 (matter, n, name, title, law, unit, started, due, length, tables, working, stopped,
        breached, wake, attempts)
    SELECT matter, n, name, title, law, unit, started, due, length, tables, working, stopped, breached,
        wake, attempts FROM clock;
DROP TABLE clock;
ALTER TABLE clock_2 RENAME TO clock;
CREATE INDEX clock_by_wake ON clock (wake) WHERE wake IS NOT NULL;
CREATE INDEX clock_parked ON clock (attempts) WHERE wake IS NULL AND attempts > 0;

-- Deleting a draft asks who links to it.
CREATE INDEX link_by_other ON link (other);

DROP INDEX matter_by_case_number;
CREATE INDEX matter_by_case_number ON matter (case_number) WHERE case_number IS NOT NULL;
DROP INDEX matter_drafts;
CREATE INDEX matter_drafts ON matter (updated) WHERE events = 0;
DROP INDEX notice_of_matter;
