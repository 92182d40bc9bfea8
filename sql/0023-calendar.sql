-- One calendar of a person: dates that matters set, last days of drafts, feeds for other programs.

-- Dates that stand in the values of a matter, by the field that says them.
CREATE TABLE appointment (
    matter BIGINT NOT NULL REFERENCES matter (id),
    path TEXT NOT NULL,                 -- adjournment-grant.until
    title TEXT NOT NULL,                -- 开庭
    at BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    cancelled BIGINT,
    PRIMARY KEY (matter, path)
);

-- The last day to hand in a draft: given by its owner, or derived from what he has entered.
CREATE TABLE draft_day (
    matter BIGINT NOT NULL PRIMARY KEY,
    owner BIGINT NOT NULL,
    given BIGINT,                       -- day since 1970
    derived BIGINT,
    title TEXT NOT NULL,                -- of the derived one: 申请再审的期限
    law TEXT NOT NULL,
    told BIGINT NOT NULL                -- fewest days before it that the owner was reminded; 99: never
);
CREATE INDEX draft_day_by_day ON draft_day (given, derived);

-- Secret links under which a calendar can be subscribed to; one for each person.
CREATE TABLE feed (
    secret BLOB NOT NULL PRIMARY KEY,   -- SM3 of the secret
    person BIGINT NOT NULL UNIQUE,
    made BIGINT NOT NULL
);
