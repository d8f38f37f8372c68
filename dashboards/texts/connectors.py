"""What people read on the board of connectors and documents."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Kết nối và văn bản",
    "Connectors and documents",
    "Kết nối đến hệ thống của bốn bộ, phần mềm một cửa với dịch vụ công của Bộ Kế hoạch và Đầu tư, và trục "
    "liên thông văn bản: còn thông không, tồn bao nhiêu, chờ lâu nhất bao lâu.",
    "Connectors to the systems of four ministries, the link between one-stop software and the services of "
    "Planning and Investment, and the exchange of documents: is it through, how much waits, and how long.",
)
NOW: Final = Words(
    "Các kết nối hiện nay",
    "Connectors now",
    "Số đo mới nhất trong một giờ qua: tỷ lệ gửi thành công, độ trễ, hồ sơ tồn và chờ lâu nhất, bản tin sai "
    "cấu trúc, chữ ký không xác thực được, chênh lệch đối soát hai bên, chứng thư còn hạn bao nhiêu ngày (30 "
    "ngày: nhắc, 7 ngày: báo động). Ô trống: hệ thống đó không gửi số đo này.",
    "Newest readings within an hour: share sent successfully, latency, what waits and for how long, messages "
    "of a bad structure, signatures that cannot be verified, the difference between both sides' counts, days "
    "until the certificate expires (30: a reminder, 7: an alarm). A dash: the system does not report it.",
)
HEALTH: Final = Words(
    "Tình trạng kết nối theo thời gian",
    "Health of connectors over time",
    "Đánh giá của quy tắc trong giờ phục vụ của từng kết nối; im lặng ngoài giờ không bị tính.",
    "What the rules say within each connector's service hours; silence outside of them does not count.",
)
SUCCESS: Final = Words(
    "Tỷ lệ gửi thành công",
    "Share sent successfully",
    "Theo từng kết nối; nền vàng dưới 98 %, đỏ dưới 90 %.",
    "Of each connector; the ground is yellow below 98 %, red below 90 %.",
)
LATENCY: Final = Words(
    "Độ trễ của kết nối và trục văn bản",
    "Latency of connectors and of the exchange",
    "Thời gian trả lời trung bình của từng hệ thống.",
    "Mean time to answer of each system.",
)
BACKLOG: Final = Words(
    "Bản tin tồn đọng",
    "Messages that wait",
    "Bản tin chưa gửi được của từng hệ thống.",
    "Messages that each system has not sent yet.",
)
OLDEST: Final = Words(
    "Bản tin chờ lâu nhất",
    "Oldest unsent",
    "Bản tin chưa gửi lâu nhất đã chờ bao lâu; vàng từ 30 phút, đỏ từ 2 giờ.",
    "For how long the oldest unsent message has waited; yellow from 30 minutes, red from 2 hours.",
)
TRAFFIC: Final = Words(
    "Lượt gọi và lỗi mỗi phút",
    "Requests and errors a minute",
    "Cộng các kết nối và trục liên thông văn bản.",
    "All connectors and the exchange of documents together.",
)
DOCUMENTS: Final = Words(
    "Văn bản theo tình trạng",
    "Documents by state",
    "Văn bản đang ở từng bước từ 01 (đến) đến 05 (đang xử lý) của trục liên thông.",
    "Documents at each step from 01 (arrived) to 05 (in process) in the exchange.",
)
STUCK: Final = Words(
    "Văn bản chờ tiếp nhận lâu nhất",
    "Oldest document not received",
    "Văn bản đến mà chưa được tiếp nhận lâu nhất đã chờ bao lâu; quá một ngày làm việc là không luân chuyển.",
    "For how long the oldest document that arrived has not been received; over a working day it does not move.",
)
INCIDENTS: Final = Words(
    "Sự cố của kết nối và văn bản",
    "Incidents of connectors and documents",
    "Sự cố chưa giải quyết xong và sự cố mở trong khoảng thời gian đang xem, bằng lời của quy tắc.",
    "Unresolved incidents and those opened in the time range on show, in the words of the rule.",
)
DAYS: Final = Text("suffix: ngày", "suffix: days")
HEALTHS: Final = {
    0: Text("Bình thường", "Normal"),
    1: Text("Nhẹ", "Low"),
    2: Text("Vừa", "Medium"),
    3: Text("Nặng", "High"),
}
NO_CONNECTORS: Final = Text("Chưa có kết nối nào gửi số liệu", "No connector reports yet")
