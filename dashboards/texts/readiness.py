"""What people read on the board of readiness and coverage."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Sẵn sàng và độ phủ",
    "Readiness and coverage",
    "Bao nhiêu sở, huyện, xã đang được nghe thấy, đơn vị nào im lặng, và mỗi đơn vị sẵn sàng đến đâu.",
    "How many departments, districts and communes are heard, which are silent, and how ready each unit is.",
)
COVERAGE: Final = Words(
    "Hệ thống đang được nghe thấy theo cấp",
    "Systems heard by level",
    "Số đơn vị có hệ thống một cửa đang gửi số liệu theo nhịp của mình, trên số đơn vị có hệ thống trong danh "
    "mục (cây năm 2019: 10 huyện và thành phố, 19 sở, 230 xã): số sống, tính từ từng bản tin.",
    "Units whose one-stop system reports at its own cadence, of those that the register has a system of (the "
    "tree of 2019: 10 districts, 19 departments, 230 communes): a live figure, from every message.",
)
TODAY: Final = Words(
    "Độ phủ theo tổ chức bộ máy hôm nay",
    "Coverage of today's organisation",
    "Đơn vị của cây tổ chức hôm nay được nghe trong giờ làm việc (ban đêm và ngày nghỉ không tính), từ lần thay "
    "đổi gần nhất.",
    "Units of today's organisation heard within working time (nights and holidays do not count), since it "
    "last changed.",
)
SILENT: Final = Words(
    "Đơn vị im lặng hoặc chưa từng nghe",
    "Units silent or never heard",
    "Hệ thống một cửa im lặng theo nhịp đã học, hoặc có trong danh mục mà chưa từng gửi; lâu nhất ở trên.",
    "One-stop systems that are silent by their learned cadence, or in the register and never heard; the longest "
    "on top.",
)
CHANGES: Final = Words(
    "Đơn vị trở nên im lặng",
    "Units that became silent",
    "Số hệ thống của đơn vị chuyển sang im lặng, theo cấp.",
    "How many units' systems became silent, by level.",
)
SCORES: Final = Words(
    "Mức sẵn sàng: 40 đơn vị thấp nhất",
    "Readiness: the 40 lowest units",
    "Điểm sẵn sàng 0 đến 100 của ngày mới nhất và phần đã đánh giá; điều không biết không tính là 0. Tên mở chỉ số "
    "766 của đơn vị.",
    "Readiness from 0 to 100 on the newest day, and how much of it is assessed; what is not known does not count "
    "as 0. The name opens the unit's index.",
)
PARTS: Final = Words(
    "Từng yếu tố: ${unit:text}",
    "Inputs: ${unit:text}",
    "Giá trị của từng yếu tố, trọng số có hiệu lực và số điểm nó cho; gạch ngang: chưa đánh giá.",
    "Each input's value, the weight in force and the points it gives; a dash: not assessed.",
)
TREND: Final = Words(
    "Mức sẵn sàng theo ngày: ${unit:text}",
    "Readiness by day: ${unit:text}",
    "Điểm sẵn sàng của đơn vị qua các ngày.",
    "Readiness of the unit, day by day.",
)
SILENT_NAME: Final = Text("Im lặng", "Silent")
NOBODY_SILENT: Final = Text("Không đơn vị nào im lặng", "No unit is silent")
NO_COVERAGE: Final = Text("Chưa tính độ phủ", "Not reckoned yet")
NO_READINESS: Final = Text("Chưa đánh giá", "Not assessed yet")
