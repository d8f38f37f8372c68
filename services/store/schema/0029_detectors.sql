-- What detectors that know of weeks and of known causes ask: days off, and which numbers only fill up.

GRANT SELECT ON calendar_days TO cityops_detection;

-- A container is emptied: that it holds nothing again is no news (models/detectors/causes.py).
UPDATE metrics SET sort = 'counter' WHERE name = 'filling_level';
