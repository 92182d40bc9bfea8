-- What no list of the deciding court has shown yet: looked up whenever its staff list.
CREATE INDEX handover_unreceived ON handover (court, submitted) WHERE received IS NULL;
