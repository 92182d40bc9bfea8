-- Claims filed from a spreadsheet: record/batch.h. What a row says stays in the file (a blob) and
-- in the matter made of it; here is what became of it.
CREATE TABLE batch (
    id BIGINT NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL,
    kind TEXT NOT NULL,                 -- name in data/batches/
    name TEXT NOT NULL,                 -- of the file
    format TEXT NOT NULL,               -- csv, xlsx
    sm3 BLOB NOT NULL,                  -- of the file
    size BIGINT NOT NULL,
    state TEXT NOT NULL,                -- ready, running, done
    revision BIGINT NOT NULL,
    found TEXT NOT NULL,                -- JSON: what was understood
    digest TEXT NOT NULL,               -- of what would be filed: what a signature stands under
    signature TEXT NOT NULL,            -- JSON; "" before it is given
    created BIGINT NOT NULL,
    started BIGINT,
    ended BIGINT
);
CREATE INDEX batch_by_person ON batch (person, id);
CREATE INDEX batch_by_sm3 ON batch (sm3);

CREATE TABLE batch_row (
    batch BIGINT NOT NULL,
    n BIGINT NOT NULL,                  -- number in the spreadsheet
    person BIGINT NOT NULL,             -- of the batch
    row_key TEXT NOT NULL,              -- the filer's own number of the claim
    state TEXT NOT NULL,                -- ready, bad, double, filed, failed
    court TEXT NOT NULL,
    title TEXT NOT NULL,
    amount BIGINT NOT NULL,
    signed TEXT NOT NULL,               -- SM3 of its values in their canonical form, in hex
    problems TEXT NOT NULL,             -- JSON
    matter BIGINT,                      -- made of it; NULL: none yet
    twin BIGINT,                        -- of a double: the matter that was made before
    PRIMARY KEY (batch, n)
);
-- Nobody files the same claim twice, in whatever batch, however many run at once.
CREATE UNIQUE INDEX batch_row_by_key ON batch_row (person, row_key) WHERE matter IS NOT NULL;
CREATE UNIQUE INDEX batch_row_by_content ON batch_row (person, court, signed) WHERE matter IS NOT NULL;

-- What is handed in with the claims: for all of them, or for those that name the file.
CREATE TABLE batch_file (
    batch BIGINT NOT NULL,
    n BIGINT NOT NULL,
    kind TEXT NOT NULL,                 -- of material; "" for those that rows name
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sm3 BLOB NOT NULL,
    status TEXT NOT NULL,               -- as of a material
    PRIMARY KEY (batch, n)
);
CREATE INDEX batch_file_by_sm3 ON batch_file (sm3);
