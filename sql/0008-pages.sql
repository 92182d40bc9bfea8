-- Photographed and scanned pages that become one material.

ALTER TABLE material ADD COLUMN pages BIGINT NOT NULL DEFAULT 0;  -- that it was joined from; 0: not joined
ALTER TABLE material ADD COLUMN pages_sm3 BLOB;                   -- of the list of them; also sm3, until they are joined
ALTER TABLE material ADD COLUMN fault TEXT NOT NULL DEFAULT '';   -- why joining them was refused
CREATE INDEX material_by_pages ON material (pages_sm3) WHERE pages_sm3 IS NOT NULL;

ALTER TABLE upload ADD COLUMN held BIGINT;                        -- the job that joins it; NULL: free
CREATE INDEX upload_by_held ON upload (held) WHERE held IS NOT NULL;
