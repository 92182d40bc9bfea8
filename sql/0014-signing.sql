-- Signatures asked for from afar: who is to sign an act before it is taken, each by a link of his own.

CREATE TABLE signing (
    id BIGINT NOT NULL PRIMARY KEY,
    matter BIGINT NOT NULL REFERENCES matter (id),
    act TEXT NOT NULL,                  -- before which it is needed
    place TEXT NOT NULL,                -- of the signatory in the values: parties.0, parties.0.agents.1
    name TEXT NOT NULL,
    capacity TEXT NOT NULL,             -- 原告, 某公司的法定代表人
    person BIGINT NOT NULL,             -- who asked
    person_name TEXT NOT NULL,
    asked BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    token BLOB NOT NULL UNIQUE,         -- SM3 of the code in the link
    sealed TEXT NOT NULL,               -- under the matter's key: the code, phone and identity number
    tries BIGINT NOT NULL,              -- wrong names or numbers so far
    code BLOB,                          -- keyed hash of the code sent to the phone last
    code_made BIGINT NOT NULL,          -- machine time
    code_tries BIGINT NOT NULL,
    confirmed TEXT NOT NULL,            -- how the signatory proved who he is: "", identity, phone
    job BIGINT NOT NULL,                -- of the message with the link; 0: none was sent
    reminded BIGINT NOT NULL,           -- last message; 0: none
    reminders BIGINT NOT NULL,
    state TEXT NOT NULL,                -- waiting, signed, refused, withdrawn, filed
    done BIGINT,
    digest TEXT NOT NULL,               -- SM3 of what was signed, in hex
    said TEXT NOT NULL                  -- sealed: the signature, or the reason of a refusal
);
CREATE INDEX signing_of_matter ON signing (matter, id);
