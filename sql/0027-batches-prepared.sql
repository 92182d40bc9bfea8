-- An assistant may prepare a batch: it is his lawyer's, and only he signs it.
ALTER TABLE batch ADD COLUMN prepared_by BIGINT;    -- NULL: its person himself
CREATE INDEX batch_by_preparer ON batch (prepared_by, id) WHERE prepared_by IS NOT NULL;
