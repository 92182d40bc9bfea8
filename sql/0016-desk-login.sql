-- A log-in on a desk that a phone confirms: record/desk_login.h.
CREATE TABLE desk_login (
    code BLOB NOT NULL PRIMARY KEY,     -- SM3 of what the QR code says
    desk BLOB NOT NULL UNIQUE,          -- SM3 of what only the desk's browser holds
    number TEXT NOT NULL,               -- two digits, shown on the desk alone
    agent TEXT NOT NULL,
    client TEXT NOT NULL,
    made BIGINT NOT NULL,               -- machine time, as all here
    tries BIGINT NOT NULL,              -- wrong numbers
    state TEXT NOT NULL,                -- waiting, confirmed, refused, used
    decided BIGINT NOT NULL,
    person BIGINT NOT NULL,             -- who confirmed; 0: nobody yet
    post TEXT NOT NULL,                 -- and court: what his phone's session was under
    court TEXT NOT NULL
);
CREATE INDEX desk_login_by_made ON desk_login (made);
