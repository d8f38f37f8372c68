"""What people read on the board of the index of Decision 766."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Chỉ số 766",
    "Index of Decision 766",
    "Chỉ số phục vụ người dân, doanh nghiệp của đơn vị và cấp dưới trong tháng tính đến ngày cuối của khoảng "
    "thời gian đang xem; đi từ điểm mất đến thủ tục, hồ sơ và sự cố làm mất điểm.",
    "The index of service to people and businesses of a unit with all below it, in the month up to the last "
    "day of the time range; from points that were lost to the procedures, dossiers and incidents that cost "
    "them.",
)
NOW: Final = Words(
    "Điểm: ${unit:text}",
    "Points: ${unit:text}",
    "Tổng điểm, số điểm có thể đạt từ những gì đã có số liệu, phần đạt được của nó, và điểm mất. Điều không ai đếm thì chưa đánh "
    "giá, không phải 0 điểm.",
    "Points, those that could be had from what is known, the share of these, and those lost. What nobody counts is not assessed, "
    "and never 0.",
)
GROUPS: Final = Words(
    "Sáu nhóm: điểm trên điểm đánh giá được",
    "The six groups: points of those assessed",
    "Phần điểm đạt được trong số điểm đánh giá được của từng nhóm; tên có điểm và điểm tối đa. Nhóm chưa đánh "
    "giá không có vạch. Xanh từ 80 % (tốt), vàng từ 70 %.",
    "Share of the points that could be assessed; the name has the points and the most there can be. A group "
    "that is not assessed has no bar. Green from 80 % (good), yellow from 70 %.",
)
TREND: Final = Words(
    "Điểm theo ngày: ${unit:text}",
    "Points by day: ${unit:text}",
    "Tổng điểm của tháng tính đến từng ngày, và số điểm đánh giá được.",
    "Points of the month up to each day, and those that could be assessed.",
)
SUBMETRICS: Final = Words(
    "Tiêu chí thành phần: mất điểm nhiều nhất ở trên",
    "Sub-metrics: what cost most on top",
    "Tử số, mẫu số, điểm và điểm mất của từng tiêu chí. Cách tính ghi rõ là theo Quyết định hay là cách hiểu của "
    "hệ thống khi công thức chưa được công bố đủ.",
    "Numerator, denominator, points and points lost of each sub-metric. The formula is that of the Decision, or "
    "our reading where it was not published in full.",
)
UNITS: Final = Words(
    "Các đơn vị: mất điểm nhiều nhất ở trên",
    "Units: who lost most on top",
    "Điểm, điểm đánh giá được và điểm mất của các đơn vị trong cùng ngày; tên mở chỉ số của đơn vị đó.",
    "Points, points assessed and points lost of all units on the same day; the name opens that unit's index.",
)
PROCEDURES: Final = Words(
    "Thủ tục làm mất điểm tiến độ",
    "Procedures that cost progress",
    "Thủ tục có hồ sơ xong trễ trong tháng hoặc đang quá hạn, của đơn vị và cấp dưới.",
    "Procedures with dossiers closed late in the month, or open and overdue, of the unit and all below it.",
)
DOSSIERS: Final = Words(
    "Hồ sơ làm mất điểm tiến độ",
    "Dossiers that cost progress",
    "Hồ sơ xong trễ trong tháng hoặc đang quá hạn, trễ lâu nhất ở trên (mã và thời gian, không có dữ liệu cá "
    "nhân).",
    "Dossiers closed late in the month, or open and overdue, the latest on top (codes and times, nothing about "
    "people).",
)
INCIDENTS: Final = Words(
    "Sự cố của dịch vụ thuộc đơn vị",
    "Incidents of the unit's services",
    "Sự cố chưa giải quyết xong và sự cố mở trong tháng của các hệ thống phục vụ đơn vị và cấp dưới.",
    "Unresolved incidents, and those opened in the month, of the systems that serve the unit and all below it.",
)
GROUP_NAMES: Final = {
    "TRANSPARENCY": Text("Công khai, minh bạch", "Transparency"),
    "PROGRESS": Text("Tiến độ giải quyết", "Progress"),
    "ONLINE": Text("Dịch vụ công trực tuyến", "Online services"),
    "PAYMENT": Text("Thanh toán trực tuyến", "Online payment"),
    "SATISFACTION": Text("Mức độ hài lòng", "Satisfaction"),
    "DIGITIZATION": Text("Số hoá hồ sơ", "Digitisation"),
}
NO_INDEX: Final = Text("Chưa có chỉ số", "No index yet")
FORMULAS: Final = {
    "true": Text("Theo Quyết định", "Of the Decision"),
    "false": Text("Cách hiểu của hệ thống", "Our reading"),
}
STATES: Final = {
    "open": Text("Đang quá hạn", "Open and overdue"),
    "closed": Text("Xong trễ", "Closed late"),
}
DAYS: Final = Text("suffix: ngày", "suffix: days")
NOT_ASSESSED: Final = Text("chưa đánh giá", "not assessed")
NOTHING_LATE: Final = Text("Không có hồ sơ nào trễ", "No dossier is late")
