-- Drafts whose last day is near are found by that day: rows of drafts that were handed in stay, and
-- there are as many of them as matters.
DROP INDEX draft_day_by_day;
CREATE INDEX draft_day_by_day ON draft_day (COALESCE(given, derived), told);
