-- Who was asked to prepare drafts, and has not said yet whether he will: until then the one who asks
-- learns nothing of the account, not even whether there is one.

CREATE TABLE assistant_asked (
    id BIGINT NOT NULL PRIMARY KEY,
    lawyer BIGINT NOT NULL REFERENCES person (id),
    login TEXT NOT NULL,                -- as the lawyer typed it
    person BIGINT NOT NULL,             -- whose it was then; 0: nobody's
    at BIGINT NOT NULL,
    UNIQUE (lawyer, login)
);
CREATE INDEX assistant_asked_by_person ON assistant_asked (person);
