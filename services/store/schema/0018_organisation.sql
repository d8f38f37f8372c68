-- Who handles dossiers, and who did when: the province, its departments, districts and communes.
-- Units, who stands below whom, and who took over from whom are three tables with dates, so that
-- a report for 2019 and one for today are both right: every roll-up takes an as-of date and walks
-- edges; no rule knows how many levels there are. source and mark are as in the city's tables
-- (0016). A line holds from valid_from until the day before valid_to.

-- A unit in one stretch of its life: one that is renamed keeps its code and has a second line.
-- Codes: of the General Statistics Office for areas; S01 to S19 are ours, for departments.
CREATE TABLE org_units (
    code       text NOT NULL,
    name       text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('province', 'department', 'district', 'commune')),
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (code, valid_from)
);

-- A unit stands below one other at a time.
CREATE TABLE org_edges (
    parent     text NOT NULL,
    child      text NOT NULL CHECK (child <> parent),
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to > valid_from),
    source     text NOT NULL,
    mark       text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (child, valid_from)
);
CREATE INDEX org_edges_by_parent ON org_edges (parent);

-- From that date on, `new` answers for this share of what was `old`'s.
CREATE TABLE org_successions (
    old    text NOT NULL,
    new    text NOT NULL CHECK (new <> old),
    share  double precision NOT NULL CHECK (share > 0 AND share <= 1),
    date   date NOT NULL,
    source text NOT NULL,
    mark   text NOT NULL CHECK (mark IN ('verified', 'general', 'design')),
    PRIMARY KEY (old, new, date)
);

-- What other systems call a unit: the service that speaks for it, a number in another register.
CREATE TABLE org_aliases (
    alias text PRIMARY KEY,
    unit  text NOT NULL
);
CREATE INDEX org_aliases_by_unit ON org_aliases (unit);

-- The tree of 2019. When each unit came to be is not in the lists: they hold from 2019 on.
CREATE TEMP TABLE communes_2019 (code text, name text, district text) ON COMMIT DROP;
INSERT INTO communes_2019 VALUES
    ('07201', 'Phường Thọ Xương', '213'),
    ('07204', 'Phường Trần Nguyên Hãn', '213'),
    ('07207', 'Phường Ngô Quyền', '213'),
    ('07210', 'Phường Hoàng Văn Thụ', '213'),
    ('07213', 'Phường Trần Phú', '213'),
    ('07216', 'Phường Mỹ Độ', '213'),
    ('07219', 'Phường Lê Lợi', '213'),
    ('07222', 'Xã Song Mai', '213'),
    ('07225', 'Phường Xương Giang', '213'),
    ('07228', 'Phường Đa Mai', '213'),
    ('07231', 'Phường Dĩnh Kế', '213'),
    ('07441', 'Xã Dĩnh Trì', '213'),
    ('07687', 'Xã Tân Mỹ', '213'),
    ('07696', 'Xã Đồng Sơn', '213'),
    ('07699', 'Xã Tân Tiến', '213'),
    ('07705', 'Xã Song Khê', '213'),
    ('07234', 'Thị trấn Cầu Gồ', '215'),
    ('07237', 'Thị trấn Bố Hạ', '215'),
    ('07243', 'Xã Đồng Tiến', '215'),
    ('07246', 'Xã Canh Nậu', '215'),
    ('07249', 'Xã Xuân Lương', '215'),
    ('07252', 'Xã Tam Tiến', '215'),
    ('07255', 'Xã Đồng Vương', '215'),
    ('07258', 'Xã Đồng Hưu', '215'),
    ('07260', 'Xã Đồng Tâm', '215'),
    ('07261', 'Xã Tam Hiệp', '215'),
    ('07264', 'Xã Tiến Thắng', '215'),
    ('07267', 'Xã Hồng Kỳ', '215'),
    ('07270', 'Xã Đồng Lạc', '215'),
    ('07273', 'Xã Đông Sơn', '215'),
    ('07276', 'Xã Tân Hiệp', '215'),
    ('07279', 'Xã Hương Vĩ', '215'),
    ('07282', 'Xã Đồng Kỳ', '215'),
    ('07285', 'Xã An Thượng', '215'),
    ('07288', 'Xã Phồn Xương', '215'),
    ('07291', 'Xã Tân Sỏi', '215'),
    ('07294', 'Xã Bố Hạ', '215'),
    ('07297', 'Thị trấn Cao Thượng', '216'),
    ('07300', 'Thị trấn Nhã Nam', '216'),
    ('07303', 'Xã Lan Giới', '216'),
    ('07306', 'Xã Nhã Nam', '216'),
    ('07309', 'Xã Tân Trung', '216'),
    ('07312', 'Xã Đại Hóa', '216'),
    ('07315', 'Xã Quang Tiến', '216'),
    ('07318', 'Xã Phúc Sơn', '216'),
    ('07321', 'Xã An Dương', '216'),
    ('07324', 'Xã Phúc Hòa', '216'),
    ('07327', 'Xã Liên Sơn', '216'),
    ('07330', 'Xã Hợp Đức', '216'),
    ('07333', 'Xã Lam Cốt', '216'),
    ('07336', 'Xã Cao Xá', '216'),
    ('07339', 'Xã Cao Thượng', '216'),
    ('07342', 'Xã Việt Ngọc', '216'),
    ('07345', 'Xã Song Vân', '216'),
    ('07348', 'Xã Ngọc Châu', '216'),
    ('07351', 'Xã Ngọc Vân', '216'),
    ('07354', 'Xã Việt Lập', '216'),
    ('07357', 'Xã Liên Chung', '216'),
    ('07360', 'Xã Ngọc Thiện', '216'),
    ('07363', 'Xã Ngọc Lý', '216'),
    ('07366', 'Xã Quế Nham', '216'),
    ('07369', 'Thị trấn Kép', '217'),
    ('07375', 'Thị trấn Vôi', '217'),
    ('07378', 'Xã Nghĩa Hòa', '217'),
    ('07381', 'Xã Nghĩa Hưng', '217'),
    ('07384', 'Xã Quang Thịnh', '217'),
    ('07387', 'Xã Hương Sơn', '217'),
    ('07390', 'Xã Đào Mỹ', '217'),
    ('07393', 'Xã Tiên Lục', '217'),
    ('07396', 'Xã An Hà', '217'),
    ('07399', 'Xã Tân Thịnh', '217'),
    ('07402', 'Xã Mỹ Hà', '217'),
    ('07405', 'Xã Hương Lạc', '217'),
    ('07408', 'Xã Dương Đức', '217'),
    ('07411', 'Xã Tân Thanh', '217'),
    ('07414', 'Xã Yên Mỹ', '217'),
    ('07417', 'Xã Tân Hưng', '217'),
    ('07420', 'Xã Mỹ Thái', '217'),
    ('07423', 'Xã Phi Mô', '217'),
    ('07426', 'Xã Xương Lâm', '217'),
    ('07429', 'Xã Xuân Hương', '217'),
    ('07432', 'Xã Tân Dĩnh', '217'),
    ('07435', 'Xã Đại Lâm', '217'),
    ('07438', 'Xã Thái Đào', '217'),
    ('07444', 'Thị trấn Đồi Ngô', '218'),
    ('07447', 'Thị trấn Lục Nam', '218'),
    ('07450', 'Xã Đông Hưng', '218'),
    ('07453', 'Xã Đông Phú', '218'),
    ('07456', 'Xã Tam Dị', '218'),
    ('07459', 'Xã Bảo Sơn', '218'),
    ('07462', 'Xã Bảo Đài', '218'),
    ('07465', 'Xã Thanh Lâm', '218'),
    ('07468', 'Xã Tiên Nha', '218'),
    ('07471', 'Xã Trường Giang', '218'),
    ('07474', 'Xã Tiên Hưng', '218'),
    ('07477', 'Xã Phương Sơn', '218'),
    ('07480', 'Xã Chu Điện', '218'),
    ('07483', 'Xã Cương Sơn', '218'),
    ('07486', 'Xã Nghĩa Phương', '218'),
    ('07489', 'Xã Vô Tranh', '218'),
    ('07492', 'Xã Bình Sơn', '218'),
    ('07495', 'Xã Lan Mẫu', '218'),
    ('07498', 'Xã Yên Sơn', '218'),
    ('07501', 'Xã Khám Lạng', '218'),
    ('07504', 'Xã Huyền Sơn', '218'),
    ('07507', 'Xã Trường Sơn', '218'),
    ('07510', 'Xã Lục Sơn', '218'),
    ('07513', 'Xã Bắc Lũng', '218'),
    ('07516', 'Xã Vũ Xá', '218'),
    ('07519', 'Xã Cẩm Lý', '218'),
    ('07522', 'Xã Đan Hội', '218'),
    ('07525', 'Thị trấn Chũ', '219'),
    ('07528', 'Xã Cấm Sơn', '219'),
    ('07531', 'Xã Tân Sơn', '219'),
    ('07534', 'Xã Phong Minh', '219'),
    ('07537', 'Xã Phong Vân', '219'),
    ('07540', 'Xã Xa Lý', '219'),
    ('07543', 'Xã Hộ Đáp', '219'),
    ('07546', 'Xã Sơn Hải', '219'),
    ('07549', 'Xã Thanh Hải', '219'),
    ('07552', 'Xã Kiên Lao', '219'),
    ('07555', 'Xã Biên Sơn', '219'),
    ('07558', 'Xã Kiên Thành', '219'),
    ('07561', 'Xã Hồng Giang', '219'),
    ('07564', 'Xã Kim Sơn', '219'),
    ('07567', 'Xã Tân Hoa', '219'),
    ('07570', 'Xã Giáp Sơn', '219'),
    ('07573', 'Xã Biển Động', '219'),
    ('07576', 'Xã Quý Sơn', '219'),
    ('07579', 'Xã Trù Hựu', '219'),
    ('07582', 'Xã Phì Điền', '219'),
    ('07585', 'Xã Nghĩa Hồ', '219'),
    ('07588', 'Xã Tân Quang', '219'),
    ('07591', 'Xã Đồng Cốc', '219'),
    ('07594', 'Xã Tân Lập', '219'),
    ('07597', 'Xã Phú Nhuận', '219'),
    ('07600', 'Xã Mỹ An', '219'),
    ('07603', 'Xã Nam Dương', '219'),
    ('07606', 'Xã Tân Mộc', '219'),
    ('07609', 'Xã Đèo Gia', '219'),
    ('07612', 'Xã Phượng Sơn', '219'),
    ('07615', 'Thị trấn An Châu', '220'),
    ('07616', 'Thị trấn Thanh Sơn', '220'),
    ('07618', 'Xã Thạch Sơn', '220'),
    ('07621', 'Xã Vân Sơn', '220'),
    ('07624', 'Xã Hữu Sản', '220'),
    ('07627', 'Xã Quế Sơn', '220'),
    ('07630', 'Xã Phúc Thắng', '220'),
    ('07633', 'Xã Chiên Sơn', '220'),
    ('07636', 'Xã Giáo Liêm', '220'),
    ('07639', 'Xã Vĩnh Khương', '220'),
    ('07642', 'Xã Cẩm Đàn', '220'),
    ('07645', 'Xã An Lạc', '220'),
    ('07648', 'Xã An Lập', '220'),
    ('07651', 'Xã Yên Định', '220'),
    ('07654', 'Xã Lệ Viễn', '220'),
    ('07657', 'Xã An Châu', '220'),
    ('07660', 'Xã An Bá', '220'),
    ('07663', 'Xã Tuấn Đạo', '220'),
    ('07666', 'Xã Dương Hưu', '220'),
    ('07669', 'Xã Bồng Am', '220'),
    ('07672', 'Xã Long Sơn', '220'),
    ('07675', 'Xã Tuấn Mậu', '220'),
    ('07678', 'Xã Thanh Luận', '220'),
    ('07681', 'Thị trấn Neo', '221'),
    ('07682', 'Thị trấn Tân Dân', '221'),
    ('07684', 'Xã Lão Hộ', '221'),
    ('07690', 'Xã Hương Gián', '221'),
    ('07693', 'Xã Tân An', '221'),
    ('07702', 'Xã Quỳnh Sơn', '221'),
    ('07708', 'Xã Nội Hoàng', '221'),
    ('07711', 'Xã Tiền Phong', '221'),
    ('07714', 'Xã Xuân Phú', '221'),
    ('07717', 'Xã Tân Liễu', '221'),
    ('07720', 'Xã Trí Yên', '221'),
    ('07723', 'Xã Lãng Sơn', '221'),
    ('07726', 'Xã Yên Lư', '221'),
    ('07729', 'Xã Tiến Dũng', '221'),
    ('07732', 'Xã Nham Sơn', '221'),
    ('07735', 'Xã Đức Giang', '221'),
    ('07738', 'Xã Cảnh Thụy', '221'),
    ('07741', 'Xã Tư Mại', '221'),
    ('07744', 'Xã Thắng Cương', '221'),
    ('07747', 'Xã Đồng Việt', '221'),
    ('07750', 'Xã Đồng Phúc', '221'),
    ('07753', 'Thị trấn Bích Động', '222'),
    ('07756', 'Thị trấn Nếnh', '222'),
    ('07759', 'Xã Thượng Lan', '222'),
    ('07762', 'Xã Việt Tiến', '222'),
    ('07765', 'Xã Nghĩa Trung', '222'),
    ('07768', 'Xã Minh Đức', '222'),
    ('07771', 'Xã Hương Mai', '222'),
    ('07774', 'Xã Tự Lạn', '222'),
    ('07777', 'Xã Bích Sơn', '222'),
    ('07780', 'Xã Trung Sơn', '222'),
    ('07783', 'Xã Hồng Thái', '222'),
    ('07786', 'Xã Tiên Sơn', '222'),
    ('07789', 'Xã Tăng Tiến', '222'),
    ('07792', 'Xã Quảng Minh', '222'),
    ('07795', 'Xã Hoàng Ninh', '222'),
    ('07798', 'Xã Ninh Sơn', '222'),
    ('07801', 'Xã Vân Trung', '222'),
    ('07804', 'Xã Vân Hà', '222'),
    ('07807', 'Xã Quang Châu', '222'),
    ('07810', 'Thị trấn Thắng', '223'),
    ('07813', 'Xã Đồng Tân', '223'),
    ('07816', 'Xã Thanh Vân', '223'),
    ('07819', 'Xã Hoàng Lương', '223'),
    ('07822', 'Xã Hoàng Vân', '223'),
    ('07825', 'Xã Hoàng Thanh', '223'),
    ('07828', 'Xã Hoàng An', '223'),
    ('07831', 'Xã Ngọc Sơn', '223'),
    ('07834', 'Xã Thái Sơn', '223'),
    ('07837', 'Xã Hòa Sơn', '223'),
    ('07840', 'Xã Đức Thắng', '223'),
    ('07843', 'Xã Quang Minh', '223'),
    ('07846', 'Xã Lương Phong', '223'),
    ('07849', 'Xã Hùng Sơn', '223'),
    ('07852', 'Xã Đại Thành', '223'),
    ('07855', 'Xã Thường Thắng', '223'),
    ('07858', 'Xã Hợp Thịnh', '223'),
    ('07861', 'Xã Danh Thắng', '223'),
    ('07864', 'Xã Mai Trung', '223'),
    ('07867', 'Xã Đoan Bái', '223'),
    ('07870', 'Xã Bắc Lý', '223'),
    ('07873', 'Xã Xuân Cẩm', '223'),
    ('07876', 'Xã Hương Lâm', '223'),
    ('07879', 'Xã Đông Lỗ', '223'),
    ('07882', 'Xã Châu Minh', '223'),
    ('07885', 'Xã Mai Đình', '223');
CREATE TEMP TABLE departments_2019 (code text, name text) ON COMMIT DROP;
INSERT INTO departments_2019 VALUES
    ('S01', 'Văn phòng Ủy ban nhân dân tỉnh'),
    ('S02', 'Sở Nội vụ'),
    ('S03', 'Sở Tư pháp'),
    ('S04', 'Sở Kế hoạch và Đầu tư'),
    ('S05', 'Sở Tài chính'),
    ('S06', 'Sở Công Thương'),
    ('S07', 'Sở Nông nghiệp và Phát triển nông thôn'),
    ('S08', 'Sở Giao thông vận tải'),
    ('S09', 'Sở Xây dựng'),
    ('S10', 'Sở Tài nguyên và Môi trường'),
    ('S11', 'Sở Thông tin và Truyền thông'),
    ('S12', 'Sở Lao động - Thương binh và Xã hội'),
    ('S13', 'Sở Văn hóa, Thể thao và Du lịch'),
    ('S14', 'Sở Khoa học và Công nghệ'),
    ('S15', 'Sở Giáo dục và Đào tạo'),
    ('S16', 'Sở Y tế'),
    ('S17', 'Thanh tra tỉnh'),
    ('S18', 'Ban Dân tộc'),
    ('S19', 'Ban Quản lý các khu công nghiệp');

INSERT INTO org_units (code, name, kind, valid_from, source, mark)
SELECT code, name, kind, '2019-01-01'::date, 'Danh mục hành chính, Tổng cục Thống kê', 'verified'
FROM areas WHERE kind IN ('province', 'district') AND code IN
    ('24', '213', '215', '216', '217', '218', '219', '220', '221', '222', '223')
UNION ALL
SELECT code, name, 'commune', '2019-01-01', 'Danh mục hành chính, Tổng cục Thống kê', 'verified'
FROM communes_2019
UNION ALL
SELECT code, name, 'department', '2019-01-01', 'Cơ quan chuyên môn thuộc UBND tỉnh', 'general'
FROM departments_2019;

INSERT INTO org_edges (parent, child, valid_from, source, mark)
SELECT district, code, '2019-01-01'::date, 'Danh mục hành chính, Tổng cục Thống kê', 'verified'
FROM communes_2019
UNION ALL
SELECT '24', code, '2019-01-01', source, mark FROM org_units WHERE kind IN ('district', 'department');

-- Where exactly a commune lies is not in the lists: its district's town has to do.
INSERT INTO areas (code, name, kind, parent_code, latitude, longitude, valid_from, valid_to)
SELECT c.code, c.name, 'commune', d.code, d.latitude, d.longitude, '2019-01-01', '2025-07-01'
FROM communes_2019 c JOIN areas d ON d.code = c.district
ON CONFLICT (code) DO NOTHING;  -- an engineer may have been first

-- The mergers of 2020: 209 communes. Who is gone and who has another name is what the lists of
-- 2019 and 2020 differ in. Into whom: verified where the new name says so, general where it is
-- common knowledge only.
CREATE TEMP TABLE renamed_2020 (code text, name text) ON COMMIT DROP;
INSERT INTO renamed_2020 VALUES
    ('07288', 'Thị trấn Phồn Xương'),
    ('07294', 'Thị trấn Bố Hạ'),
    ('07306', 'Thị trấn Nhã Nam'),
    ('07339', 'Thị trấn Cao Thượng'),
    ('07399', 'Thị trấn Kép'),
    ('07477', 'Thị trấn Phương Sơn'),
    ('07616', 'Thị trấn Tây Yên Tử'),
    ('07627', 'Xã Đại Sơn'),
    ('07630', 'Xã Phúc Sơn'),
    ('07648', 'Xã Vĩnh An'),
    ('07681', 'Thị trấn Nham Biền'),
    ('07682', 'Thị trấn Tân An'),
    ('07777', 'Thị trấn Bích Động'),
    ('07795', 'Thị trấn Nếnh'),
    ('07840', 'Thị trấn Thắng'),
    ('07870', 'Thị trấn Bắc Lý');
CREATE TEMP TABLE merged_2020 (old text, new text, mark text) ON COMMIT DROP;
INSERT INTO merged_2020 VALUES
    ('07234', '07288', 'general'),
    ('07237', '07294', 'verified'),
    ('07297', '07339', 'verified'),
    ('07300', '07306', 'verified'),
    ('07369', '07399', 'verified'),
    ('07423', '07375', 'general'),
    ('07447', '07444', 'general'),
    ('07474', '07444', 'general'),
    ('07585', '07525', 'general'),
    ('07618', '07630', 'general'),
    ('07633', '07627', 'general'),
    ('07639', '07648', 'general'),
    ('07657', '07615', 'verified'),
    ('07669', '07663', 'general'),
    ('07675', '07616', 'general'),
    ('07693', '07682', 'verified'),
    ('07732', '07681', 'general'),
    ('07744', '07681', 'general'),
    ('07753', '07777', 'verified'),
    ('07756', '07795', 'verified'),
    ('07810', '07840', 'verified');
UPDATE org_units SET valid_to = '2020-01-01'
WHERE code IN (SELECT code FROM renamed_2020 UNION ALL SELECT old FROM merged_2020);
UPDATE org_edges SET valid_to = '2020-01-01' WHERE child IN (SELECT old FROM merged_2020);
UPDATE areas SET valid_to = '2020-01-01' WHERE code IN (SELECT old FROM merged_2020);
INSERT INTO org_units (code, name, kind, valid_from, source, mark)
SELECT code, name, 'commune', '2020-01-01'::date, 'Danh mục hành chính 2020', 'verified'
FROM renamed_2020;
INSERT INTO org_successions (old, new, share, date, source, mark)
SELECT old, new, 1, '2020-01-01'::date, 'Danh mục hành chính 2020; Nghị quyết 813/NQ-UBTVQH14', mark FROM merged_2020;

-- The departments that were put together on 19 February 2025, as far as they are known here.
UPDATE org_units SET valid_to = '2025-02-19' WHERE code IN ('S04', 'S08', 'S10', 'S11', 'S07');
UPDATE org_edges SET valid_to = '2025-02-19' WHERE child IN ('S04', 'S08', 'S10', 'S11');
INSERT INTO org_units (code, name, kind, valid_from, source, mark) VALUES
    ('S07', 'Sở Nông nghiệp và Môi trường', 'department', '2025-02-19', 'Sắp xếp cơ quan chuyên môn 19/2/2025', 'verified');
INSERT INTO org_successions (old, new, share, date, source, mark) VALUES
    ('S04', 'S05', 1, '2025-02-19', 'Sắp xếp cơ quan chuyên môn 19/2/2025', 'verified'),
    ('S08', 'S09', 1, '2025-02-19', 'Sắp xếp cơ quan chuyên môn 19/2/2025', 'verified'),
    ('S10', 'S07', 1, '2025-02-19', 'Sắp xếp cơ quan chuyên môn 19/2/2025', 'verified'),
    ('S11', 'S14', 1, '2025-02-19', 'Sắp xếp cơ quan chuyên môn 19/2/2025', 'verified');

-- 1 July 2025: one province with Bắc Ninh, no districts, 99 communes. Which commune went into
-- which is not known here, but for Tuấn Đạo, which stayed as it was: until the new list is
-- imported (scripts/store units import), what was theirs counts for the province as a whole, and
-- these lines are marked as ours. That the new province goes on under code 24 is general.
UPDATE org_units SET valid_to = '2025-07-01'
WHERE valid_to IS NULL AND kind <> 'department' AND code <> '07663';
UPDATE org_edges SET valid_to = '2025-07-01'
WHERE valid_to IS NULL AND child IN (SELECT code FROM org_units WHERE kind IN ('district', 'commune'));
INSERT INTO org_units (code, name, kind, valid_from, source, mark) VALUES
    ('24', 'Tỉnh Bắc Ninh', 'province', '2025-07-01', 'Nghị quyết 1658/NQ-UBTVQH15; mã chưa đối chiếu', 'general');
INSERT INTO org_edges (parent, child, valid_from, source, mark) VALUES
    ('24', '07663', '2025-07-01', 'Nghị quyết 1658/NQ-UBTVQH15', 'verified');
INSERT INTO org_successions (old, new, share, date, source, mark)
SELECT code, '24', 1, '2025-07-01'::date,
       CASE kind WHEN 'district' THEN 'Nghị quyết 1658/NQ-UBTVQH15: không còn cấp huyện'
                 ELSE 'Nghị quyết 1658/NQ-UBTVQH15: xã mới chưa có danh mục' END,
       CASE kind WHEN 'district' THEN 'general' ELSE 'design' END
FROM org_units WHERE valid_to = '2025-07-01' AND kind IN ('district', 'commune');

-- The services that speak for units.
INSERT INTO org_aliases (alias, unit)
SELECT 'onestop-' || code, code FROM communes_2019
UNION ALL SELECT 'onestop-dept-' || substr(code, 2), code FROM departments_2019
UNION ALL SELECT 'onestop-province', '24'
UNION ALL SELECT 'onestop-' || slug, code FROM (VALUES
    ('bac-giang', '213'), ('yen-the', '215'), ('tan-yen', '216'), ('lang-giang', '217'),
    ('luc-nam', '218'), ('luc-ngan', '219'), ('son-dong', '220'), ('yen-dung', '221'),
    ('viet-yen', '222'), ('hiep-hoa', '223')) AS town (slug, code);

-- Both functions look as their owner does: who sees the views need not see the tables.
--
-- The tree as it stood on a day: each unit with the one above it, how deep it stands, and the
-- codes from the top down to it. What hangs on nothing that was there then is a top of its own.
CREATE FUNCTION org_tree(as_of date)
RETURNS TABLE (code text, name text, kind text, parent text, depth integer, path text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE there AS (
        SELECT u.code, u.name, u.kind, e.parent FROM org_units u
        LEFT JOIN (
            SELECT o.child, o.parent FROM org_edges o
            WHERE o.valid_from <= as_of AND (o.valid_to IS NULL OR o.valid_to > as_of)
              AND EXISTS (SELECT FROM org_units p
                          WHERE p.code = o.parent AND p.valid_from <= as_of
                            AND (p.valid_to IS NULL OR p.valid_to > as_of))) e ON e.child = u.code
        WHERE u.valid_from <= as_of AND (u.valid_to IS NULL OR u.valid_to > as_of)),
    walked AS (
        SELECT t.code, t.name, t.kind, t.parent, 0 AS depth, ARRAY[t.code] AS path
        FROM there t WHERE t.parent IS NULL
        UNION ALL
        SELECT t.code, t.name, t.kind, t.parent, w.depth + 1, w.path || t.code
        FROM walked w JOIN there t ON t.parent = w.code
        WHERE NOT t.code = ANY(w.path))
    SELECT w.code, w.name, w.kind, w.parent, w.depth, w.path FROM walked w
$$;

-- In which units' sums something of `unit` counts on a day, and with which share: in the unit
-- itself or whoever took over from it until then, and in all that stand above.
CREATE FUNCTION org_counts_in(as_of date)
RETURNS TABLE (unit text, counted_in text, share double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE tree AS MATERIALIZED (SELECT t.code, t.path FROM org_tree(as_of) t),
    heirs AS (
        SELECT DISTINCT u.code AS unit, u.code AS heir, 1::double precision AS share,
               ARRAY[u.code] AS line
        FROM org_units u
        UNION ALL
        SELECT h.unit, s.new, h.share * s.share, h.line || s.new
        FROM heirs h JOIN org_successions s ON s.old = h.heir AND s.date <= as_of
        WHERE NOT s.new = ANY(h.line)
          AND NOT EXISTS (SELECT FROM tree t WHERE t.code = h.heir))
    SELECT h.unit, above.code, sum(h.share)
    FROM heirs h JOIN tree t ON t.code = h.heir CROSS JOIN unnest(t.path) AS above (code)
    GROUP BY 1, 2
$$;

CREATE VIEW unit_list AS
SELECT t.code, t.name, t.kind, t.parent, t.depth, a.latitude, a.longitude
FROM org_tree(current_date) t LEFT JOIN areas a ON a.code = t.code;

GRANT SELECT ON org_units, org_edges, org_successions, org_aliases, unit_list
    TO cityops_ingest, cityops_api, cityops_engineer;
GRANT SELECT ON areas TO cityops_ingest;
GRANT SELECT ON unit_list TO cityops_viewer;
