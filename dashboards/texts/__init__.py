"""What people read on the boards: Vietnamese first, English beside it."""

from typing import Final, NamedTuple

from dashboards.language import Text


class Words(NamedTuple):
    """A title and what it stands for, in both languages."""

    title: str
    title_en: str
    told: str
    told_en: str

    @property
    def heading(self) -> Text:
        """The title."""
        return Text(self.title, self.title_en)

    @property
    def description(self) -> Text:
        """The text behind the panel's "i": its own language, an empty line, the other one."""
        return Text(
            f"{self.told}\n\n{self.title_en}. {self.told_en}",
            f"{self.told_en}\n\n{self.title}. {self.told}",
        )


NO_DATA: Final = Text("Chưa có số liệu", "No data yet")
NO_DAY: Final = Text("Không có ngày nào bắt đầu trong khoảng này", "No day begins in this range")
NOTHING: Final = "-"  # in a table, where nothing is known or none is needed
NO_INCIDENTS: Final = Text("Không có sự cố nào", "No incidents")
LEVEL_ITSELF: Final = Text("mực nước", "level")
TO_ASSET: Final = Text("Mở bảng của thiết bị này", "Open the board of this asset")
TO_INCIDENT: Final = Text("Xử lý sự cố này", "Handle this incident")
AS_OF_LABEL: Final = Text("Địa giới", "Boundaries")
ALL_DAYS: Final = Text("Mọi thời kỳ", "Of all times")
FROM_DAY: Final = Text("Từ", "From")
ALL_AREAS: Final = Text("Tất cả", "All")
GROUND_MAP: Final = Text("Nền bản đồ", "Base map")
NO_STATION: Final = Text("Chưa có trạm", "No station yet")
TO_INDEX: Final = Text("Mở chỉ số 766 của đơn vị này", "Open the index of this unit")
OTHER_LANGUAGE: Final = Text("English", "Tiếng Việt")
OTHER_BOARDS: Final = Text("Bảng khác", "Other boards")

BOARD: Final = Words(
    "Bức tranh thành phố",
    "City picture",
    "Thành phố và tải của dịch vụ công trên cùng một trục thời gian và một bản đồ.",
    "The city and the load on its e-government services on one timeline and one map.",
)
INCIDENTS: Final = Words(
    "Sự cố đang mở",
    "Open incidents",
    "Số sự cố chưa giải quyết xong theo mức độ, và số sự cố chưa có ai xác nhận.",
    "Unresolved incidents by severity, and how many nobody has acknowledged.",
)
SERVICES_NOW: Final = Words(
    "Dịch vụ công: hồ sơ hiện nay",
    "E-government: dossiers now",
    "Hồ sơ chưa xong, sắp đến hạn (còn không quá một ngày làm việc), quá hạn, và tỷ lệ đúng hạn của hồ sơ xong "
    "trong 30 ngày qua. Xanh từ 95 %, đỏ dưới 90 %.",
    "Dossiers in process, due within a working day, overdue, and the share on time of those done in the last 30 "
    "days. Green from 95 %, red below 90 %.",
)
PLATFORM: Final = Words(
    "Thiết bị và số đo",
    "Devices and readings",
    "Thiết bị đang gửi theo nhịp của mình và thiết bị im lặng (không tính cổng kết nối chưa khai "
    "báo); số đo được lưu mỗi phút (trung bình 5 phút); số đo bị từ chối trong khoảng thời gian "
    "đang xem.",
    "Assets that report at their own cadence and silent ones (unclaimed gateways are not counted); "
    "readings stored per minute (mean of 5 minutes); readings rejected in the time range on show.",
)
MAP: Final = Words(
    "Bản đồ thành phố",
    "City map",
    "Mỗi chấm là một thiết bị hoặc dịch vụ, màu theo sự cố nặng nhất đang mở; vài nơi "
    "nặng nhất được ghi tên, mỗi địa bàn một nơi.",
    "Each dot is an asset or a service, coloured by its worst open incident; the worst few "
    "carry their name, one in an area.",
)
NEWEST: Final = Words(
    "Sự cố mới nhất",
    "Newest incidents",
    "Sự cố chưa giải quyết xong và sự cố mở trong khoảng thời gian đang xem, mới nhất ở trên.",
    "Unresolved incidents and those opened in the time range on show, newest first.",
)
AIR: Final = Words(
    "Không khí: VN_AQI theo trạm",
    "Air: VN_AQI by station",
    "Chỉ số chất lượng không khí giờ VN_AQI của các trạm, theo sáu mức và sáu màu của Quyết định "
    "1459/QĐ-TCMT; số cạnh tên trạm là chỉ số mới nhất.",
    "Hourly VN_AQI of the stations in the six classes and colours of Decision 1459/QD-TCMT; the "
    "number beside a station is its newest index.",
)
RIVERS: Final = Words(
    "Sông: mực nước so với báo động I, II, III",
    "Rivers: level against alarms I, II, III",
    "Dưới 0: số mét còn cách báo động I. 0, 1, 2 là báo động I, II, III của từng trạm (các mức "
    "thường cách nhau 1 m; Quyết định 05/2020/QĐ-TTg), màu nền đổi ở đó. Trạm không có mức báo "
    "động: mực nước, trục bên phải.",
    "Below 0: metres left to alarm I. 0, 1, 2 are the station's own alarms I, II, III (mostly 1 m "
    "apart; Decision 05/2020/QD-TTg), where the ground changes colour. Stations without alarm "
    "levels: the level itself, right axis.",
)
TRAFFIC: Final = Words(
    "Giao thông: 5 điểm chậm nhất",
    "Traffic: the 5 slowest points",
    "Tốc độ trung bình của xe tại năm điểm đo chậm nhất.",
    "Mean vehicle speed at the five slowest points.",
)
POWER: Final = Words(
    "Điện: chiếu sáng và tiêu thụ",
    "Electricity: light and consumption",
    "Tổng công suất của các tủ chiếu sáng và của các công tơ điện.",
    "Total power of the street-light cabinets and of the electricity meters.",
)
NOISE: Final = Words(
    "Tiếng ồn: 6 điểm so với giới hạn",
    "Noise: 6 points against their limit",
    "Mức ồn LAeq của giờ gần nhất so với giới hạn của khu vực và giờ đó (QCVN 26), sáu điểm cao "
    "nhất; vàng: vượt giới hạn, đỏ: vượt trên 10 dB.",
    "LAeq of the newest hour against the limit of its area and time of day (QCVN 26), the six "
    "highest; yellow: over the limit, red: over by more than 10 dB.",
)
SERVICES: Final = Words(
    "Dịch vụ số: lượt gọi và độ trễ",
    "E-government services: requests and latency",
    "Tổng lượt gọi và lỗi mỗi phút của cổng dịch vụ, một cửa điện tử và kết nối bộ, ngành; trục "
    "phải: độ trễ của ba dịch vụ chậm nhất.",
    "Requests and errors per minute of portals, one-stop software and ministry connectors; right "
    "axis: latency of the three slowest services.",
)
DOSSIERS: Final = Words(
    "Hồ sơ: tiếp nhận, trả kết quả, quá hạn",
    "Dossiers: received, returned, overdue",
    "Hồ sơ tiếp nhận và trả kết quả mỗi giờ, và hồ sơ đang quá hạn, cộng các sở, huyện và xã.",
    "Dossiers received and returned per hour, and those overdue now, all departments, districts and communes together.",
)
QUEUES: Final = Words(
    "Một cửa: 8 hàng chờ dài nhất",
    "One-stop shops: the 8 longest queues",
    "Số người đang chờ tại tám bộ phận một cửa đông nhất; vàng từ 10, đỏ từ 25.",
    "People waiting at the eight busiest one-stop shops; yellow from 10, red from 25.",
)

AREA_LABEL: Final = Text("Khu vực", "Area")
KIND_LABEL: Final = Text("Loại", "Kind")
SERIOUS_INCIDENTS: Final = Text("Sự cố nặng", "Grave incidents")
OTHER_INCIDENTS: Final = Text("Sự cố khác", "Other incidents")

# The kinds of assets, as the store knows them.
KINDS: Final = {
    "air": Text("Không khí", "Air"),
    "river": Text("Sông", "Rivers"),
    "rain": Text("Mưa", "Rain"),
    "traffic": Text("Giao thông", "Traffic"),
    "light": Text("Chiếu sáng", "Light"),
    "energy": Text("Điện năng", "Electricity"),
    "waste": Text("Rác thải", "Waste"),
    "noise": Text("Tiếng ồn", "Noise"),
    "parking": Text("Đỗ xe", "Parking"),
    "water": Text("Nước", "Water"),
    "weather": Text("Thời tiết", "Weather"),
    "service": Text("Dịch vụ công", "Public services"),
    "platform": Text("Nền tảng", "Platform"),
    "unknown": Text("Chưa khai báo", "Unclaimed"),
}
SEVERITIES: Final = {
    "high": Text("Nặng", "High"),
    "medium": Text("Vừa", "Medium"),
    "low": Text("Nhẹ", "Low"),
}
# The classes of VN_AQI by Decision 1459/QĐ-TCMT.
AQI_CLASSES: Final = {
    1: Text("Tốt", "Good"),
    2: Text("Trung bình", "Moderate"),
    3: Text("Kém", "Poor"),
    4: Text("Xấu", "Bad"),
    5: Text("Rất xấu", "Very bad"),
    6: Text("Nguy hại", "Hazardous"),
}
STATUSES: Final = {
    "open": Text("Chưa xác nhận", "Not seen yet"),
    "acknowledged": Text("Đang xử lý", "In hand"),
    "resolved": Text("Đã giải quyết", "Resolved"),
}
STATES: Final = {
    -1: Text("Địa bàn", "District"),
    0: Text("Bình thường", "Normal"),
    1: Text("Nhẹ", "Low"),
    2: Text("Vừa", "Medium"),
    3: Text("Nặng", "High"),
}

CONNECTIVITY: Final = {
    "learning": Text("Đang học", "Learning"),
    "online": Text("Trực tuyến", "Online"),
    "late": Text("Trễ", "Late"),
    "silent": Text("Im lặng", "Silent"),
}
YES, NO = Text("Có", "Yes"), Text("Không", "No")
