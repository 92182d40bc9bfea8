-- Rounds of drills: what is still to be created of each. The round itself is a matter.
CREATE TABLE drill (
    matter BIGINT NOT NULL PRIMARY KEY,
    court TEXT NOT NULL,                -- that holds it
    province TEXT NOT NULL,             -- "" for the whole country
    total BIGINT NOT NULL,              -- requests it consists of
    made BIGINT NOT NULL                -- how many of them exist: the cursor of the work
);
