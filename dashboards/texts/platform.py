"""What people read on the board of the platform itself."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Nền tảng",
    "Platform",
    "Sổ cái số đo, độ trễ, bản tin bị từ chối, kết nối, tiến trình nhận và dung lượng cơ sở dữ liệu.",
    "Ledger, delays, rejects, connectivity, ingest workers and the size of the database.",
)
HEARD: Final = Words(
    "Thiết bị theo trạng thái kết nối",
    "Assets by connectivity",
    "Theo nhịp gửi đã học của từng thiết bị; đồng hồ sai: lệch quá mức cho phép. Không tính cổng kết "
    "nối chưa khai báo.",
    "By the learned cadence of each asset; clock wrong: off by more than allowed. Unclaimed "
    "gateways are not counted.",
)
BALANCE: Final = Words(
    "Cân đối và dung lượng",
    "Balance and size",
    "Chênh lệch sổ cái trong khoảng thời gian đang xem (phải bằng 0), bản tin bị từ chối còn mở, "
    "và dung lượng cơ sở dữ liệu.",
    "Imbalance of the ledger in the time range (must be 0), open rejects, size of the database.",
)
LEDGER: Final = Words(
    "Sổ cái: số đo mỗi phút",
    "Ledger: readings a minute",
    "Số đo nhận được và nơi chúng đến: lưu, trùng, từ chối, đang giữ. Nhận = tổng các phần còn lại.",
    "Readings received and where they went: stored, duplicate, rejected, held. Received is their sum.",
)
CHANGES: Final = Words(
    "Thiết bị chuyển sang im lặng, trễ",
    "Assets that became silent or late",
    "Số lần thiết bị chuyển sang trễ hoặc im lặng; im lặng do cổng kết nối chỉ tính một lần.",
    "How often assets became late or silent; silence behind a gateway counts once, as the gateway's.",
)
DELAYS: Final = Words(
    "Độ trễ: 20 thiết bị chậm nhất",
    "Delays: the 20 slowest assets",
    "Thời gian từ lúc đo đến lúc nhận của số đo mới nhất, và im lặng đã bao lâu.",
    "From measuring to receiving of the newest reading, and for how long the asset has said nothing.",
)
WORKERS: Final = Words(
    "Tiến trình nhận số đo",
    "Ingest workers",
    "Mỗi tiến trình: phút làm việc gần nhất và số đo trong khoảng thời gian đang xem.",
    "Each worker: its newest minute and its readings in the time range on show.",
)
REASONS: Final = Words(
    "Bản tin bị từ chối theo lý do",
    "Rejects by reason",
    "Bản tin không đọc được trong khoảng thời gian đang xem, theo lý do và tình trạng xử lý.",
    "Messages that could not be read in the time range on show, by reason and by what became of them.",
)
QUALITY: Final = Words(
    "Chất lượng số đo đã lưu",
    "Quality of what is stored",
    "Phần số đo không chắc chắn, xấu hoặc cũ, và đến trễ hơn 15 phút, trên tổng số đã lưu.",
    "The share of stored readings that are uncertain, bad or stale, or came more than 15 minutes "
    "late.",
)
CANARY: Final = Words(
    "Nhịp tự kiểm tra: từ môi giới đến kho",
    "Canary: from the broker to the store",
    "Nền tảng tự gửi một nhịp qua môi giới MQTT như một thiết bị; độ trễ đến khi được ghi, tối đa "
    "trong mỗi khoảng; ba ngày gần nhất. Không có đường nào: không có nhịp.",
    "The platform sends itself a beat through the MQTT broker as a device would; the delay until it "
    "is written, the longest in each span; the last three days. No line: no beat.",
)
READERS: Final = Words(
    "Tiến trình đọc dòng số đo",
    "Readers of the change feed",
    "Số đo cũ nhất mà mỗi tiến trình chưa đọc đã chờ bao lâu; quá 2 phút là cảnh báo đến muộn.",
    "For how long the oldest arrival that each has not read has waited; over 2 minutes alarms come "
    "late.",
)
CHUNKS: Final = Words(
    "Bảng lớn trên đĩa",
    "Large tables on the disk",
    "Số mảnh, số mảnh đã nén, dung lượng, và nhỏ đi mấy lần nhờ nén (bản Apache không nén).",
    "Chunks, how many of them are compressed, size, and how many times smaller compression made "
    "them (the Apache edition compresses nothing).",
)
CANARY_NAME: Final = Text("Độ trễ", "Delay")
NO_READER: Final = Text("Chưa có tiến trình đọc nào", "No reader yet")
REJECT_STATUSES: Final = {
    "open": Text("Còn mở", "Open"),
    "queued": Text("Chờ đọc lại", "Queued"),
    "replayed": Text("Đã đọc lại", "Replayed"),
    "dismissed": Text("Đã bỏ qua", "Dismissed"),
}
NOBODY_HEARD: Final = Text("Chưa nghe thiết bị nào", "No asset was heard yet")
NO_WORKERS: Final = Text("Không có tiến trình nào làm việc", "No worker was at work")
NO_REJECTS: Final = Text("Không có bản tin nào bị từ chối", "No message was rejected")
