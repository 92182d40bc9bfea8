-- Accounts: failed log-ins, one-time codes, people who ask to be attached.

-- By the keyed hash of what was typed as login, whether or not there is such an account, so that
-- the answers of the two do not differ. Rows older than a day are swept by the next failure.
CREATE TABLE login_failure (
    login BLOB NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last BIGINT NOT NULL                -- machine time
);
CREATE INDEX login_failure_by_last ON login_failure (last);

-- The newest code of each purpose; see record/code.h.
CREATE TABLE code (
    person BIGINT NOT NULL REFERENCES person (id),
    purpose TEXT NOT NULL,              -- login, sign, phone
    hash BLOB NOT NULL,                 -- keyed
    made BIGINT NOT NULL,               -- machine time
    tries BIGINT NOT NULL,
    PRIMARY KEY (person, purpose)
);

-- For which organisations a person says that he acts; a window that saw the papers confirms it.
CREATE TABLE authorisation (
    person BIGINT NOT NULL REFERENCES person (id),
    code TEXT NOT NULL,                 -- unified social credit code
    name TEXT NOT NULL,
    capacity TEXT NOT NULL,             -- legal-representative, authorised
    verified TEXT NOT NULL,             -- "", window
    verified_by BIGINT,
    since BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (person, code)
);

-- Codes printed on papers work once; a party without a recorded identity waits for the court.
CREATE INDEX paper_by_code ON paper (code) WHERE code <> '';
CREATE TABLE joining (
    matter BIGINT NOT NULL REFERENCES matter (id),
    paper BIGINT NOT NULL,
    person BIGINT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,                 -- asked for: "" as the party himself, litigation-agent
    party BIGINT NOT NULL,              -- whose number it is; 0: the court will say
    state TEXT NOT NULL,                -- joined, waiting, refused
    at BIGINT NOT NULL,
    PRIMARY KEY (matter, paper)
);
CREATE INDEX joining_by_state ON joining (matter, state);
