-- What PostgreSQL does more than is needed, made anew with each migration. A server that
-- has no triggers, or no notifications, does without: its records are no less right.

CREATE OR REPLACE FUNCTION crossgate_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows', TG_TABLE_NAME;
END $$;

DROP TRIGGER IF EXISTS audit_is_not_deleted ON audit;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION crossgate_only_grows();

DROP TRIGGER IF EXISTS audit_is_not_emptied ON audit;
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION crossgate_only_grows();

DROP TRIGGER IF EXISTS audit_is_not_rewritten ON audit;
CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE OF
  id, site_id, at, actor_kind, actor_name, actor_address, action, summary, reason, before, after, node ON audit
FOR EACH ROW EXECUTE FUNCTION crossgate_only_grows();

DROP TRIGGER IF EXISTS change_is_not_deleted ON change;
CREATE TRIGGER change_is_not_deleted BEFORE DELETE ON change
FOR EACH ROW EXECUTE FUNCTION crossgate_only_grows();

DROP TRIGGER IF EXISTS change_is_not_emptied ON change;
CREATE TRIGGER change_is_not_emptied BEFORE TRUNCATE ON change
FOR EACH STATEMENT EXECUTE FUNCTION crossgate_only_grows();

DROP TRIGGER IF EXISTS change_is_not_rewritten ON change;
CREATE TRIGGER change_is_not_rewritten BEFORE UPDATE ON change
FOR EACH ROW EXECUTE FUNCTION crossgate_only_grows();

-- Nodes that listen hear of a new head at once. It is a hint: polling is the promise.
CREATE OR REPLACE FUNCTION crossgate_tell_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('crossgate_head', NEW.revision || ' ' || NEW.change_id);
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS head_is_told ON head;
CREATE TRIGGER head_is_told AFTER UPDATE ON head
FOR EACH ROW EXECUTE FUNCTION crossgate_tell_head();
