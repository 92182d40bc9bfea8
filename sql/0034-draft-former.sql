-- What a draft was before its form was renewed, as it stood: answers that the newer version has no
-- place for are told from it, until their owner has seen them or the draft is handed in.
CREATE TABLE draft_former (
    matter BIGINT NOT NULL REFERENCES matter (id),
    version BIGINT NOT NULL,            -- of the procedure, that the values answered
    field_values TEXT NOT NULL,         -- JSON, sensitive leaves sealed under the matter's key
    PRIMARY KEY (matter, version)
);
