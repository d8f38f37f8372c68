"""What people read on the board of the load on e-government services."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Tải dịch vụ công",
    "E-government load",
    "Hồ sơ vào, ra, tồn, sắp đến hạn và quá hạn theo cấp và đơn vị; tỷ lệ đúng hạn, kênh nộp, quầy và "
    "thời gian chờ, dự báo. Khoảng thời gian kết thúc ở ngày mai để thấy dự báo.",
    "Dossiers in, out, waiting, due and overdue by level and unit; share on time, channels, counters and "
    "waits, forecasts. The time range ends tomorrow, to show what is foretold.",
)
NOW: Final = Words(
    "Hồ sơ còn hạn",
    "Dossiers in time",
    "Hồ sơ chưa xong của các đơn vị được chọn theo giờ làm việc: chờ tiếp nhận, đang xử lý, và sắp đến hạn "
    "(còn không quá một ngày làm việc).",
    "Open dossiers of the chosen units by working time: submitted, in process, and due within a working day.",
)
LATE: Final = Words(
    "Quá hạn và đúng hạn",
    "Overdue and on time",
    "Hồ sơ quá hạn, trong đó quá năm ngày làm việc (quá hạn lâu), và tỷ lệ đúng hạn của hồ sơ xong trong 30 "
    "ngày qua. Xanh từ 95 %, đỏ dưới 90 %.",
    "Dossiers that are overdue, those by more than five working days among them, and the share on time of those "
    "done in the last 30 days. Green from 95 %, red below 90 %.",
)
FLOW: Final = Words(
    "Hồ sơ vào và ra mỗi ngày",
    "Dossiers in and out a day",
    "Hồ sơ nộp, xử lý xong và trả kết quả mỗi ngày của các đơn vị được chọn.",
    "Dossiers that came, were done and were returned on each day, of the chosen units.",
)
BACKLOG: Final = Words(
    "Hồ sơ tồn theo thời gian",
    "Dossiers waiting over time",
    "Hồ sơ đang xử lý, sắp đến hạn và quá hạn mà phần mềm một cửa của các đơn vị được chọn báo về.",
    "Dossiers in process, due soon and overdue as the one-stop software of the chosen units reports them.",
)
BY_LEVEL: Final = Words(
    "Theo cấp",
    "By level",
    "Hồ sơ chưa xong hiện nay và tỷ lệ đúng hạn trong 30 ngày qua, cộng các đơn vị của mỗi cấp (hồ sơ của "
    "chính đơn vị, không cộng cấp dưới).",
    "Open dossiers now and share on time in the last 30 days, the units of each level added up (their own, "
    "without what is below them).",
)
BY_UNIT: Final = Words(
    "Theo đơn vị: 30 đơn vị quá hạn nhiều nhất",
    "By unit: the 30 with most overdue",
    "Hồ sơ chưa xong của chính đơn vị và tỷ lệ đúng hạn trong 30 ngày qua; tên dẫn đến chỉ số 766 của đơn "
    "vị.",
    "Open dossiers of the unit itself and its share on time in the last 30 days; the name leads to the "
    "unit's index of Decision 766.",
)
CHANNELS: Final = Words(
    "Kênh nộp hồ sơ mỗi ngày",
    "Channels a day",
    "Hồ sơ nộp trực tuyến và nộp trực tiếp hoặc qua bưu chính mỗi ngày.",
    "Dossiers sent online, and those brought to the counter or sent by post, on each day.",
)
ON_TIME: Final = Words(
    "Tỷ lệ đúng hạn theo ngày xong",
    "Share on time by day",
    "Hồ sơ xong sớm hoặc đúng hạn trên hồ sơ xong có hạn trả trong ngày, theo cấp. Nền đổi màu ở 90 và 95 %.",
    "Dossiers done early or on time of those with a deadline done that day, by level. The ground changes "
    "colour at 90 and 95 %.",
)
FORECAST: Final = Words(
    "Dự báo hồ sơ tiếp nhận mỗi giờ",
    "Forecast of dossiers an hour",
    "Số hồ sơ dự kiến mỗi giờ của đơn vị và cấp dưới, dải mà bốn trong năm giờ nằm trong, và số thực tế. Cần "
    "vài tuần số liệu. Khi "
    "chọn tất cả đơn vị: cả tỉnh.",
    "Dossiers expected in each hour by the unit and all below it, the band in which four of five hours lie, "
    "and what came. It takes some weeks of data. With all units chosen: the whole province.",
)
OVERDUE_AHEAD: Final = Words(
    "Dự báo quá hạn năm ngày làm việc tới",
    "Overdue in the next five working days",
    "Hồ sơ quá hạn dự kiến của đơn vị và cấp dưới vào cuối từng ngày làm việc tới, với dải; khi chọn tất cả "
    "đơn vị: cả tỉnh.",
    "Overdue dossiers expected of the unit and all below it as each coming working day ends, with a band; "
    "with all units chosen: the whole province.",
)
QUALITY: Final = Words(
    "Dự báo tốt đến đâu",
    "How good forecasts were",
    "Sai số trung bình (hồ sơ mỗi giờ) của dự báo và của cách lấy cùng giờ tuần trước, và tỷ lệ giờ nằm trong "
    "dải, trong khoảng thời gian đang xem.",
    "Mean error (dossiers an hour) of the forecast and of the same hour a week before, and the share of hours "
    "within the band, in the time range on show.",
)
WAITS: Final = Words(
    "Thời gian chờ (90 %): 8 nơi lâu nhất",
    "Waits (90 %): the 8 longest",
    "Chín trong mười người chờ không lâu hơn số phút này; tám bộ phận một cửa lâu nhất.",
    "Nine of ten people wait no longer than these minutes; the eight one-stop shops with the longest waits.",
)
COUNTERS: Final = Words(
    "Quầy hiện nay: 15 nơi chờ lâu nhất",
    "Counters now: the 15 longest waits",
    "Người đang chờ, thời gian chờ, quầy mở, mức sử dụng, và lượt phục vụ, bỏ lượt trong 15 phút gần nhất.",
    "People waiting, waits, counters open, utilisation, and tickets served and left in the newest quarter of "
    "an hour.",
)
HAND_OVERS: Final = Words(
    "Liên thông: hồ sơ đã chuyển mà chưa được xử lý",
    "Hand-overs nobody has taken up",
    "Hồ sơ chuyển sang đơn vị khác mà nơi nhận chưa làm gì, theo cặp đơn vị, lâu nhất ở trên.",
    "Dossiers that went to another unit, which has done nothing with them yet, by pair of units, the oldest "
    "on top.",
)
QUARANTINE: Final = Words(
    "Sự kiện hồ sơ chưa tính được",
    "Dossier events not counted",
    "Sự kiện không đọc được hoặc chờ phần còn thiếu, theo lý do và cửa vào.",
    "Events that could not be read or that wait for what is missing, by reason and door.",
)
LEVEL_LABEL: Final = Text("Cấp", "Level")
UNIT_LABEL: Final = Text("Đơn vị", "Unit")
ALL_UNITS: Final = Text("Tất cả", "All")
LEVELS: Final = {
    "province": Text("Cấp tỉnh", "Province"),
    "department": Text("Sở, ngành", "Departments"),
    "district": Text("Huyện, thành phố", "Districts"),
    "commune": Text("Xã, phường", "Communes"),
}
CAME: Final = Text("Nộp", "Came")
BAND: Final = Text("Dải dự báo", "Band")
EXPECTED: Final = Text("Dự báo", "Expected")
ACTUAL: Final = Text("Thực tế", "Actual")
LOW: Final = Text("Bờ dưới", "Low")
NO_UNITS: Final = Text("Không có hồ sơ chưa xong", "No open dossiers")
NO_FORECAST: Final = Text("Chưa có dự báo", "No forecast yet")
NO_COUNTERS: Final = Text("Không có quầy nào gửi số liệu", "No counter reports")
NO_HAND_OVERS: Final = Text("Không có hồ sơ nào chờ", "No dossier waits")
NO_QUARANTINE: Final = Text("Không có sự kiện nào", "No events")
