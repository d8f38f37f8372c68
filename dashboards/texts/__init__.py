"""What people read on the boards: Vietnamese first, English beside it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from dashboards.language import Text, Told


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

# Columns and series by the names the queries give them.
NAMES: Final[Mapping[str, Told]] = {
    "high": Text("Nặng", "High"),
    "medium": Text("Vừa", "Medium"),
    "low": Text("Nhẹ", "Low"),
    "unacknowledged": Text("Chưa xác nhận", "Unacknowledged"),
    "reporting": Text("Đang gửi", "Reporting"),
    "silent": Text("Im lặng", "Silent"),
    "per_minute": Text("Số đo/phút", "Readings/min"),
    "rejected": Text("Bị từ chối", "Rejected"),
    "opened_at": Text("Mở lúc", "Opened"),
    "severity": Text("Mức", "Severity"),
    "title": Text("Nơi", "Place"),
    "metric": Text("Chỉ số", "Metric"),
    "status": Text("Tình trạng", "Status"),
    "state_level": Text("Trạng thái", "State"),
    "kind": Text("Loại", "Kind"),
    "area": Text("Địa bàn", "Area"),
    "open_incidents": Text("Sự cố đang mở", "Open incidents"),
    "power_kw": Text("Chiếu sáng", "Light"),
    "active_power_kw": Text("Tiêu thụ", "Consumption"),
    "requests": Text("Lượt gọi/phút", "Requests/min"),
    "errors": Text("Lỗi/phút", "Errors/min"),
    "dossiers_received": Text("Tiếp nhận/giờ", "Received/h"),
    "dossiers_returned": Text("Trả kết quả/giờ", "Returned/h"),
    "dossiers_overdue": Text("Đang quá hạn", "Overdue now"),
    "days_pm25": "PM2.5",
    "days_pm10": "PM10",
    "days_no2": "NO₂",
    "days_so2": "SO₂",
    "days_measured": Text("Số ngày có đo", "Days measured"),
    "height_m": Text("Mực nước", "Level"),
    "report": Text("Lời báo", "Report"),
    "flood_level": Text("Cấp báo động", "Flood alarm"),
    "rise_m_h": Text("Dâng (m/giờ)", "Rise (m/h)"),
    "first_m": Text("BĐ I", "Alarm I"),
    "second_m": Text("BĐ II", "Alarm II"),
    "third_m": Text("BĐ III", "Alarm III"),
    "record_m": Text("Kỷ lục", "Record"),
    "filling_level": Text("Mức đầy", "Filling"),
    "hours_until_full": Text("Đầy sau", "Full in"),
    "fire_suspected": Text("Nghi cháy", "Fire suspected"),
    "area_class": Text("Khu vực", "Class of area"),
    "period": Text("Thời gian", "Time of day"),
    "limit_db": Text("Giới hạn", "Limit"),
    "source": Text("Căn cứ", "Source"),
    "anomalies": Text("Bất thường", "Anomalies"),
    "good_share": Text("Chất lượng tốt", "Good quality"),
    "anomaly_count": Text("Số bất thường", "Anomalies"),
    "state": Text("Kết nối", "Connectivity"),
    "last_received_at": Text("Nghe lần cuối", "Last heard"),
    "cadence_s": Text("Nhịp gửi", "Cadence"),
    "skew_s": Text("Lệch đồng hồ", "Clock off by"),
    "parent": Text("Qua cổng", "Through gateway"),
    "value": Text("Giá trị", "Value"),
    "unit": Text("Đơn vị", "Unit"),
    "quality": Text("Chất lượng", "Quality"),
    "reading_at": Text("Lúc đo", "Measured at"),
    "derived_by": Text("Quy tắc", "Rule"),
    "dominant": Text("Chất", "Pollutant"),
    "online": Text("Trực tuyến", "Online"),
    "late": Text("Trễ", "Late"),
    "learning": Text("Đang học", "Learning"),
    "clock_wrong": Text("Đồng hồ sai", "Clock wrong"),
    "imbalance": Text("Chênh lệch", "Imbalance"),
    "open_rejects": Text("Từ chối còn mở", "Open rejects"),
    "database_bytes": Text("Dung lượng", "Size"),
    "received": Text("Nhận", "Received"),
    "stored": Text("Lưu", "Stored"),
    "duplicate": Text("Trùng", "Duplicate"),
    "held": Text("Đang giữ", "Held"),
    "delay_s": Text("Độ trễ", "Delay"),
    "quiet_s": Text("Im lặng", "Silent"),
    "worker": Text("Tiến trình", "Worker"),
    "newest_at": Text("Gần nhất", "Newest"),
    "reason": Text("Lý do", "Reason"),
    "reject_status": Text("Xử lý", "Handling"),
    "messages": Text("Bản tin", "Messages"),
    "name": Text("Đơn vị", "Unit"),
    "level": Text("Cấp", "Level"),
    "submitted": Text("Chờ tiếp nhận", "Submitted"),
    "running": Text("Đang xử lý", "In process"),
    "due_soon": Text("Sắp đến hạn", "Due soon"),
    "overdue": Text("Quá hạn", "Overdue"),
    "overdue_long": Text("Quá hạn lâu", "Long overdue"),
    "on_time_share": Text("Đúng hạn", "On time"),
    "ended": Text("Đã xong", "Done"),
    "returned": Text("Đã trả", "Returned"),
    "in_process": Text("Đang xử lý", "In process"),
    "online_dossiers": Text("Trực tuyến", "Online"),
    "other_dossiers": Text("Trực tiếp, bưu chính", "Counter, post"),
    "queue_length": Text("Đang chờ", "Waiting"),
    "wait_p50_min": Text("Chờ (50 %)", "Wait (50 %)"),
    "wait_p90_min": Text("Chờ (90 %)", "Wait (90 %)"),
    "counters_open": Text("Quầy mở", "Counters open"),
    "utilisation": Text("Mức sử dụng", "Utilisation"),
    "tickets_served": Text("Đã phục vụ", "Served"),
    "tickets_abandoned": Text("Bỏ lượt", "Left"),
    "foretold_at": Text("Lúc", "At"),
    "expected": Text("Dự báo", "Expected"),
    "low_end": Text("Bờ dưới", "Low"),
    "high_end": Text("Bờ trên", "High"),
    "giver": Text("Từ đơn vị", "From"),
    "taker": Text("Đến đơn vị", "To"),
    "dossiers": Text("Hồ sơ", "Dossiers"),
    "oldest_at": Text("Lâu nhất từ", "Oldest since"),
    "times": Text("Số lần", "Times"),
    "door": Text("Cửa vào", "Door"),
    "load_error": Text("Sai số", "Error"),
    "naive_error": Text("Sai số tuần trước", "Error of last week's"),
    "inside": Text("Trong dải", "Within the band"),
    "score": Text("Điểm", "Points"),
    "assessed": Text("Đánh giá được", "Assessed"),
    "lost": Text("Mất", "Lost"),
    "most": Text("Tối đa", "Most"),
    "numerator": Text("Tử số", "Numerator"),
    "denominator": Text("Mẫu số", "Denominator"),
    "index_group": Text("Nhóm", "Group"),
    "submetric": Text("Tiêu chí", "Sub-metric"),
    "formula": Text("Cách tính", "Formula"),
    "grade": Text("Xếp loại", "Grade"),
    "procedure": Text("Thủ tục", "Procedure"),
    "still_open": Text("Còn mở", "Still open"),
    "late_days": Text("Trễ", "Late by"),
    "of_assessed": Text("Phần đạt", "Of these"),
    "dossier": Text("Mã hồ sơ", "Dossier"),
    "due_at": Text("Hẹn trả", "Due"),
    "dossier_state": Text("Tình trạng", "State"),
    "success_share": Text("Thành công", "Success"),
    "latency_ms": Text("Độ trễ", "Latency"),
    "backlog": Text("Tồn đọng", "Backlog"),
    "oldest_unsent_s": Text("Chờ lâu nhất", "Oldest unsent"),
    "schema_rejects": Text("Sai cấu trúc", "Bad structure"),
    "unverified_signatures": Text("Ký số lỗi", "Unverified"),
    "record_difference": Text("Lệch đối soát", "Difference"),
    "certificate_days": Text("Chứng thư còn", "Certificate"),
    "health": Text("Tình trạng", "Health"),
    "documents_arrived": Text("Chờ tiếp nhận", "Waiting"),
    "documents_received": Text("Đã tiếp nhận", "Received"),
    "documents_assigned": Text("Đã phân công", "Assigned"),
    "documents_processing": Text("Đang xử lý", "In process"),
    "documents_completed": Text("Hoàn thành/giờ", "Completed/h"),
    "oldest_document_s": Text("Chờ lâu nhất", "Oldest waiting"),
    "availability": Text("Sẵn sàng", "Availability"),
    "error_share": Text("Tỷ lệ lỗi", "Errors"),
    "signatures": Text("Lượt ký/phút", "Signatures/min"),
    "signature_failures": Text("Lỗi ký/phút", "Failures/min"),
    "failure_share": Text("Tỷ lệ lỗi ký", "Share failed"),
    "what": Text("Chuyện gì", "What"),
    "readiness": Text("Sẵn sàng", "Readiness"),
    "coverage": Text("Đã đánh giá", "Assessed"),
    "input": Text("Yếu tố", "Input"),
    "weight": Text("Trọng số", "Weight"),
    "input_value": Text("Giá trị", "Value"),
    "points": Text("Điểm", "Points"),
    "heard": Text("Nghe được", "Heard"),
    "of_all": Text("Tổng số", "Of"),
    "share": Text("Tỷ lệ", "Share"),
    "service": Text("Hệ thống", "System"),
    "silent_units": Text("Im lặng", "Silent"),
    "since_at": Text("Từ lúc", "Since"),
    "items": Text("Số đo", "Readings"),
    "uncertain": Text("Không chắc", "Uncertain"),
    "bad": Text("Xấu hoặc cũ", "Bad or stale"),
    "late_share": Text("Đến trễ", "Late"),
    "reader": Text("Tiến trình", "Process"),
    "waiting_s": Text("Chậm", "Behind"),
    "read_until_at": Text("Đã đọc đến", "Read until"),
    "hypertable": Text("Bảng", "Table"),
    "chunks": Text("Mảnh", "Chunks"),
    "compressed": Text("Đã nén", "Compressed"),
    "bytes": Text("Dung lượng", "Size"),
    "times_smaller": Text("Nhỏ đi (lần)", "Times smaller"),
    "kept_share": Text("Ca đạt", "Shifts kept"),
    "shifts": Text("Số ca", "Shifts"),
    "real_alarms": Text("Cho là thật", "Called real"),
    "false_alarms": Text("Cho là sai", "Called false"),
    "unjudged": Text("Chưa ai nói", "Nobody said"),
    "desk": Text("Bàn trực", "Desk"),
    "began_at": Text("Bắt đầu", "Began"),
    "promised": Text("Đã hứa", "Promised"),
    "seen": Text("Đã thấy", "Seen"),
    "factor": Text("Ngưỡng", "Threshold"),
    "bound": Text("Vì sao", "Why"),
    "model": Text("Mô hình", "Model"),
    "version": Text("Số", "No."),
    "version_state": Text("Tình trạng", "State"),
    "promoted_at": Text("Chạy từ", "Live since"),
    "promoted_by": Text("Ai cho chạy", "Promoted by"),
    "data_from_at": Text("Thử từ", "Tried from"),
    "data_to_at": Text("Thử đến", "Tried until"),
    "scores": Text("Kết quả thử", "Scores"),
    "note": Text("Ghi chú", "Note"),
    "said_at": Text("Lúc", "At"),
    "verdict": Text("Cho là", "Said"),
    "actor": Text("Ai", "Who"),
    "standing": Text("Đang đứng", "Standing"),
    "stale": Text("Quá 24 giờ", "Over 24 hours"),
    "per_hour": Text("Mỗi giờ", "An hour"),
    "peak_10m": Text("Đỉnh 10 phút", "Peak 10 min"),
    "flood_share": Text("Thời gian lũ", "In flood"),
    "alarms": Text("Cảnh báo", "Alarms"),
    "alarm_share": Text("Tỷ lệ", "Share"),
    "wanted_share": Text("Nên là", "Should be"),
    "standing_s": Text("Đã đứng", "Stands for"),
    "known_median_s": Text("Xác nhận: trung vị", "Taken up: median"),
    "known_most_s": Text("Xác nhận: 90 %", "Taken up: 90 %"),
    "over_median_s": Text("Kết thúc: trung vị", "Clear: median"),
    "over_most_s": Text("Kết thúc: 90 %", "Clear: 90 %"),
    "returns_10m": Text("Đỉnh 10 phút", "Peak 10 min"),
    "returns": Text("Số lần", "Times"),
}
CONNECTIVITY: Final = {
    "learning": Text("Đang học", "Learning"),
    "online": Text("Trực tuyến", "Online"),
    "late": Text("Trễ", "Late"),
    "silent": Text("Im lặng", "Silent"),
}
YES, NO = Text("Có", "Yes"), Text("Không", "No")
