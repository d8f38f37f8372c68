"""What people read on the board of incidents and alarm figures."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Sự cố và chỉ số cảnh báo",
    "Incidents and alarm figures",
    "Tải cảnh báo trên mỗi người trực theo EEMUA 191 và ISA-18.2: nhịp, cao điểm, cảnh báo đang "
    "đứng, lặp lại, mười nguồn nhiều nhất, phân bố mức độ, thời gian xác nhận và kết thúc.",
    "The load of alarms on each operator by EEMUA 191 and ISA-18.2: rate, peak, standing, "
    "chattering, the ten loudest, priorities, time to acknowledge and to clear.",
)
NOW: Final = Words(
    "Cảnh báo lúc này",
    "Alarms now",
    "Cảnh báo còn hiệu lực, chưa ai xác nhận, và còn hiệu lực quá 24 giờ (EEMUA 191: dưới 5 là "
    "chấp nhận được, và phải có kế hoạch xử lý).",
    "Alarms whose condition stands, that nobody has acknowledged, and that have stood for more "
    "than 24 hours (EEMUA 191: fewer than 5, each with a plan).",
)
RATES: Final = Words(
    "Nhịp cảnh báo mỗi người trực",
    "Alarm rate per operator",
    "Trong khoảng thời gian đang xem: trung bình mỗi giờ (EEMUA 191: tới 6 là chấp nhận được, từ "
    "12 là quá tải), nhiều nhất trong 10 phút, và tỷ lệ thời gian lũ cảnh báo (hơn 10 trong 10 "
    "phút; mục tiêu dưới 1 %).",
    "In the time range: mean an hour (EEMUA 191: up to 6 is acceptable, from 12 on is too much), "
    "most within 10 minutes, and share of time in flood (more than 10 in 10 minutes; aim: below "
    "1 %).",
)
OVER_TIME: Final = Words(
    "Cảnh báo mỗi 10 phút, mỗi người trực",
    "Alarms per 10 minutes and operator",
    "EEMUA 191: 1 là chấp nhận được, 2 còn xoay xở được, trên 10 là lũ cảnh báo. Số người trực "
    "chọn ở đầu bảng.",
    "EEMUA 191: 1 is acceptable, 2 can be managed, more than 10 is a flood. The number of "
    "operators is chosen on top.",
)
STANDING: Final = Words(
    "Cảnh báo đang đứng theo thời gian",
    "Standing alarms over time",
    "Số cảnh báo còn hiệu lực và số chưa ai xác nhận; đường lên mà không xuống là việc bị bỏ quên.",
    "Alarms whose condition stood, and those nobody had acknowledged; a line that rises and never "
    "falls is work forgotten.",
)
PRIORITIES: Final = Words(
    "Phân bố mức độ",
    "Priorities",
    "Tỷ lệ cảnh báo theo mức, so với 5 % nặng, 15 % vừa, 80 % nhẹ (EEMUA 191, ISA-18.2).",
    "Share of alarms by priority, against 5 % high, 15 % medium, 80 % low (EEMUA 191, ISA-18.2).",
)
TOP_TEN: Final = Words(
    "Mười nguồn nhiều cảnh báo nhất",
    "The ten loudest",
    "Mỗi dòng là một chỉ số của một thiết bị; một nguồn chiếm quá 5 % cảnh báo là đáng sửa trước "
    "(EEMUA 191: mười nguồn cộng lại 1 đến 5 %).",
    "A line a metric of an asset; one with more than 5 % of all alarms is worth mending first "
    "(EEMUA 191: the ten together 1 to 5 %).",
)
LONGEST: Final = Words(
    "Đứng lâu nhất: 20 cảnh báo",
    "Standing longest: 20 alarms",
    "Cảnh báo còn hiệu lực, lâu nhất ở trên; đỏ từ 24 giờ.",
    "Alarms whose condition stands, the oldest on top; red from 24 hours.",
)
TIMES: Final = Words(
    "Thời gian xác nhận và kết thúc",
    "Time to acknowledge and to clear",
    "Của cảnh báo phát ra trong khoảng thời gian đang xem: trung vị và mức mà 90 % không vượt.",
    "Of alarms raised in the time range: the median, and what 90 % stay below.",
)
CHATTERING: Final = Words(
    "Cảnh báo lặp đi lặp lại",
    "Chattering alarms",
    "Trở lại từ 3 lần trong 10 phút (ISA-18.2 tính 3 lần trong một phút cho nhà máy; cảm biến "
    "thành phố gửi mỗi phút một lần). Mục tiêu: không có.",
    "Came back 3 times or more within 10 minutes (ISA-18.2 counts 3 a minute, for a plant; a "
    "city's sensors speak once a minute). Aim: none.",
)
NONE_STANDING: Final = Text("Không có cảnh báo nào đang đứng", "No alarm stands")
NONE_RAISED: Final = Text("Không có cảnh báo", "No alarms")
NONE_CHATTERS: Final = Text("Không có cảnh báo nào lặp lại", "No alarm chatters")
OPERATORS_LABEL: Final = Text("Số người trực", "Operators")
PER_OPERATOR: Final = Text("Mỗi người trực", "Each operator")
