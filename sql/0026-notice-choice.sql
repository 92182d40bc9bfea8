-- Which news of their matters people also want on the phone: record/choice.h. No row: in the page alone.
CREATE TABLE notice_choice (
    viewer TEXT NOT NULL,               -- p:ID
    kind TEXT NOT NULL,                 -- remind, progress
    sms BIGINT NOT NULL,                -- 1: also as a short message
    PRIMARY KEY (viewer, kind)
);
