-- What the gateways have seen, added up each minute: counts of exchanges, the origins of
-- a day, and those that were not trusted. It makes no revision, is approximate, and is
-- kept for eight days at most and so many rows. Several nodes add to the same rows.

-- span is the length in seconds of what begins at start (seconds of Unix time).
CREATE TABLE traffic (
  site_id INTEGER NOT NULL REFERENCES site (id),
  span    INTEGER NOT NULL CHECK (span IN (60, 3600)),
  start   INTEGER NOT NULL,
  name    TEXT    NOT NULL,
  hits    INTEGER NOT NULL,
  PRIMARY KEY (site_id, span, start, name)
) STRICT, WITHOUT ROWID;

-- day is the number of days since 1970, UTC.
CREATE TABLE origin_day (
  site_id    INTEGER NOT NULL REFERENCES site (id),
  day        INTEGER NOT NULL,
  origin     TEXT    NOT NULL,
  let_in     INTEGER NOT NULL CHECK (let_in IN (0, 1)),
  hits       INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  PRIMARY KEY (site_id, day, origin, let_in)
) STRICT, WITHOUT ROWID;

-- uncertain is how many more calls there may have been, which were forgotten.
CREATE TABLE refused_origin (
  site_id    INTEGER NOT NULL REFERENCES site (id),
  origin     TEXT    NOT NULL,
  hits       INTEGER NOT NULL,
  uncertain  INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  reason     TEXT    NOT NULL,
  paths      TEXT    NOT NULL, -- JSON: a few examples, without queries
  PRIMARY KEY (site_id, origin)
) STRICT, WITHOUT ROWID;

-- What an administrator wants to hear no more of. It is refused as before.
CREATE TABLE ignored_origin (
  site_id    INTEGER NOT NULL REFERENCES site (id),
  origin     TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  PRIMARY KEY (site_id, origin)
) STRICT, WITHOUT ROWID;
