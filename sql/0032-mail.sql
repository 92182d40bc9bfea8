-- A code sent to an e-mail, and whether it has come back: record/email.h.
CREATE TABLE email_proof (
    person BIGINT NOT NULL PRIMARY KEY REFERENCES person (id),
    email TEXT NOT NULL,                -- what the code was sent to: worth nothing once person.email is another
    hash BLOB NOT NULL,                 -- keyed, of the code
    made BIGINT NOT NULL,               -- machine time
    tries BIGINT NOT NULL,
    confirmed BIGINT                    -- machine time; NULL: not yet
);
ALTER TABLE notice_choice ADD COLUMN mail BIGINT NOT NULL DEFAULT 0;  -- 1: also by mail
