-- Cases that were over kept the days their defendants had to answer: the act that ends a case takes them along now.
DELETE FROM answer_day WHERE matter IN (SELECT id FROM matter WHERE state IN ('withdrawn', 'dismissed'));
