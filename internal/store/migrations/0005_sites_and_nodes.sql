-- Several APIs behind one fleet, their own people, and the nodes.

-- The site that is called default is described by settings; those of others are here.
ALTER TABLE site ADD COLUMN upstreams TEXT NOT NULL DEFAULT '[]';
ALTER TABLE site ADD COLUMN health_path TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1));
ALTER TABLE site ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE site ADD COLUMN search TEXT NOT NULL DEFAULT ''; -- lower case
-- A site that was removed stays, for the audit log to name; all that it had is gone.
ALTER TABLE site ADD COLUMN removed_at INTEGER;
UPDATE site SET search = name;
CREATE INDEX site_to_search ON site (name, removed_at, search);

-- Where a site is found: an origin, and the beginning of a path. No two sites have one.
CREATE TABLE site_address (
  address  TEXT    PRIMARY KEY,
  site_id  INTEGER NOT NULL REFERENCES site (id),
  position INTEGER NOT NULL
) STRICT;

CREATE INDEX site_address_of_site ON site_address (site_id, position);

-- An account that is confined may do nothing but what it is given at sites.
ALTER TABLE account ADD COLUMN confined INTEGER NOT NULL DEFAULT 0 CHECK (confined IN (0, 1));

CREATE TABLE site_member (
  site_id    INTEGER NOT NULL REFERENCES site (id),
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  role       TEXT    NOT NULL CHECK (role IN ('viewer', 'editor', 'owner')),
  PRIMARY KEY (site_id, account_id)
) STRICT;

CREATE INDEX site_member_of_account ON site_member (account_id);

-- The account that comes of it is confined to that site; null: it is not.
ALTER TABLE invitation ADD COLUMN site_id INTEGER REFERENCES site (id);

-- A key is of use at that site alone; null: at every site.
ALTER TABLE api_key ADD COLUMN site_id INTEGER REFERENCES site (id);

-- Which node made the change; '': the command line, or nobody knows.
ALTER TABLE audit ADD COLUMN node TEXT NOT NULL DEFAULT '';

CREATE TRIGGER audit_node_is_not_rewritten BEFORE UPDATE OF node ON audit
BEGIN SELECT raise(ABORT, 'the audit log only grows'); END;

-- When the head was moved, so that a node that is behind can be told from one that is about to follow.
ALTER TABLE head ADD COLUMN moved_at INTEGER NOT NULL DEFAULT 0;

-- Who serves: each node says so now and then. It makes no revision.
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
