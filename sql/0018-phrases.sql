-- Saved phrases: what reviewers say again and again in corrections and returns.
CREATE TABLE phrase (
    id BIGINT NOT NULL PRIMARY KEY,
    court TEXT NOT NULL,
    person BIGINT NOT NULL,             -- 0: of the whole court
    act TEXT NOT NULL,                  -- the act whose form it goes into
    item TEXT NOT NULL,                 -- what it is about, of a list of items; "" for any
    text TEXT NOT NULL,
    used BIGINT NOT NULL,
    updated BIGINT NOT NULL
);
CREATE UNIQUE INDEX phrase_once ON phrase (court, person, act, item, text);
