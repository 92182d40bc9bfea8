-- One row for each request that one court hands to another: record/handover.h.
-- Written by the acts themselves; reports are queries over it. NULL: not reached.
CREATE TABLE handover (
    matter BIGINT NOT NULL PRIMARY KEY REFERENCES matter (id),
    procedure TEXT NOT NULL,
    kind TEXT NOT NULL,                     -- filing-kind; "" for services in a pending case
    collaborator TEXT NOT NULL,             -- code of the court that hands over
    court TEXT NOT NULL,                    -- code of the court that decides
    collaborator_province TEXT NOT NULL,    -- 京; "" for the Supreme Court
    province TEXT NOT NULL,
    drill BIGINT NOT NULL,                  -- id of the drill round; 0: real
    submitted BIGINT,
    relayed BIGINT,
    received BIGINT,
    opened BIGINT,
    responded BIGINT,
    decided BIGINT,
    delivered BIGINT,
    late_response BIGINT,
    late_province BIGINT,
    late_feedback BIGINT,
    late_decision BIGINT,
    late_review BIGINT,
    response_ms BIGINT,                     -- working time of the deciding court
    outcome TEXT NOT NULL,
    corrections BIGINT NOT NULL,
    rating BIGINT                           -- 1 to 5
);
CREATE INDEX handover_by_submitted ON handover (drill, submitted);
CREATE INDEX handover_by_court ON handover (court, submitted);
CREATE INDEX handover_by_collaborator ON handover (collaborator, submitted);
CREATE INDEX handover_by_province ON handover (province, submitted);
CREATE INDEX handover_late_feedback ON handover (late_feedback) WHERE late_feedback IS NOT NULL;
CREATE INDEX handover_late_decision ON handover (late_decision) WHERE late_decision IS NOT NULL;
CREATE INDEX handover_unanswered ON handover (submitted) WHERE responded IS NULL;
CREATE INDEX handover_undecided ON handover (submitted) WHERE decided IS NULL;
