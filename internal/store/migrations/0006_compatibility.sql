-- Which schema this is, and the oldest that a program may know to work with it: versions
-- that differ can use one database at a time. A migration that takes away what an older
-- program needs writes here which one has to be known.
CREATE TABLE crossgate_schema (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  oldest  INTEGER NOT NULL
) STRICT;

INSERT INTO crossgate_schema (id, version, oldest) VALUES (1, 6, 6);
