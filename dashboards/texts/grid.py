"""What people read on the board of street light and electricity."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Chiếu sáng và điện",
    "Street light and electricity",
    "Lỗi đèn, nhóm đèn hỏng, công suất, lệch pha, hệ số công suất và mất điện.",
    "Light faults, groups of lights, power, phase unbalance, power factor and outages.",
)
FAULTS: Final = Words(
    "Lỗi đèn: 12 đèn nặng nhất",
    "Light faults: the 12 worst lights",
    "Đèn sáng ban ngày hoặc tắt ban đêm, theo giờ mặt trời mọc và lặn; lúc chạng vạng không xét.",
    "Lights that burn by day or are dark by night, by the sun; not judged at dusk.",
)
FAILED: Final = Words(
    "Tỷ lệ đèn hỏng theo tủ",
    "Share of lights failed by cabinet",
    "Tỷ lệ đèn cùng một lỗi trong số đèn có tin của mỗi tủ điều khiển; nét đứt: từ đó là cả nhóm đèn (tham số đang áp dụng).",
    "Share of the known lights of a cabinet with one fault; dashed: a whole group (the parameter in force).",
)
POWER: Final = Words(
    "Tổng công suất",
    "Total power",
    "Tổng công suất của các tủ và đèn chiếu sáng, và của các công tơ điện.",
    "Total power of street-light cabinets and lamps, and of the electricity meters.",
)
METERS: Final = Words(
    "Công suất: 8 công tơ lớn nhất",
    "Power: the 8 largest meters",
    "Công suất tác dụng của tám công tơ lớn nhất.",
    "Active power of the eight largest meters.",
)
UNBALANCE: Final = Words(
    "Độ lệch pha",
    "Phase unbalance",
    "Độ lệch điện áp lớn nhất giữa một pha và trung bình ba pha; vàng từ 2 %, đỏ từ 5 %.",
    "Largest deviation of a phase's voltage from the mean of three; yellow from 2 %, red from 5 %.",
)
FACTOR: Final = Words(
    "Hệ số công suất: 8 công tơ thấp nhất",
    "Power factor: the 8 lowest meters",
    "Hệ số công suất của tám công tơ thấp nhất; dưới nét đứt thì bị tính tiền phản kháng (tham số đang áp dụng).",
    "Power factor of the eight lowest meters; under the dashed line reactive energy is charged (the parameter in force).",
)
OUTAGES: Final = Words(
    "Mất điện",
    "Outages",
    "Mỗi hàng là một công tơ; đỏ: mọi pha dưới một phần mười điện áp danh định.",
    "A row a meter; red: every phase below a tenth of nominal voltage.",
)
GROUP: Final = Text("Cả nhóm đèn", "A whole group")
LEAST_FACTOR: Final = Text("Thấp nhất cho phép", "Lowest allowed")
FAULT_NAMES: Final = {
    0: Text("Không lỗi", "No fault"),
    1: Text("Sáng ban ngày", "Burns by day"),
    2: Text("Tắt ban đêm", "Dark by night"),
}
OUTAGE_NAMES: Final = {0: Text("Có điện", "Power on"), 1: Text("Mất điện", "Outage")}
