-- What a person fills in again and again: parties, agents, addresses, accounts. All of it is sealed
-- under the person's own key.

CREATE TABLE saved (
    id BIGINT NOT NULL PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,                 -- party, agent, address, account
    mark BLOB NOT NULL,                 -- keyed hash of what makes it the same one: kind, name, number
    sealed TEXT NOT NULL,
    used BIGINT NOT NULL,               -- last time it was saved or chosen
    UNIQUE (person, kind, mark)
);
CREATE INDEX saved_in_order ON saved (person, used);
