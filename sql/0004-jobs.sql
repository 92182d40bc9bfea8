-- What works behind the commits looks up: proofs by leaf, files by hash, clocks that were given up.

CREATE INDEX leaf_by_hash ON leaf (hash);
CREATE INDEX paper_by_sm3 ON paper (sm3) WHERE sm3 IS NOT NULL;
CREATE INDEX clock_parked ON clock (attempts) WHERE wake IS NULL AND attempts > 0;
