-- Figures read handovers in the order of submission: what they need stands in the index, so that a
-- million requests are read in a row and not one by one from all over the table.
DROP INDEX handover_by_submitted;
CREATE INDEX handover_figures ON handover (drill, submitted, court, province, collaborator,
    collaborator_province, procedure, kind, responded, response_ms, late_response, late_feedback,
    late_decision, corrections, rating, outcome);
