-- What people do about a message that could not be read: mend it, have it read again, dismiss
-- it. What came is never overwritten; an edit stands beside it.
ALTER TABLE rejects
    ADD COLUMN status text NOT NULL DEFAULT 'open'
        CHECK (status IN ('open', 'queued', 'replayed', 'dismissed')),
    ADD COLUMN edited_topic text,
    ADD COLUMN edited_payload bytea,
    ADD COLUMN edited_by text,
    ADD COLUMN edited_at timestamptz,
    ADD COLUMN replay_requested_by text,
    ADD COLUMN replay_requested_at timestamptz,
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN settled_by text,
    ADD COLUMN replays integer NOT NULL DEFAULT 0,
    ADD COLUMN last_reason text;
COMMENT ON COLUMN rejects.status IS
    'queued: ingest will read it again; replayed: its readings are stored; dismissed: let go';
COMMENT ON COLUMN rejects.last_reason IS 'why it was refused when it was last read again';

-- Ingest takes from the front of the queue; people look at what is open.
CREATE INDEX rejects_queued ON rejects (replay_requested_at, id) WHERE status = 'queued';
CREATE INDEX rejects_open ON rejects (id) WHERE status = 'open';

-- The rejects that are asked for; null asks for nothing. topic is a regular expression, reason a
-- pattern of ILIKE, asset a level of the topic. The reason that counts is the last one.
CREATE FUNCTION wanted_rejects(
    wanted_status text, wanted_topic text, wanted_reason text, wanted_asset text,
    since timestamptz, until timestamptz, wanted_worker text)
RETURNS SETOF rejects LANGUAGE sql STABLE AS $$
    SELECT * FROM rejects
    WHERE (wanted_status IS NULL OR status = wanted_status)
      AND (wanted_topic IS NULL OR topic ~ wanted_topic)
      AND (wanted_reason IS NULL OR coalesce(last_reason, reason) ILIKE wanted_reason)
      AND (wanted_asset IS NULL OR strpos('/' || topic || '/', '/' || wanted_asset || '/') > 0)
      AND (since IS NULL OR received_at >= since)
      AND (until IS NULL OR received_at < until)
      AND (wanted_worker IS NULL OR worker = wanted_worker)
$$;

-- What rejects of one kind have in common: in a topic, levels with a digit in them and the asset
-- of city/+ and egov/+ become a plus; in a reason, what is quoted or has a digit becomes a star.
CREATE FUNCTION topic_kind(topic text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(regexp_replace(topic, '/[^/]*\d[^/]*', '/+', 'g'),
                          '^(city|egov)/[^/]+', '\1/+')
$$;
CREATE FUNCTION reason_kind(reason text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(regexp_replace(
        regexp_replace(reason, '''[^'']*''|"[^"]*"|\S*\d\S*|[[:cntrl:]]+', '*', 'g'),
        '\*(\s*\*)+', '*', 'g'), 200)
$$;

CREATE OR REPLACE VIEW reject_list AS
SELECT id, received_at AS time, topic, reason, items, payload_bytes, worker, status, replays,
       last_reason, edited_at, edited_by, replay_requested_at, replay_requested_by, settled_at,
       settled_by
FROM rejects;

GRANT UPDATE (status, edited_topic, edited_payload, edited_by, edited_at, replay_requested_by,
              replay_requested_at, settled_at, settled_by, replays, last_reason)
    ON rejects TO cityops_api, cityops_ingest;
