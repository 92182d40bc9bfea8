-- The law tables, as texts with versions; see record/tables.h. A row is never changed or deleted:
-- workings and papers name the set they were made with.

CREATE TABLE table_text (
    kind TEXT NOT NULL,                 -- courts, divisions, causes, element-forms, holidays, hours, fees, lpr, pinyin
    version BIGINT NOT NULL,            -- from 1, per kind
    valid_from TEXT NOT NULL,           -- YYYY-MM-DD, "" for always
    sm3 BLOB NOT NULL,
    text TEXT NOT NULL,
    loaded_by BIGINT,                   -- person; NULL: came with the program
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, version)
);

-- One version of each, in force together. Its number is what a working prints.
CREATE TABLE table_set (
    number BIGINT NOT NULL PRIMARY KEY,
    composition TEXT NOT NULL UNIQUE,   -- "courts=2 divisions=1 …"
    at BIGINT NOT NULL
);
