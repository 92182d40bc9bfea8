-- Clocks that were given up: what they wake for when they are taken up again, and why they failed.
ALTER TABLE clock ADD COLUMN parked BIGINT;                       -- the wake they had; NULL: not given up
ALTER TABLE clock ADD COLUMN fault TEXT NOT NULL DEFAULT '';      -- code and incident of the last failure
