-- Who prepares drafts for whom: an assistant types and uploads, the lawyer signs and submits.

CREATE TABLE assistant (
    lawyer BIGINT NOT NULL REFERENCES person (id),
    person BIGINT NOT NULL REFERENCES person (id),
    since BIGINT NOT NULL,
    until BIGINT,                       -- NULL: still
    PRIMARY KEY (lawyer, person)
);
CREATE INDEX assistant_by_person ON assistant (person);
