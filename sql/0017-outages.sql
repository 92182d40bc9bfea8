-- When the platform, or a part of it, did not work: witnessed by itself, or announced.

-- One row: when any program of this database last beat. A gap behind it is down time of all.
CREATE TABLE heartbeat (name TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL); -- machine time

CREATE TABLE outage (
    id BIGINT NOT NULL PRIMARY KEY,
    function TEXT NOT NULL,             -- all, filing, uploads, signing, messages, papers, log
    kind TEXT NOT NULL,                 -- gap, fault, planned
    since BIGINT NOT NULL,              -- program's time, as matters have it
    until BIGINT,                       -- NULL: lasts still
    text TEXT NOT NULL,                 -- of an announcement; "" otherwise
    person BIGINT NOT NULL,             -- who announced it; 0: witnessed
    at BIGINT NOT NULL,                 -- recorded or announced
    cancelled BIGINT                    -- an announcement taken back before it began
);
CREATE INDEX outage_by_since ON outage (since, id);
CREATE INDEX outage_open ON outage (function) WHERE until IS NULL;
CREATE INDEX clock_by_due ON clock (due) WHERE stopped IS NULL;

-- The moment of receipt: when the first of a file reached the program, beside `at`, when all of it had.
ALTER TABLE material ADD COLUMN began BIGINT;      -- NULL: not recorded
ALTER TABLE upload ADD COLUMN began BIGINT;        -- announced; the program's time, as below
ALTER TABLE upload ADD COLUMN arrived BIGINT;      -- NULL: not all of it is there
