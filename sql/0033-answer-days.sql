-- Until when a defendant who was served may answer: one row for each who has not, gone when he has or when all were told that the period is over.
CREATE TABLE answer_day (
    matter BIGINT NOT NULL,
    party BIGINT NOT NULL,
    due BIGINT NOT NULL,                -- day since 1970
    told BIGINT NOT NULL,               -- fewest days before it that he was reminded; 99: never
    PRIMARY KEY (matter, party)
);
CREATE INDEX answer_day_by_day ON answer_day (due, told);
