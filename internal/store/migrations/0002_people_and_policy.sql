-- Roles, invitations, what is known of a session, the policy of a site and its
-- sealed secrets, management keys, and indexes for long lists and logs.

-- Until now every account could do everything. A new one is given its role.
ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'viewer' CHECK (role IN ('viewer', 'editor', 'owner'));
UPDATE account SET role = 'owner';

-- The id names a session to people; its secret is known by the digest alone.
ALTER TABLE session ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
UPDATE session SET id = 'ses_' || lower(hex(randomblob(10)));
CREATE UNIQUE INDEX session_by_id ON session (id);

-- Each is gone once it was accepted or revoked.
CREATE TABLE invitation (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL UNIQUE, -- of the account that it will make
  role       TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  digest     BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- No row is the policy that nobody has changed.
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
) STRICT;

-- Secrets that have to be sent as they are, encrypted with a key that is not here.
CREATE TABLE sealed_secret (
  site_id    INTEGER NOT NULL REFERENCES site (id),
  name       TEXT    NOT NULL,
  sealed     BLOB    NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (site_id, name)
) STRICT;

ALTER TABLE access_token ADD COLUMN query_carrier TEXT NOT NULL DEFAULT 'full' CHECK (query_carrier IN ('full', 'read', 'off'));

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
) STRICT;

CREATE INDEX api_key_by_age ON api_key (created_at, id);

-- A page of a long list, and a search, read an index alone.
CREATE INDEX trusted_domain_to_search ON trusted_domain (site_id, id, search);
DROP INDEX access_token_of_site;
CREATE INDEX access_token_to_search ON access_token (site_id, created_at, id, search);

-- What is looked for in the log stands by itself: the records before and after a
-- change can be long, and a search reads the index alone.
ALTER TABLE audit ADD COLUMN search TEXT NOT NULL DEFAULT ''; -- lower case
UPDATE audit SET search = lower(summary || ' ' || reason || ' ' || actor_name || ' ' || actor_address);
CREATE INDEX audit_to_search ON audit (id, site_id, at, action, actor_name, search);
