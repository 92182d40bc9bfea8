-- What is done by the calendar, and the circulars on cross-domain service that it issues.

CREATE TABLE schedule (
    name TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL,               -- its next instant; moved on only when the work of it is done
    attempts BIGINT NOT NULL,           -- at that instant; raised before each
    held BIGINT NOT NULL                -- machine time until which it is left alone after too many
);

-- Which circulars there are: what a reader of many needs of each. The figures are values of the matter.
CREATE TABLE circular (
    kind TEXT NOT NULL,                 -- daily, weekly
    scope TEXT NOT NULL,                -- nation, province:京, court:京0105
    day TEXT NOT NULL,                  -- YYYY-MM-DD of its issue
    matter BIGINT NOT NULL UNIQUE,
    court TEXT NOT NULL,                -- that issues it
    province TEXT NOT NULL,             -- "" for the whole country
    since BIGINT NOT NULL,              -- what it covers: from here
    until BIGINT NOT NULL,              -- to here, not included
    issued BIGINT NOT NULL,
    entries BIGINT NOT NULL,            -- requests that its court must explain
    PRIMARY KEY (kind, scope, day)
);
CREATE INDEX circular_by_issue ON circular (issued, matter);
CREATE INDEX circular_by_court ON circular (court, issued);
CREATE INDEX circular_by_province ON circular (province, issued);
CREATE INDEX matter_complaints ON matter (arrived) WHERE procedure = 'filing-complaint';
