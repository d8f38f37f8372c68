-- What the rules of e-government services read and give (models/egov/derived): names and words.

INSERT INTO metrics (name, unit, low, high, title, title_en) VALUES
    -- given by the rules: 0 in order, then 1 to 3 as grave as what is wrong
    ('connector_health',  '1', 0, 3, 'Tình trạng kết nối bộ, ngành',      'Health of a connector'),
    ('portal_health',     '1', 0, 3, 'Tình trạng cổng, ứng dụng',         'Health of a portal'),
    ('signing_health',    '1', 0, 3, 'Tình trạng dịch vụ ký số',          'Health of the signing service'),
    ('queue_health',      '1', 0, 3, 'Tình trạng chờ tại quầy',           'Waiting at the counters'),
    ('office_health',     '1', 0, 3, 'Bộ phận một cửa hoạt động',         'The one-stop shop at work'),
    ('documents_health',  '1', 0, 3, 'Tình trạng luân chuyển văn bản',    'Movement of documents'),
    ('handover_health',   '1', 0, 3, 'Tình trạng liên thông giữa các cấp', 'Hand-overs between levels'),
    ('overdue_wave',      '1', 0, 3, 'Hồ sơ quá hạn tăng đột biến',       'A wave of overdue dossiers'),
    -- reported by services
    ('documents_arrived',    '1', 0, 1e8, 'Văn bản chờ tiếp nhận',        'Documents waiting to be received'),
    ('documents_received',   '1', 0, 1e8, 'Văn bản đã tiếp nhận',         'Documents received'),
    ('documents_assigned',   '1', 0, 1e8, 'Văn bản đã phân công',         'Documents assigned'),
    ('documents_processing', '1', 0, 1e8, 'Văn bản đang xử lý',           'Documents in process'),
    ('documents_completed',  '/h', 0, 1e8, 'Văn bản hoàn thành mỗi giờ',  'Documents completed an hour'),
    ('oldest_document_s',    's', 0, 1e9, 'Văn bản chờ tiếp nhận lâu nhất', 'Age of the oldest document not received'),
    ('handovers_waiting',    '1', 0, 1e8, 'Hồ sơ liên thông đang chờ',    'Hand-overs waiting'),
    ('oldest_handover_s',    's', 0, 1e9, 'Hồ sơ liên thông chờ lâu nhất', 'Age of the oldest hand-over'),
    ('schema_rejects',       '/min', 0, 1e8, 'Bản tin sai cấu trúc',      'Messages rejected for their structure'),
    ('unverified_signatures', '/min', 0, 1e8, 'Chữ ký số không xác thực được', 'Signatures that cannot be verified'),
    ('records_ours',         '1', 0, 1e9, 'Số hồ sơ đối soát phía tỉnh',  'Records by our count'),
    ('records_theirs',       '1', 0, 1e9, 'Số hồ sơ đối soát phía bộ',    'Records by their count'),
    ('certificate_days',     'd', -1e4, 1e4, 'Chứng thư số còn hạn',      'Days until the certificate expires')
ON CONFLICT (name) DO NOTHING;  -- an engineer may have been first

-- What an incident is about, in words: what its rule said last, else what its metric is called;
-- and whose it is, where its asset is an e-government service.
CREATE VIEW incident_words AS
SELECT i.id AS incident_id, i.began_at, i.last_anomaly_at, i.status, i.severity, l.asset, l.metric,
       coalesce(m.title, l.metric) AS title, coalesce(m.title_en, l.metric) AS title_en,
       coalesce(d.inputs ->> 'vi', m.title, l.metric) AS words,
       coalesce(d.inputs ->> 'en', m.title_en, l.metric) AS words_en,
       u.system, u.unit, n.name AS unit_name, coalesce(unit_area(u.unit), l.area_code) AS area_code
FROM incidents i JOIN stream_list l USING (stream_id)
LEFT JOIN metrics m ON m.name = l.metric
LEFT JOIN derivations d ON d.stream_id = i.stream_id AND d.time = i.last_anomaly_at
LEFT JOIN asset_units u ON u.asset = l.asset
LEFT JOIN LATERAL (SELECT name FROM org_units WHERE code = u.unit
                   ORDER BY valid_from DESC LIMIT 1) n ON true;

-- Silence is judged inside working time.
GRANT SELECT ON calendar_days TO cityops_derivation;
GRANT SELECT ON incident_words TO cityops_api, cityops_viewer, cityops_engineer;
