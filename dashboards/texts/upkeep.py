"""What people read on the board of waste, water and noise."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Rác thải, cấp nước, tiếng ồn",
    "Waste, water, noise",
    "Thùng rác sắp đầy, nghi cháy, lưu lượng ban đêm, nghi rò rỉ, áp lực nước, tiếng ồn vượt giới "
    "hạn.",
    "Containers about to be full, suspected fires, night flow, suspected leaks, water pressure, "
    "noise over its limit.",
)
CONTAINERS: Final = Words(
    "Thùng rác cần thu gom trước",
    "Containers to empty first",
    "Mức đầy mới nhất trong 6 giờ qua và số giờ đến khi đầy theo đà hiện nay; 20 thùng gấp nhất.",
    "Newest filling within 6 hours and hours until full at the present pace; the 20 most urgent.",
)
FILLING: Final = Words(
    "Mức đầy: 8 thùng đầy nhất",
    "Filling: the 8 fullest containers",
    "Mức đầy của tám thùng đầy nhất; vàng từ 75 %, đỏ từ 90 %.",
    "Filling of the eight fullest containers; yellow from 75 %, red from 90 %.",
)
FIRES: Final = Words(
    "Nghi cháy trong thùng rác",
    "Suspected fires in containers",
    "Âm ỉ: tăng 10 °C trong 15 phút; cháy: từ 70 °C. Tám thùng nặng nhất.",
    "Smouldering: 10 K in 15 minutes; burning: from 70 °C. The eight worst containers.",
)
NIGHT_FLOW: Final = Words(
    "Lưu lượng nước ban đêm",
    "Night flow of water",
    "Lưu lượng nhỏ nhất từ 2 đến 4 giờ sáng của từng khu vực cấp nước: tăng lên là dấu hiệu rò rỉ.",
    "Least flow between 2 and 4 o'clock of each supply area: a rise is a sign of a leak.",
)
FLOW: Final = Words(
    "Lưu lượng nước",
    "Water flow",
    "Lưu lượng của các khu vực cấp nước lớn nhất.",
    "Flow into the largest supply areas.",
)
LEAKS: Final = Words(
    "Nghi rò rỉ",
    "Suspected leaks",
    "Đỏ: lưu lượng ban đêm cao hơn quá khứ của chính khu vực ba đêm liền.",
    "Red: night flow above the area's own past, three nights in a row.",
)
PRESSURE: Final = Words(
    "Áp lực nước: 8 nơi thấp nhất",
    "Water pressure: the 8 lowest points",
    "Áp lực mạng cấp nước tại tám nơi thấp nhất.",
    "Pressure in the supply network at the eight lowest points.",
)
NOISE: Final = Words(
    "Tiếng ồn so với giới hạn",
    "Noise against its limit",
    "LAeq của giờ trừ giới hạn của khu vực và giờ đó (QCVN 26); trên 0 là vượt, nét đứt: từ đó là rất ồn (tham số đang áp dụng).",
    "LAeq of an hour less the limit of its area and time of day (QCVN 26); above 0 is over the "
    "limit, dashed: loud (the parameter in force).",
)
LIMITS: Final = Words(
    "Giới hạn tiếng ồn đang áp dụng",
    "Noise limits in force",
    "Giới hạn theo loại khu vực và thời gian; ngày: 6 đến 21 giờ.",
    "Limits by class of area and time of day; day: 6 to 21 o'clock.",
)
LOUD: Final = Text("Rất ồn", "Loud")
FIRE_NAMES: Final = {
    0: Text("Không", "No"),
    1: Text("Âm ỉ", "Smouldering"),
    2: Text("Cháy", "Burning"),
}
LEAK_NAMES: Final = {0: Text("Không", "No"), 1: Text("Nghi rò rỉ", "Leak suspected")}
AREA_CLASSES: Final = {
    "special": Text("Đặc biệt", "Special"),
    "ordinary": Text("Thông thường", "Ordinary"),
}
PERIODS: Final = {"day": Text("Ngày", "Day"), "night": Text("Đêm", "Night")}
NO_CONTAINERS: Final = Text("Không có thùng rác nào gửi số đo", "No container reports")
NO_LIMITS: Final = Text("Không có giới hạn nào đang áp dụng", "No limit is in force")
