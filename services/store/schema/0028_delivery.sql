-- How a device delivers, live: a wrong clock, disorder, everything many times.

-- A batch in which something came that was stored already says so in the change feed: each
-- stream, the newest time, and as value how many readings it was. Only who asks how devices
-- deliver reads that.
ALTER TABLE arrivals DROP CONSTRAINT arrivals_lane_check;
ALTER TABLE arrivals ADD CONSTRAINT arrivals_lane_check
    CHECK (lane IN ('live', 'history', 'bad', 'again'));

ALTER TABLE asset_connectivity ADD COLUMN misconduct text[] NOT NULL DEFAULT '{}'
    CHECK (misconduct <@ ARRAY['clock', 'repeats', 'disorder']);
COMMENT ON COLUMN asset_connectivity.misconduct IS
    'what it does wrong now in delivering (models/conduct.py); its incident stands as long';

CREATE OR REPLACE VIEW connectivity_list AS
SELECT a.id AS asset_id, a.name AS asset, coalesce(a.title, a.name) AS title, a.kind,
       a.area_code, p.name AS area, g.name AS parent,
       coalesce(c.state, 'learning') AS state,
       coalesce(array_position(ARRAY['learning', 'online', 'late', 'silent'], c.state), 1) - 1
           AS state_level,
       coalesce(c.with_parent, false) AS with_parent,
       c.since, c.last_received_at, c.last_event_at, c.cadence_s, c.late_after_s,
       c.silent_after_s, c.skew_s, coalesce(abs(c.skew_s) > b.skew_s, false) AS clock_wrong,
       coalesce(c.misconduct, '{}') AS misconduct
FROM assets a
CROSS JOIN connectivity_bounds b
LEFT JOIN asset_connectivity c ON c.asset_id = a.id
LEFT JOIN areas p ON p.code = a.area_code
LEFT JOIN assets g ON g.id = a.parent_id;

INSERT INTO metrics (name, unit, low, high, title, title_en) VALUES
    ('delivery_fault', '1', 0, 1, 'Bản tin gửi sai', 'Messages delivered wrongly')
ON CONFLICT (name) DO NOTHING;

-- Which assets a desk watches. The streams that it has a budget for are those that detectors
-- judge; incidents of silence and of delivery are the desk's all the same.
CREATE VIEW desk_assets AS
SELECT d.name AS desk, a.id AS asset_id
FROM desks d
CROSS JOIN assets a
LEFT JOIN areas p ON p.code = a.area_code
LEFT JOIN areas q ON q.code = p.parent_code
WHERE (d.kinds IS NULL OR a.kind = ANY (d.kinds))
  AND (d.areas IS NULL OR ARRAY[a.area_code, p.parent_code, q.parent_code] && d.areas);

CREATE OR REPLACE VIEW desk_streams AS
SELECT w.desk, s.id AS stream_id FROM desk_assets w JOIN streams s USING (asset_id) WHERE s.judged;

GRANT SELECT ON desk_assets TO cityops_api, cityops_detection, cityops_engineer;
