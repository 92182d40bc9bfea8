-- A second factor at the log-in, and a forgotten password: record/factor.h, record/recovery.h.

CREATE TABLE factor (
    person BIGINT NOT NULL PRIMARY KEY REFERENCES person (id),
    secret TEXT NOT NULL,               -- base32, sealed under the person's key
    made BIGINT NOT NULL,               -- machine time
    confirmed BIGINT,                   -- a first code was right; NULL: shown, not in force
    step BIGINT NOT NULL                -- of the newest code taken: neither it nor an older one is taken again
);

-- For a lost phone: each works once.
CREATE TABLE factor_code (
    person BIGINT NOT NULL REFERENCES person (id),
    hash BLOB NOT NULL,                 -- keyed
    used BIGINT,
    PRIMARY KEY (person, hash)
);

-- One row for each browser that asks, also for logins that nobody has: answers and time are the same.
CREATE TABLE recovery (
    ticket BLOB NOT NULL PRIMARY KEY,   -- SM3 of what the browser holds
    person BIGINT NOT NULL,             -- 0: nobody
    hash BLOB NOT NULL,                 -- keyed, of the code sent to the phone
    made BIGINT NOT NULL,               -- machine time
    tries BIGINT NOT NULL
);
CREATE INDEX recovery_by_made ON recovery (made);

-- A new phone, until the code sent to it has come back.
CREATE TABLE phone_change (
    person BIGINT NOT NULL PRIMARY KEY REFERENCES person (id),
    phone_sealed TEXT NOT NULL,
    hash BLOB NOT NULL,
    made BIGINT NOT NULL,
    tries BIGINT NOT NULL
);
