"""What people read on the board of one asset."""

from collections.abc import Mapping
from typing import Final

from dashboards.language import Text, Told
from dashboards.texts import NOTHING, Words

BOARD: Final = Words(
    "Một thiết bị hoặc dịch vụ",
    "One asset",
    "Mọi số đo của một thiết bị: dải bình thường và bất thường, chất lượng, kết nối, sự cố.",
    "All readings of one asset: normal band and anomalies, quality, connectivity, incidents.",
)
NOW: Final = Words(
    "Hiện nay",
    "Now",
    "Sự cố đang mở, bất thường trong khoảng thời gian đang xem, và tỷ lệ chỉ số có số đo mới nhất "
    "đạt chất lượng tốt.",
    "Open incidents, anomalies in the time range on show, and the share of metrics whose newest "
    "reading is of good quality.",
)
HEARD: Final = Words(
    "Kết nối",
    "Connectivity now",
    "Trạng thái, nhịp gửi đã học, lần nghe gần nhất và độ lệch đồng hồ của thiết bị.",
    "State, learned cadence, when it was last heard and how far its clock is off.",
)
STATES: Final = Words(
    "Kết nối theo thời gian",
    "Connectivity over time",
    "Đang học, trực tuyến, trễ hoặc im lặng, theo nhịp mà nền tảng đã học.",
    "Learning, online, late or silent, by the cadence the platform has learned.",
)
NEWEST: Final = Words(
    "Số đo mới nhất",
    "Newest readings",
    "Số đo mới nhất của từng chỉ số, chất lượng của nó, và quy tắc tính ra nó nếu có.",
    "The newest reading of each metric, its quality, and the rule that derived it, if one did.",
)
QUALITY: Final = Words(
    "Chất lượng số đo theo thời gian",
    "Quality of readings over time",
    "Chất lượng xấu nhất của từng chỉ số trong mỗi khoảng, ba ngày cuối của khoảng thời gian đang xem; "
    "chỉ số tính ra không có trong đây.",
    "The worst quality of each metric in each span, in the last three days of the time range on show; "
    "derived metrics are not in it.",
)
INCIDENTS: Final = Words(
    "Sự cố của thiết bị",
    "Incidents of the asset",
    "Sự cố chưa giải quyết xong và sự cố mở trong khoảng thời gian đang xem.",
    "Unresolved incidents and those opened in the time range on show.",
)
READINGS: Final = Words(
    "${metric:text}",
    "${metric:text}",
    "Trung bình của chỉ số; chấm đỏ: bất thường, chấm xám: hai bờ của dải bình thường tại lúc đó.",
    "Mean of the metric; red dots: anomalies, grey dots: the ends of the normal band at that time.",
)
ASSET_LABEL: Final = Text("Thiết bị", "Asset")
METRIC_LABEL: Final = Text("Chỉ số", "Metric")
ANOMALIES: Final = Text("Bất thường", "Anomalies")
NO_ANOMALY: Final = Text("Không có bất thường", "No anomalies")
READING: Final = Text("Số đo", "Readings")
UPPER: Final = Text("Bờ trên", "Upper end")
LOWER: Final = Text("Bờ dưới", "Lower end")
QUALITIES: Final = {
    0: Text("Tốt", "Good"),
    1: Text("Không chắc", "Uncertain"),
    2: Text("Xấu", "Bad"),
    3: Text("Cũ", "Stale"),
}
NEVER_HEARD: Final = Text("Chưa từng nghe thiết bị này", "Never heard")
NO_READINGS: Final = Text("Chưa có số đo nào", "No readings yet")
# Units as people write them, where UCUM, which the store keeps, writes otherwise.
UNITS: Final[Mapping[str, Told]] = {
    "1": NOTHING,
    "ug/m3": "µg/m³",
    "mg/m3": "mg/m³",
    "m3/h": "m³/h",
    "m3": "m³",
    "W/m2": "W/m²",
    "Cel": "°C",
    "deg": "°",
    "dB[mW]": "dBm",
    "min": Text("phút", "min"),
    "h": Text("giờ", "h"),
    "d": Text("ngày", "d"),
    "/min": Text("/phút", "/min"),
    "/h": Text("/giờ", "/h"),
    "m/h": Text("m/giờ", "m/h"),
    "mm/h": Text("mm/giờ", "mm/h"),
}
