-- Whom to call at a court: officers of cross-domain service, their changes, who did not reach them.

CREATE TABLE contact (
    court TEXT NOT NULL PRIMARY KEY,    -- code of a court or tribunal
    officer TEXT NOT NULL,
    backup TEXT NOT NULL,
    room TEXT NOT NULL,
    office_phone TEXT NOT NULL,
    phone_public BIGINT NOT NULL,       -- 1: everybody is shown office_phone
    wrapped_key TEXT NOT NULL,          -- seals the two mobiles
    mobile_sealed TEXT NOT NULL,
    backup_mobile_sealed TEXT NOT NULL,
    demo BIGINT NOT NULL,               -- 1: invented
    verified BIGINT,                    -- last said to be right; NULL: never
    verified_by BIGINT,
    revision BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    updated_by BIGINT NOT NULL
);

CREATE TABLE contact_change (
    court TEXT NOT NULL,
    revision BIGINT NOT NULL,           -- of the contact, made by this change
    field TEXT NOT NULL,
    was TEXT NOT NULL,                  -- mobiles sealed
    becomes TEXT NOT NULL,
    person BIGINT NOT NULL,             -- 0: the program's command line
    at BIGINT NOT NULL,
    PRIMARY KEY (court, revision, field)
);

-- Who could not reach a court since it was last verified.
CREATE TABLE contact_report (
    court TEXT NOT NULL,
    person BIGINT NOT NULL,
    person_court TEXT NOT NULL,
    at BIGINT NOT NULL,
    cleared BIGINT,                     -- by a verification
    PRIMARY KEY (court, person)
);
