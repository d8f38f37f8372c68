-- The province and its ten districts as of 2019 (General Statistics Office codes; town
-- centres for coordinates). Data, not rules: an import may add to it and end it.
INSERT INTO areas (code, name, kind, parent_code, latitude, longitude, valid_from, valid_to) VALUES
    ('24',  'Tỉnh Bắc Giang',      'province', NULL, 21.2933, 106.1883, '1997-01-01', '2025-07-01'),
    ('213', 'Thành phố Bắc Giang', 'district', '24', 21.2933, 106.1883, '2005-06-07', '2025-07-01'),
    ('215', 'Huyện Yên Thế',       'district', '24', 21.5247, 106.1575, '1997-01-01', '2025-07-01'),
    ('216', 'Huyện Tân Yên',       'district', '24', 21.3897, 106.0986, '1997-01-01', '2025-07-01'),
    ('217', 'Huyện Lạng Giang',    'district', '24', 21.3661, 106.2558, '1997-01-01', '2025-07-01'),
    ('218', 'Huyện Lục Nam',       'district', '24', 21.3044, 106.4900, '1997-01-01', '2025-07-01'),
    ('219', 'Huyện Lục Ngạn',      'district', '24', 21.4375, 106.6525, '1997-01-01', '2025-07-01'),
    ('220', 'Huyện Sơn Động',      'district', '24', 21.3283, 106.8525, '1997-01-01', '2025-07-01'),
    ('221', 'Huyện Yên Dũng',      'district', '24', 21.2061, 106.2367, '1997-01-01', '2025-07-01'),
    ('222', 'Huyện Việt Yên',      'district', '24', 21.2711, 106.0831, '1997-01-01', '2025-07-01'),
    ('223', 'Huyện Hiệp Hòa',      'district', '24', 21.3540, 105.9800, '1997-01-01', '2025-07-01');
