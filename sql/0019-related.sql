-- Other matters of the same people, whatever the court: by the keyed index of their identity numbers
-- alone, answered from the index without looking at the table.
CREATE INDEX party_by_identity ON party (identity_blind, matter, role) WHERE identity_blind IS NOT NULL;
