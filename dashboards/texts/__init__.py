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
NOTHING: Final = "-"  # in a table, where nothing is known or none is needed
LEVEL_ITSELF: Final = "mực nước"
TO_ASSET: Final = "Mở bảng của thiết bị này"
OTHER_BOARDS: Final = "Bảng khác"

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
    "Air",
    "Chỉ số chất lượng không khí giờ VN_AQI của các trạm, theo sáu mức và sáu màu của Quyết định "
    "1459/QĐ-TCMT; số cạnh tên trạm là chỉ số mới nhất.",
    "Hourly VN_AQI of the stations in the six classes and colours of Decision 1459/QD-TCMT; the "
    "number beside a station is its newest index.",
)
RIVERS: Final = Words(
    "Sông: mực nước so với báo động I, II, III",
    "Rivers",
    "Dưới 0: số mét còn cách báo động I. 0, 1, 2 là báo động I, II, III của từng trạm (các mức "
    "thường cách nhau 1 m; Quyết định 05/2020/QĐ-TTg), màu nền đổi ở đó. Trạm không có mức báo "
    "động: mực nước, trục bên phải.",
    "Below 0: metres left to alarm I. 0, 1, 2 are the station's own alarms I, II, III (mostly 1 m "
    "apart; Decision 05/2020/QD-TTg), where the ground changes colour. Stations without alarm "
    "levels: the level itself, right axis.",
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
    "Tiếng ồn: 6 điểm so với giới hạn",
    "Noise",
    "Mức ồn LAeq của giờ gần nhất so với giới hạn của khu vực và giờ đó (QCVN 26), sáu điểm cao "
    "nhất; vàng: vượt giới hạn, đỏ: vượt trên 10 dB.",
    "LAeq of the newest hour against the limit of its area and time of day (QCVN 26), the six "
    "highest; yellow: over the limit, red: over by more than 10 dB.",
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
# The classes of VN_AQI by Decision 1459/QĐ-TCMT.
AQI_CLASSES: Final = {
    1: "Tốt",
    2: "Trung bình",
    3: "Kém",
    4: "Xấu",
    5: "Rất xấu",
    6: "Nguy hại",
}
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
    "days_pm25": "PM2.5",
    "days_pm10": "PM10",
    "days_no2": "NO₂",
    "days_so2": "SO₂",
    "days_measured": "Số ngày có đo",
    "height_m": "Mực nước",
    "report": "Lời báo",
    "flood_level": "Cấp báo động",
    "rise_m_h": "Dâng (m/giờ)",
    "first_m": "BĐ I",
    "second_m": "BĐ II",
    "third_m": "BĐ III",
    "record_m": "Kỷ lục",
    "filling_level": "Mức đầy",
    "hours_until_full": "Đầy sau",
    "fire_suspected": "Nghi cháy",
    "area_class": "Khu vực",
    "period": "Thời gian",
    "limit_db": "Giới hạn",
    "source": "Căn cứ",
    "anomalies": "Bất thường",
    "good_share": "Chất lượng tốt",
    "anomaly_count": "Số bất thường",
    "state": "Kết nối",
    "last_received_at": "Nghe lần cuối",
    "cadence_s": "Nhịp gửi",
    "skew_s": "Lệch đồng hồ",
    "parent": "Qua cổng",
    "value": "Giá trị",
    "unit": "Đơn vị",
    "quality": "Chất lượng",
    "reading_at": "Lúc đo",
    "derived_by": "Quy tắc",
    "dominant": "Chất",
    "online": "Trực tuyến",
    "late": "Trễ",
    "learning": "Đang học",
    "clock_wrong": "Đồng hồ sai",
    "imbalance": "Chênh lệch",
    "open_rejects": "Từ chối còn mở",
    "database_bytes": "Dung lượng",
    "received": "Nhận",
    "stored": "Lưu",
    "duplicate": "Trùng",
    "held": "Đang giữ",
    "delay_s": "Độ trễ",
    "quiet_s": "Im lặng",
    "worker": "Tiến trình",
    "newest_at": "Gần nhất",
    "reason": "Lý do",
    "reject_status": "Xử lý",
    "messages": "Bản tin",
    "items": "Số đo",
}
CONNECTIVITY: Final = {
    "learning": "Đang học",
    "dominant": "Chất",
    "online": "Trực tuyến",
    "late": "Trễ",
    "silent": "Im lặng",
}
YES, NO = "Có", "Không"
