from django.db import migrations

FORWARD = """
-- Whoever creates a table from here on is the owner; the others get just what they need.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO latchstring_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO latchstring_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO latchstring_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO latchstring_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO latchstring_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO latchstring_reader;

-- The Central Registry is a security domain of its own: its schema and role are there first.
CREATE SCHEMA registry;
REVOKE ALL ON SCHEMA registry FROM PUBLIC;
GRANT USAGE ON SCHEMA registry TO latchstring_registry;
ALTER DEFAULT PRIVILEGES IN SCHEMA registry GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO latchstring_registry;

CREATE TABLE kernel_clock (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    offset_by interval NOT NULL DEFAULT interval '0'
);
INSERT INTO kernel_clock DEFAULT VALUES;

-- Refuses every change to rows that are history. Used by ledger, audit, facts and events.
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted; a correction is a new row', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- True where the connection may see rows of this agency (kernel/scope.py sets it).
CREATE FUNCTION kernel_in_scope(agency text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT current_setting('latchstring.agency', true) IN ('*', agency)
$$;

CREATE TABLE kernel_event_version (subject uuid PRIMARY KEY, version integer NOT NULL);
CREATE TABLE kernel_event (
    id          uuid        NOT NULL,
    type        text        NOT NULL,
    subject     uuid        NOT NULL,
    version     integer     NOT NULL,
    agency      text        NOT NULL,
    business_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor       text        NOT NULL,
    payload     jsonb       NOT NULL,
    PRIMARY KEY (id, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE TABLE kernel_event_default PARTITION OF kernel_event DEFAULT;
CREATE INDEX kernel_event_subject ON kernel_event (subject, version);
CREATE INDEX kernel_event_type_at ON kernel_event (type, business_at);
CREATE TRIGGER kernel_event_is_history BEFORE UPDATE OR DELETE ON kernel_event
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
REVOKE UPDATE, DELETE ON kernel_event FROM latchstring_app;

-- Makes the partition of a month, if it is not there yet. The supervisor asks for the next two.
CREATE FUNCTION kernel_event_month(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    part  text := 'kernel_event_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass(part) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF kernel_event FOR VALUES FROM (%L) TO (%L)',
                       part, first, (first + interval '1 month')::date);
    END IF;
END $$;
SELECT kernel_event_month((date_trunc('month', now()) + n * interval '1 month')::date)
FROM generate_series(0, 2) n;

-- Work that falls due at a business moment: clocks, reminders, outreach windows.
CREATE TABLE kernel_timer (
    id       uuid        PRIMARY KEY,
    agency   text        NOT NULL,
    kind     text        NOT NULL,
    subject  uuid        NOT NULL,
    due_at   timestamptz NOT NULL,
    done_at  timestamptz,
    UNIQUE (kind, subject, due_at)
);
CREATE INDEX kernel_timer_due ON kernel_timer (due_at) WHERE done_at IS NULL;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
