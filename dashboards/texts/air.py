"""What people read on the board of the air."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Không khí",
    "Air",
    "Chất lượng không khí theo trạm: VN_AQI, chất quyết định, nồng độ và số ngày vượt quy chuẩn.",
    "Air quality by station: VN_AQI, what it is due to, concentrations, days over the limits.",
)
NOW: Final = Words(
    "VN_AQI hiện nay theo trạm",
    "VN_AQI now by station",
    "Chỉ số giờ mới nhất của từng trạm trong 3 giờ qua, màu theo Quyết định 1459/QĐ-TCMT.",
    "The newest hourly index of each station within 3 hours, coloured as Decision 1459/QD-TCMT.",
)
CLASSES: Final = Words(
    "Mức VN_AQI theo giờ",
    "Hourly classes of VN_AQI",
    "Mỗi hàng là một trạm; màu là mức của chỉ số giờ; số cạnh tên trạm là chỉ số mới nhất.",
    "A row a station; the colour is the class of its hourly index; the number is the newest index.",
)
INDEX: Final = Words(
    "VN_AQI theo thời gian",
    "VN_AQI over time",
    "Chỉ số giờ của tám trạm cao nhất; màu nền đổi ở 51, 101, 151, 201, 301.",
    "Hourly index of the eight highest stations; the ground changes colour where a class begins.",
)
PARTS: Final = Words(
    "Chỉ số từng chất: ${station:text}",
    "Sub-indices: ${station:text}",
    "Chỉ số của từng chất mà VN_AQI giờ lấy giá trị lớn nhất, tại trạm được chọn ở trên.",
    "The sub-index of each pollutant, of which VN_AQI is the highest, at the station chosen above.",
)
DOMINANT: Final = Words(
    "Chất quyết định: ${station:text}",
    "Dominant pollutant: ${station:text}",
    "Chất có chỉ số lớn nhất trong giờ, tại trạm được chọn ở trên.",
    "The pollutant with the highest sub-index of the hour, at the station chosen above.",
)
DAYS: Final = Words(
    "Số ngày vượt quy chuẩn trong 30 ngày qua",
    "Days over the limits in the last 30 days",
    "Số ngày có trung bình 24 giờ vượt QCVN 05 đang có hiệu lực, trong 30 ngày đến cuối khoảng thời "
    "gian đang xem; chỉ tính ngày có ít nhất 18 giờ đo.",
    "Days whose 24-hour mean is over the QCVN 05 in force, in the 30 days before the end of the time "
    "range; a day counts with at least 18 hours measured.",
)
NO_DAYS: Final = Text("Chưa có ngày nào đo đủ 18 giờ", "No day with 18 hours measured yet")
LIMIT: Final = Text("Giới hạn", "Limit")
STATION_LABEL: Final = Text("Trạm", "Station")
POLLUTANTS: Final = {
    "pm25": "PM2.5",
    "pm10": "PM10",
    "o3": "O₃",
    "no2": "NO₂",
    "so2": "SO₂",
    "co": "CO",
}


def concentration(pollutant: str) -> Words:
    """The words of one pollutant's panel."""
    name = POLLUTANTS[pollutant]
    return Words(
        f"Nồng độ {name}",
        f"Concentration of {name}",
        f"Nồng độ {name} của sáu trạm cao nhất; nét đứt: giới hạn QCVN 05 đang có hiệu lực.",
        "The six highest stations; dashed: the limit of QCVN 05 in force.",
    )
