-- Who reviews what: work of a court divided among the people of a post. No part of the matters: an
-- assignment changes nothing that the parties see, and every change of it is in the audit.
CREATE TABLE assignment (
    matter BIGINT NOT NULL PRIMARY KEY REFERENCES matter (id),
    person BIGINT NOT NULL,
    at BIGINT NOT NULL,
    given_by BIGINT NOT NULL            -- 0: by the program
);

-- From an instant to an instant the work of a person goes to another.
CREATE TABLE absence (
    id BIGINT NOT NULL PRIMARY KEY,
    court TEXT NOT NULL,
    person BIGINT NOT NULL,
    substitute BIGINT NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    entered_by BIGINT NOT NULL,
    entered BIGINT NOT NULL,
    cancelled BIGINT
);
CREATE INDEX absence_by_court ON absence (court, ends);

-- How a court divides its work.
CREATE TABLE review_setting (
    court TEXT NOT NULL PRIMARY KEY,
    automatic BIGINT NOT NULL,          -- 1: what arrives goes to whoever has least to do
    updated BIGINT NOT NULL,
    updated_by BIGINT NOT NULL
);

-- Who of the court has last looked at what, and at which state of it.
CREATE TABLE looked (
    matter BIGINT NOT NULL REFERENCES matter (id),
    person BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (matter, person)
);
