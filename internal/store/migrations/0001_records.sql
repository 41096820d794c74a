-- What an administrator keeps. Times are milliseconds of Unix time, lists are
-- JSON, and every table that belongs to a site says to which.

CREATE TABLE site (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

INSERT INTO site (id, name, created_at) VALUES (1, 'default', 0);

-- One row. store_id is made with the database and never changes: another one is
-- another database. change_id is random beside the revision, because a failover
-- or a restored backup can take a revision back.
CREATE TABLE head (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  store_id  TEXT    NOT NULL,
  revision  INTEGER NOT NULL,
  change_id TEXT    NOT NULL
) STRICT;

INSERT INTO head (id, store_id, revision, change_id)
VALUES (1, lower(hex(randomblob(16))), 0, lower(hex(randomblob(16))));

-- Identifiers are never used twice, so that an undone removal gets its own back.
CREATE TABLE trusted_domain (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  site_id    INTEGER NOT NULL REFERENCES site (id),
  typed      TEXT    NOT NULL,
  domain     TEXT    NOT NULL,
  label      TEXT    NOT NULL,
  search     TEXT    NOT NULL, -- lower case: what a person may look for
  enabled    INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  UNIQUE (site_id, domain)
) STRICT;

CREATE INDEX trusted_domain_of_site ON trusted_domain (site_id, id);

CREATE TABLE access_token (
  id          TEXT    PRIMARY KEY,
  site_id     INTEGER NOT NULL REFERENCES site (id),
  digest      BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
  name        TEXT    NOT NULL,
  search      TEXT    NOT NULL,
  expires_at  INTEGER,
  revoked_at  INTEGER,
  methods     TEXT    NOT NULL, -- [] is every method
  path_prefix TEXT    NOT NULL,
  domains     TEXT    NOT NULL, -- [] is every trusted origin
  servers     INTEGER NOT NULL CHECK (servers IN (0, 1)),
  created_at  INTEGER NOT NULL,
  created_by  TEXT    NOT NULL
) STRICT;

CREATE INDEX access_token_of_site ON access_token (site_id, created_at);

-- What was seen, counted by the gateway and flushed now and then. It makes no
-- revision, and outlives a removed entry, so that undoing the removal finds it.
CREATE TABLE domain_usage (
  domain_id INTEGER PRIMARY KEY,
  site_id   INTEGER NOT NULL REFERENCES site (id),
  hits      INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
) STRICT;

CREATE TABLE token_usage (
  token_id  TEXT    PRIMARY KEY,
  site_id   INTEGER NOT NULL REFERENCES site (id),
  hits      INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL UNIQUE, -- lower case
  password   TEXT    NOT NULL,        -- PHC string
  created_at INTEGER NOT NULL,
  last_login INTEGER
) STRICT;

CREATE TABLE session (
  digest     BLOB    PRIMARY KEY CHECK (length(digest) = 32),
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX session_of_account ON session (account_id, seen_at);

-- At most one row: the secret of the first-run link that was printed last.
CREATE TABLE setup_secret (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  digest     BLOB    NOT NULL CHECK (length(digest) = 32),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  site_id       INTEGER REFERENCES site (id), -- null: of no one site
  at            INTEGER NOT NULL,
  actor_kind    TEXT    NOT NULL,
  actor_name    TEXT    NOT NULL,
  actor_address TEXT    NOT NULL,
  action        TEXT    NOT NULL,
  summary       TEXT    NOT NULL,
  reason        TEXT    NOT NULL,
  before        TEXT    NOT NULL, -- JSON
  after         TEXT    NOT NULL, -- JSON
  undone_by     INTEGER REFERENCES audit (id)
) STRICT;

CREATE INDEX audit_of_site ON audit (site_id, id);

-- What changed at which revision, in which site: what a node has to read again.
CREATE TABLE change (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  revision  INTEGER NOT NULL,
  change_id TEXT    NOT NULL, -- with the revision it names one head of one history
  site_id   INTEGER NOT NULL REFERENCES site (id),
  kind      TEXT    NOT NULL,
  subject   TEXT    NOT NULL,
  audit_id  INTEGER NOT NULL REFERENCES audit (id)
) STRICT;

CREATE INDEX change_of_kind ON change (site_id, kind, audit_id);
CREATE INDEX change_at_revision ON change (revision, change_id);

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE OF
  id, site_id, at, actor_kind, actor_name, actor_address, action, summary, reason, before, after ON audit
BEGIN SELECT raise(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER change_is_not_deleted BEFORE DELETE ON change
BEGIN SELECT raise(ABORT, 'changes are only appended'); END;

CREATE TRIGGER change_is_not_rewritten BEFORE UPDATE ON change
BEGIN SELECT raise(ABORT, 'changes are only appended'); END;
