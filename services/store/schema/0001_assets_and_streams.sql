-- What reports, and what it reports.

-- A place of the province. Codes are those of the General Statistics Office. A place has
-- validity dates because the map changes: who asks, asks as of a date.
CREATE TABLE areas (
    code        text PRIMARY KEY,
    name        text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('province', 'district', 'commune')),
    parent_code text REFERENCES areas (code),
    latitude    double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude   double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    valid_from  date NOT NULL,
    valid_to    date,
    CHECK (valid_to > valid_from)
);

-- A thing with a name on the wire: a sensor station, a cabinet, an e-government service.
-- One that nobody announced registers itself by speaking and stays unclaimed (claimed_at
-- is null) until an engineer says what it is.
CREATE TABLE assets (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL CONSTRAINT one_asset_a_name UNIQUE,
    kind       text NOT NULL DEFAULT 'unknown',
    title      text,
    area_code  text CONSTRAINT asset_in_a_known_area REFERENCES areas (code),
    latitude   double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude  double precision CHECK (longitude BETWEEN -180 AND 180),
    created_at timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz,
    CONSTRAINT asset_of_a_known_kind CHECK (kind IN (
        'unknown', 'air', 'river', 'rain', 'traffic', 'light', 'energy', 'waste', 'noise',
        'parking', 'water', 'weather', 'service', 'platform')),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX assets_by_kind ON assets (kind);

-- One metric of one asset. The unit is UCUM; null means nobody has said it yet.
-- judged = false keeps a stream (connectivity, say) away from the anomaly detectors.
CREATE TABLE streams (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asset_id   bigint NOT NULL REFERENCES assets (id),
    metric     text NOT NULL,
    unit       text,
    judged     boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_stream_a_metric UNIQUE (asset_id, metric)
);
