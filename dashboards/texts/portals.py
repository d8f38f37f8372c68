"""What people read on the board of portals and signatures."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Cổng dịch vụ và chữ ký số",
    "Portals and signatures",
    "Cổng dịch vụ công, cổng dữ liệu mở, ứng dụng di động và dịch vụ chữ ký số: người dân vào được không, "
    "nhanh không, ký được không.",
    "Portals of public services and open data, the mobile app and the signing service: can people get in, is "
    "it fast, can be signed.",
)
NOW: Final = Words(
    "Các hệ thống hiện nay",
    "Systems now",
    "Số đo mới nhất trong một giờ qua. Ô trống: hệ thống đó không gửi số đo này.",
    "Newest readings within an hour. A dash: the system does not report it.",
)
HEALTH: Final = Words(
    "Tình trạng theo thời gian",
    "Health over time",
    "Đánh giá của quy tắc cho từng cổng, ứng dụng và dịch vụ ký số.",
    "What the rules say of each portal, the app and the signing service.",
)
AVAILABILITY: Final = Words(
    "Độ sẵn sàng khi thử từ bên ngoài",
    "Availability as probed from outside",
    "Phần lượt thử từ bên ngoài vào được; nền vàng dưới 99 %, đỏ dưới 95 %.",
    "Share of probes from outside that got in; the ground is yellow below 99 %, red below 95 %.",
)
REQUESTS: Final = Words(
    "Lượt truy cập mỗi phút",
    "Requests a minute",
    "Lượt truy cập của từng cổng và ứng dụng.",
    "Requests of each portal and of the app.",
)
ERRORS: Final = Words(
    "Tỷ lệ lỗi",
    "Share of errors",
    "Lượt truy cập bị lỗi trên tất cả lượt truy cập của từng cổng; vàng từ 2 %, đỏ từ 10 %.",
    "Requests that failed of all requests to each portal; yellow from 2 %, red from 10 %.",
)
LATENCY: Final = Words(
    "Thời gian trả lời",
    "Time to answer",
    "Thời gian trả lời trung bình của từng cổng, ứng dụng và dịch vụ ký số.",
    "Mean time to answer of each portal, the app and the signing service.",
)
ONLINE: Final = Words(
    "Hồ sơ nộp qua cổng mỗi giờ",
    "Dossiers sent through the portal an hour",
    "Hồ sơ mà cổng dịch vụ công nhận trong giờ.",
    "Dossiers that the portal took in within the hour.",
)
SIGNATURES: Final = Words(
    "Ký số: lượt và lỗi mỗi phút",
    "Signatures and failures a minute",
    "Lượt ký và lượt ký lỗi của dịch vụ chữ ký số.",
    "Signatures and failures of the signing service.",
)
FAILURES: Final = Words(
    "Tỷ lệ ký lỗi",
    "Share of signatures that failed",
    "Lượt ký lỗi trên tất cả lượt ký; vàng từ 2 %, đỏ từ 10 %.",
    "Failures of all signatures; yellow from 2 %, red from 10 %.",
)
INCIDENTS: Final = Words(
    "Sự cố của cổng và chữ ký số",
    "Incidents of portals and signatures",
    "Sự cố chưa giải quyết xong và sự cố mở trong khoảng thời gian đang xem, bằng lời của quy tắc.",
    "Unresolved incidents and those opened in the time range on show, in the words of the rule.",
)
NO_PORTALS: Final = Text("Chưa có cổng nào gửi số liệu", "No portal reports yet")
