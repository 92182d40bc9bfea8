-- What the daily clearing, uploads and the end of an assistant's work look up was read from end to end,
-- some of it by the writer while everybody waited.
CREATE INDEX attachment_of_assistant ON attachment (person, matter) WHERE role = 'assistant';
CREATE INDEX typed_by_updated ON typed (updated);
CREATE INDEX session_by_used ON session (used);
CREATE INDEX upload_by_person ON upload (person);
CREATE INDEX upload_by_updated ON upload (updated);
CREATE INDEX upload_by_sm3 ON upload (sm3) WHERE sm3 IS NOT NULL;
