"""What people read on the boards: Vietnamese first, English beside it."""

from typing import Final, NamedTuple


class Words(NamedTuple):
    """A title and what it stands for, in both languages."""

    title: str
    title_en: str
    told: str
    told_en: str

    @property
    def description(self) -> str:
        """The text behind the panel's "i": Vietnamese, an empty line, English."""
        return f"{self.told}\n\n{self.title_en}. {self.told_en}"


NO_DATA: Final = "Chưa có số liệu"
LEVEL_ITSELF: Final = "mực nước"

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
PLATFORM: Final = Words(
    "Thiết bị và số đo",
    "Devices and readings",
    "Thiết bị có gửi số đo trong 5 phút qua và thiết bị im lặng; số đo được lưu mỗi phút (trung "
    "bình 5 phút); số đo bị từ chối trong khoảng thời gian đang xem.",
    "Assets that reported within the last 5 minutes and silent ones; readings stored per minute "
    "(mean of 5 minutes); readings rejected in the time range on show.",
)
MAP: Final = Words(
    "Bản đồ thành phố",
    "City map",
    "Mỗi chấm là một thiết bị hoặc dịch vụ, màu theo sự cố nặng nhất đang mở; nơi có sự cố nặng "
    "được ghi tên.",
    "Each dot is an asset or a service, coloured by its worst open incident; those with a "
    "high one carry their name.",
)
NEWEST: Final = Words(
    "Sự cố mới nhất",
    "Newest incidents",
    "Sự cố chưa giải quyết xong và sự cố mở trong khoảng thời gian đang xem, mới nhất ở trên.",
    "Unresolved incidents and those opened in the time range on show, newest first.",
)
AIR: Final = Words(
    "Không khí: PM2.5, 5 trạm cao nhất",
    "Air",
    "Nồng độ bụi mịn PM2.5 của năm trạm cao nhất. Màu nền đổi ở các bậc VN_AQI: 25, 50, 80, "
    "150 μg/m³ (Quyết định 1459/QĐ-TCMT).",
    "PM2.5 at the five highest stations. The ground changes colour at the steps of VN_AQI: 25, 50, "
    "80, 150 μg/m³ (Decision 1459/QD-TCMT).",
)
RIVERS: Final = Words(
    "Sông: mực nước so với báo động I",
    "Rivers",
    "Mực nước cao hơn (+) hay thấp hơn (-) báo động I; màu nền đổi ở 0, +1, +2 m: báo động I, II, "
    "III (Quyết định 05/2020/QĐ-TTg). Trạm không có mức báo động: mực nước, trục bên phải.",
    "Level above (+) or below (-) alarm I; the ground changes colour at 0, +1, +2 m, alarms I, II, "
    "III (Decision 05/2020/QD-TTg). Stations without alarm levels: the level itself, right axis.",
)
TRAFFIC: Final = Words(
    "Giao thông: 5 điểm chậm nhất",
    "Traffic",
    "Tốc độ trung bình của xe tại năm điểm đo chậm nhất.",
    "Mean vehicle speed at the five slowest points.",
)
POWER: Final = Words(
    "Điện: chiếu sáng và tiêu thụ",
    "Light and energy",
    "Tổng công suất của các tủ chiếu sáng và của các công tơ điện.",
    "Total power of the street-light cabinets and of the electricity meters.",
)
NOISE: Final = Words(
    "Tiếng ồn: 6 điểm ồn nhất",
    "Noise",
    "Mức ồn tương đương LAeq mới nhất tại sáu điểm ồn nhất; vàng từ 55, đỏ từ 70 dBA (giới hạn "
    "đêm và ngày cho khu vực thông thường, QCVN 26:2010/BTNMT).",
    "Newest LAeq at the six loudest points; yellow from 55, red from 70 dBA (night and day limits "
    "of ordinary areas, QCVN 26:2010/BTNMT).",
)
SERVICES: Final = Words(
    "Dịch vụ số: lượt gọi và độ trễ",
    "E-government services",
    "Tổng lượt gọi và lỗi mỗi phút của cổng dịch vụ, một cửa điện tử và kết nối bộ, ngành; trục "
    "phải: độ trễ của ba dịch vụ chậm nhất.",
    "Requests and errors per minute of portals, one-stop software and ministry connectors; right "
    "axis: latency of the three slowest services.",
)
DOSSIERS: Final = Words(
    "Hồ sơ: tiếp nhận, trả kết quả, quá hạn",
    "Dossiers",
    "Hồ sơ tiếp nhận và trả kết quả mỗi giờ, và hồ sơ đang quá hạn, cộng mọi nơi.",
    "Dossiers received and returned per hour, and those overdue now, all places together.",
)
QUEUES: Final = Words(
    "Một cửa: 8 hàng chờ dài nhất",
    "Queues at one-stop shops",
    "Số người đang chờ tại tám bộ phận một cửa đông nhất; vàng từ 10, đỏ từ 25.",
    "People waiting at the eight busiest one-stop shops; yellow from 10, red from 25.",
)

AREA_LABEL: Final = "Khu vực"
KIND_LABEL: Final = "Loại"
SERIOUS_INCIDENTS: Final = "Sự cố nặng"
OTHER_INCIDENTS: Final = "Sự cố khác"

# The kinds of assets, as the store knows them.
KINDS: Final = {
    "air": "Không khí",
    "river": "Sông",
    "rain": "Mưa",
    "traffic": "Giao thông",
    "light": "Chiếu sáng",
    "energy": "Điện năng",
    "waste": "Rác thải",
    "noise": "Tiếng ồn",
    "parking": "Đỗ xe",
    "water": "Nước",
    "weather": "Thời tiết",
    "service": "Dịch vụ công",
    "platform": "Nền tảng",
    "unknown": "Chưa khai báo",
}
SEVERITIES: Final = {"high": "Nặng", "medium": "Vừa", "low": "Nhẹ"}
STATUSES: Final = {
    "open": "Chưa xác nhận",
    "acknowledged": "Đang xử lý",
    "resolved": "Đã giải quyết",
}
STATES: Final = {-1: "Địa bàn", 0: "Bình thường", 1: "Nhẹ", 2: "Vừa", 3: "Nặng"}

# Columns and series by the names the queries give them.
NAMES: Final = {
    "high": "Nặng",
    "medium": "Vừa",
    "low": "Nhẹ",
    "unacknowledged": "Chưa xác nhận",
    "reporting": "Đang gửi số đo",
    "silent": "Im lặng",
    "per_minute": "Số đo mỗi phút",
    "rejected": "Bị từ chối",
    "opened_at": "Mở lúc",
    "severity": "Mức",
    "title": "Nơi",
    "metric": "Chỉ số",
    "status": "Tình trạng",
    "state_level": "Trạng thái",
    "kind": "Loại",
    "area": "Địa bàn",
    "open_incidents": "Sự cố đang mở",
    "power_kw": "Chiếu sáng",
    "active_power_kw": "Tiêu thụ",
    "requests": "Lượt gọi/phút",
    "errors": "Lỗi/phút",
    "dossiers_received": "Tiếp nhận/giờ",
    "dossiers_returned": "Trả kết quả/giờ",
    "dossiers_overdue": "Đang quá hạn",
}
METRICS: Final = {
    "pm25": "PM2.5",
    "pm10": "PM10",
    "no2": "NO₂",
    "o3": "O₃",
    "so2": "SO₂",
    "temperature": "Nhiệt độ",
    "humidity": "Độ ẩm",
    "laeq": "Mức ồn LAeq",
    "lamax": "Mức ồn cực đại",
    "level_m": "Mực nước",
    "water_temperature": "Nhiệt độ nước",
    "rain_mm_h": "Cường độ mưa",
    "battery_voltage": "Điện áp pin",
    "intensity": "Lưu lượng xe",
    "speed": "Tốc độ",
    "occupancy": "Độ chiếm dụng",
    "occupied": "Chỗ đã đỗ",
    "available": "Chỗ còn trống",
    "power_kw": "Công suất",
    "active_power_kw": "Công suất",
    "current": "Dòng điện",
    "voltage": "Điện áp",
    "filling_level": "Mức đầy",
    "requests": "Lượt gọi",
    "errors": "Lỗi",
    "latency_ms": "Độ trễ",
    "dossiers_received": "Hồ sơ tiếp nhận",
    "dossiers_returned": "Hồ sơ trả kết quả",
    "dossiers_overdue": "Hồ sơ quá hạn",
    "queue_length": "Hàng chờ",
}
