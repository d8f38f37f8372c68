"""What people read in an alert of the platform's own health."""

from typing import Final

from dashboards.texts import Words

NO_DATA: Final = Words(
    "Không có số đo mới",
    "No new readings",
    "Đã hơn 5 phút không lưu được số đo nào, hoặc Grafana không hỏi được cơ sở dữ liệu. Kiểm tra "
    "cơ sở dữ liệu, môi giới MQTT và tiến trình ingest, theo thứ tự đó.",
    "Nothing was stored for more than 5 minutes, or Grafana cannot ask the database. Look at the "
    "database, the MQTT broker and the ingest process, in this order.",
)
IMBALANCE: Final = Words(
    "Sổ cái không cân",
    "The ledger does not balance",
    "Trong một giờ qua có số đo nhận được mà không biết đi đâu. Đây là lỗi của phần mềm: xem tiến "
    "trình và phút bị lệch trên bảng Nền tảng, giữ nhật ký của ingest.",
    "Within the last hour readings were received that went nowhere. This is a fault of the "
    "software: see worker and minute on the board Platform, and keep ingest's log.",
)
READER: Final = Words(
    "Tiến trình đọc chậm",
    "A reader is late",
    "Phát hiện bất thường, suy diễn hoặc kết nối chậm hơn 2 phút so với số đo đã lưu: cảnh báo "
    "sẽ đến muộn. Xem tiến trình nào trên bảng Nền tảng và nhật ký của nó.",
    "Detection, derivation or connectivity is more than 2 minutes behind what is stored: alarms "
    "come late. See which one on the board Platform, and its log.",
)
CANARY: Final = Words(
    "Nhịp tự kiểm tra đến muộn",
    "The canary is late",
    "Nhịp mà nền tảng tự gửi qua môi giới MQTT không về tới kho trong 2 phút: đường đi của mọi số "
    "đo đang tắc. Kiểm tra môi giới, ingest và cơ sở dữ liệu.",
    "The beat that the platform sends itself through the MQTT broker did not reach the store for "
    "2 minutes: the way of every reading is blocked. Look at broker, ingest and database.",
)
DATABASE: Final = Words(
    "Cơ sở dữ liệu sắp đầy",
    "The database is nearly full",
    "Cơ sở dữ liệu đã dùng hơn 80 % giới hạn (cityops.database_limit_gb). Đặt thời hạn lưu số đo "
    "(CITYOPS_KEEP_READINGS_DAYS), thêm đĩa, hoặc nâng giới hạn nếu đĩa còn chỗ.",
    "The database is over 80 % of its limit (cityops.database_limit_gb). Set how long readings are "
    "kept (CITYOPS_KEEP_READINGS_DAYS), add disk, or raise the limit where there is room.",
)
REJECTED: Final = Words(
    "Nhiều bản tin không đọc được",
    "Many messages cannot be read",
    "Hơn 10 % số đo trong 10 phút qua bị từ chối: thường là một loại thiết bị đổi cách gửi. Xem lý "
    "do trên bảng Nền tảng, sửa và đọc lại.",
    "More than 10 % of the last 10 minutes was rejected: mostly a kind of device that changed its "
    "ways. See the reasons on the board Platform, mend them and read them again.",
)
