"""What people read on the board of rivers and rain."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Sông và mưa",
    "Rivers and rain",
    "Mực nước từng trạm so với các mức báo động của chính trạm, tốc độ nước dâng, cấp báo động và "
    "lượng mưa.",
    "Levels of each station against its own alarms, rate of rise, flood level, and rain.",
)
STATIONS: Final = Words(
    "Các trạm hiện nay",
    "Stations now",
    "Mực nước mới nhất trong 3 giờ qua, lời báo theo mẫu bản tin (so với mức báo động gần nhất), "
    "tốc độ dâng (m/giờ) và các mức báo động đang có hiệu lực.",
    "Newest level within 3 hours, the words of a report (against the nearest alarm), rate of rise "
    "(m/h), and the alarm levels in force.",
)
LEVELS: Final = Words(
    "Cấp báo động lũ",
    "Flood level",
    "Cấp báo động của từng trạm theo thời gian; một cấp chỉ hạ khi nước thấp hơn 0,05 m trong 30 "
    "phút.",
    "Flood alarm level of each station; a level is left 0.05 m below it for 30 minutes.",
)
RISE: Final = Words(
    "Tốc độ nước dâng (m/giờ)",
    "Rate of rise (m/h)",
    "Mực nước thay đổi mỗi giờ; nét đứt: từ đó là nước dâng nhanh (tham số đang áp dụng).",
    "Change of level an hour; dashed: from where on it is a fast rise (the parameter in force).",
)
RAIN_HOUR: Final = Words(
    "Mưa 1 giờ",
    "Rain in one hour",
    "Lượng mưa của 60 phút trước đó tại sáu trạm lớn nhất; nét đứt: từ đó gây ngập úng (tham số đang áp dụng).",
    "Rain of the 60 minutes before at the six wettest gauges; dashed: from where on it is a cloudburst (the parameter in force).",
)
RAIN_DAY: Final = Words(
    "Mưa 24 giờ",
    "Rain in 24 hours",
    "Lượng mưa 24 giờ của sáu trạm lớn nhất; nét đứt: mưa to, mưa rất to (tham số đang áp dụng).",
    "Rain of 24 hours at the six wettest gauges; dashed: heavy and very heavy (the parameters in "
    "force).",
)
GAUGE: Final = Words(
    "Mực nước: ${gauge:text}",
    "Level: ${gauge:text}",
    "Mực nước của trạm; nét đứt: báo động I, II, III và kỷ lục đang có hiệu lực "
    "(Quyết định 05/2020/QĐ-TTg).",
    "Level of the station; dashed: alarms I, II, III and the record in force (Decision "
    "05/2020/QD-TTg).",
)
FAST_RISE: Final = Text("Dâng nhanh", "Fast rise")
CLOUDBURST: Final = Text("Gây ngập úng", "Cloudburst")
HEAVY: Final = Text("Mưa to", "Heavy")
VERY_HEAVY: Final = Text("Mưa rất to", "Very heavy")
GAUGE_LABEL: Final = Text("Trạm thủy văn", "Gauge")
LEVEL: Final = Text("Mực nước", "Level")
ALARMS: Final = (
    Text("Báo động I", "Alarm I"),
    Text("Báo động II", "Alarm II"),
    Text("Báo động III", "Alarm III"),
    Text("Kỷ lục", "Record"),
)
FLOOD_LEVELS: Final = {
    0: Text("Dưới báo động", "Below alarm I"),
    1: Text("Báo động I", "Alarm I"),
    2: Text("Báo động II", "Alarm II"),
    3: Text("Báo động III", "Alarm III"),
    4: Text("Vượt kỷ lục", "Over the record"),
}
NO_GAUGES: Final = Text("Chưa có trạm nào gửi mực nước", "No gauge reports a level yet")
