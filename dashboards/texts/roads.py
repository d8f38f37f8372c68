"""What people read on the board of roads and car parks."""

from typing import Final

from dashboards.texts import Words

BOARD: Final = Words(
    "Giao thông và đỗ xe",
    "Roads and parking",
    "Tốc độ, chỉ số thời gian đi lại, mức phục vụ của đường và chỗ đỗ xe.",
    "Speed, travel time index, level of service of roads, and car parks.",
)
SERVICE: Final = Words(
    "Mức phục vụ của đường",
    "Level of service of roads",
    "Từ A (thông thoáng) đến F (tắc), theo tốc độ so với tốc độ thông thoáng; 12 điểm xấu nhất.",
    "From A (free flow) to F (jam), by speed against free-flow speed; the twelve worst points.",
)
SPEED: Final = Words(
    "Tốc độ: 8 điểm chậm nhất",
    "Speed: the 8 slowest points",
    "Tốc độ trung bình của xe tại tám điểm chậm nhất.",
    "Mean vehicle speed at the eight slowest points.",
)
TRAVEL: Final = Words(
    "Chỉ số thời gian đi lại: 8 điểm cao nhất",
    "Travel time index: the 8 highest points",
    "Thời gian đi lại so với lúc thông thoáng: 1 là thông thoáng, 2 là lâu gấp đôi.",
    "Travel time against free flow: 1 is free flow, 2 is twice as long.",
)
FLOW: Final = Words(
    "Lưu lượng xe: 8 điểm đông nhất",
    "Traffic flow: the 8 busiest points",
    "Số xe mỗi giờ tại tám điểm đông nhất.",
    "Vehicles an hour at the eight busiest points.",
)
PARKING_NOW: Final = Words(
    "Bãi đỗ xe hiện nay: tỷ lệ chỗ đã đỗ",
    "Car parks now: share of spaces taken",
    "Tỷ lệ chỗ đã đỗ mới nhất trong một giờ qua; vàng từ 85 %, đỏ từ 95 %.",
    "Newest share of spaces taken within an hour; yellow from 85 %, red from 95 %.",
)
PARKING: Final = Words(
    "Bãi đỗ xe theo thời gian",
    "Car parks over time",
    "Tỷ lệ chỗ đã đỗ của tám bãi đầy nhất.",
    "Share of spaces taken in the eight fullest car parks.",
)
SERVICES: Final = {1: "A", 2: "B", 3: "C", 4: "D", 5: "E", 6: "F"}
