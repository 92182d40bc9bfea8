-- Papers that want the seal of a court, and whose seal was put on when. What was printed before has
-- another hash: it is kept, so that an old copy is recognised.
ALTER TABLE paper ADD COLUMN seal TEXT NOT NULL DEFAULT '';       -- code of the court; '' for none
ALTER TABLE paper ADD COLUMN sealed BIGINT;                       -- NULL: not yet
ALTER TABLE paper ADD COLUMN sealed_by TEXT NOT NULL DEFAULT '';  -- name of who put it on
ALTER TABLE paper ADD COLUMN plain_sm3 BLOB;                      -- of the PDF before the seal
CREATE INDEX paper_by_seal ON paper (seal, at) WHERE seal <> '' AND sealed IS NULL;
CREATE INDEX paper_by_plain_sm3 ON paper (plain_sm3) WHERE plain_sm3 IS NOT NULL;

-- Certificates of courts and people with their keys, sealed by the master key. Rows stay: what was
-- signed years ago is still looked up by its serial number.
CREATE TABLE certificate (
    serial TEXT PRIMARY KEY,            -- hex
    scheme TEXT NOT NULL,               -- sm2, p256
    holder TEXT NOT NULL,               -- court:京0105, person:12
    name TEXT NOT NULL,
    der BLOB NOT NULL,
    wrapped_key TEXT NOT NULL,
    secret TEXT NOT NULL,               -- the private key, sealed
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    revoked BIGINT,
    reason TEXT NOT NULL DEFAULT ''     -- why revoked
);
CREATE INDEX certificate_by_holder ON certificate (holder, scheme, until);
