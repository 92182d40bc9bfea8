-- What a circular calls cleared: late before it, answered or decided since. Few of all that ever were
-- late, and told by when they were settled.
CREATE INDEX handover_late_answered ON handover (responded) WHERE late_feedback IS NOT NULL;
CREATE INDEX handover_late_decided ON handover (decided) WHERE late_decision IS NOT NULL;
