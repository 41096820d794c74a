CREATE TABLE site (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
, upstreams TEXT NOT NULL DEFAULT '[]', health_path TEXT NOT NULL DEFAULT '', enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)), created_by TEXT NOT NULL DEFAULT '', version INTEGER NOT NULL DEFAULT 1, search TEXT NOT NULL DEFAULT '', removed_at INTEGER) STRICT;

CREATE TABLE head (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  store_id  TEXT    NOT NULL,
  revision  INTEGER NOT NULL,
  change_id TEXT    NOT NULL
, moved_at INTEGER NOT NULL DEFAULT 0) STRICT;

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
, query_carrier TEXT NOT NULL DEFAULT 'full' CHECK (query_carrier IN ('full', 'read', 'off'))) STRICT;

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
, role TEXT NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer', 'editor', 'owner')), confined INTEGER NOT NULL DEFAULT 0 CHECK (confined IN (0, 1))) STRICT;

CREATE TABLE session (
  digest     BLOB    PRIMARY KEY CHECK (length(digest) = 32),
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL
, id TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '', user_agent TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX session_of_account ON session (account_id, seen_at);

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
, search TEXT NOT NULL DEFAULT '', node TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX audit_of_site ON audit (site_id, id);

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

CREATE UNIQUE INDEX session_by_id ON session (id);

CREATE TABLE invitation (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL UNIQUE, -- of the account that it will make
  role       TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  digest     BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  expires_at INTEGER NOT NULL
, site_id INTEGER REFERENCES site (id)) STRICT;

CREATE TABLE site_policy (
  site_id        INTEGER PRIMARY KEY REFERENCES site (id),
  version        INTEGER NOT NULL,
  credentials    INTEGER NOT NULL CHECK (credentials IN (0, 1)),
  methods        TEXT    NOT NULL,
  any_header     INTEGER NOT NULL CHECK (any_header IN (0, 1)),
  headers        TEXT    NOT NULL,
  max_age        INTEGER NOT NULL, -- seconds
  expose         TEXT,             -- null is every response header
  query_carrier  TEXT    NOT NULL CHECK (query_carrier IN ('full', 'read', 'off')),
  exempt         TEXT    NOT NULL,
  token_required INTEGER NOT NULL CHECK (token_required IN (0, 1)),
  mode           TEXT    NOT NULL CHECK (mode IN ('enforce', 'observe'))
, open_envelopes INTEGER NOT NULL DEFAULT 0 CHECK (open_envelopes IN (0, 1))) STRICT;

CREATE TABLE sealed_secret (
  site_id    INTEGER NOT NULL REFERENCES site (id),
  name       TEXT    NOT NULL,
  sealed     BLOB    NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (site_id, name)
) STRICT;

CREATE TABLE api_key (
  id         TEXT    PRIMARY KEY,
  digest     BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
  name       TEXT    NOT NULL,
  search     TEXT    NOT NULL,
  role       TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used  INTEGER
, site_id INTEGER REFERENCES site (id)) STRICT;

CREATE INDEX api_key_by_age ON api_key (created_at, id);

CREATE INDEX trusted_domain_to_search ON trusted_domain (site_id, id, search);

CREATE INDEX access_token_to_search ON access_token (site_id, created_at, id, search);

CREATE INDEX audit_to_search ON audit (id, site_id, at, action, actor_name, search);

CREATE TABLE traffic (
  site_id INTEGER NOT NULL REFERENCES site (id),
  span    INTEGER NOT NULL CHECK (span IN (60, 3600)),
  start   INTEGER NOT NULL,
  name    TEXT    NOT NULL,
  hits    INTEGER NOT NULL,
  PRIMARY KEY (site_id, span, start, name)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE ignored_origin (
  site_id    INTEGER NOT NULL REFERENCES site (id),
  origin     TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  PRIMARY KEY (site_id, origin)
) STRICT, WITHOUT ROWID;

CREATE INDEX site_to_search ON site (name, removed_at, search);

CREATE TABLE site_address (
  address  TEXT    PRIMARY KEY,
  site_id  INTEGER NOT NULL REFERENCES site (id),
  position INTEGER NOT NULL
) STRICT;

CREATE INDEX site_address_of_site ON site_address (site_id, position);

CREATE TABLE site_member (
  site_id    INTEGER NOT NULL REFERENCES site (id),
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  role       TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  PRIMARY KEY (site_id, account_id)
) STRICT;

CREATE INDEX site_member_of_account ON site_member (account_id);

CREATE TRIGGER audit_node_is_not_rewritten BEFORE UPDATE OF node ON audit
BEGIN SELECT raise(ABORT, 'the audit log only grows'); END;

CREATE TABLE node (
  id          TEXT    PRIMARY KEY,
  name        TEXT    NOT NULL,
  version     TEXT    NOT NULL,
  started_at  INTEGER NOT NULL,
  seen_at     INTEGER NOT NULL,
  revision    INTEGER NOT NULL, -- that it decides by
  change_id   TEXT    NOT NULL,
  kept_at     INTEGER           -- when its snapshot on disk was last known to be current; null: it has none
) STRICT;

CREATE TABLE crossgate_schema (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  oldest  INTEGER NOT NULL
) STRICT;

