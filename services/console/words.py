"""All that people read on the console, Vietnamese first and English beside."""

from collections.abc import Mapping
from typing import Literal

from models.told_odd import Text

Language = Literal["vi", "en"]

NAME = Text("Sự cố", "Incidents")
PLATFORM = Text("CityOps", "CityOps")
OTHER_LANGUAGE = Text("English", "Tiếng Việt")
TO_CONTENT = Text("Đến nội dung chính", "Skip to the content")

# --- signing in ---
SIGN_IN = Text("Đăng nhập", "Sign in")
SIGN_OUT = Text("Đăng xuất", "Sign out")
TOKEN = Text("Mã truy cập (API token)", "API token")
TOKEN_HELP = Text(
    "Mã do quản trị viên cấp cho riêng từng người; mọi thao tác được ghi dưới tên của mã.",
    "An engineer makes one for each person; all you do is written under its name.",
)
WRONG_TOKEN = Text(
    "Mã truy cập không đúng hoặc đã bị thu hồi. Hãy kiểm tra lại hoặc xin mã mới.",
    "This token is not known, or was revoked. Check it, or ask for a new one.",
)
SESSION_OVER = Text(
    "Bạn chưa đăng nhập, hoặc phiên làm việc đã hết. Thao tác vừa rồi chưa được thực hiện.",
    "You are not signed in, or your session is over. What you just asked for was not done.",
)
GO_ON = Text("Tiếp tục", "Go on")
ROLES: Mapping[str, Text] = {
    "viewer": Text("người xem", "viewer"),
    "operator": Text("trực vận hành", "operator"),
    "engineer": Text("kỹ sư", "engineer"),
}

# --- what an incident is ---
STATUSES: Mapping[str, Text] = {
    "open": Text("Chưa xác nhận", "Not seen yet"),
    "acknowledged": Text("Đang xử lý", "In hand"),
    "resolved": Text("Đã giải quyết", "Resolved"),
}
SEVERITIES: Mapping[str, Text] = {
    "high": Text("Nặng", "High"),
    "medium": Text("Vừa", "Medium"),
    "low": Text("Nhẹ", "Low"),
}
NATURES: Mapping[str, Text] = {
    "event": Text("Sự việc có thật", "A real event"),
    "sensor": Text("Lỗi thiết bị", "A fault of a device"),
    "undecided": Text("Chưa rõ", "Undecided"),
}
STANDS = Text("Vẫn đang diễn ra", "Still going on")
OVER = Text("Đã trở lại bình thường", "Back to normal")

# --- the list ---
STATES: Mapping[str, Text] = {
    "standing": Text("Chưa giải quyết", "Not resolved"),
    **STATUSES,
    "all": Text("Tất cả", "All"),
}
STATE = Text("Trạng thái", "Status")
SEVERITY = Text("Mức độ", "Severity")
DESK = Text("Bàn trực", "Desk")
NATURE = Text("Bản chất", "Nature")
AREA = Text("Khu vực", "Area")
ANY = Text("Tất cả", "All")
FILTER = Text("Lọc", "Filter")
ALL_AGAIN = Text("Bỏ lọc", "Clear")
INCIDENT = Text("Sự cố", "Incident")
PLACE = Text("Nơi xảy ra", "Place")
BEGAN = Text("Bắt đầu", "Began")
NEXT_PAGE = Text("Trang sau", "Next page")
FIRST_PAGE = Text("Về đầu", "Back to the top")
OF_SEVERAL = Text("{} đối tượng", "{} assets")
NOTHING_STANDS = Text(
    "Không còn sự cố nào chưa giải quyết. Mọi thứ đang bình thường.",
    "No incident is unresolved. All is well.",
)
NOTHING_FOUND = Text(
    "Không có sự cố nào khớp với bộ lọc này.", "No incident is like what you asked for."
)
NO_MORE = Text("Không còn sự cố nào nữa.", "There are no more incidents.")

# --- one incident ---
BACK = Text("Danh sách sự cố", "All incidents")
NUMBER = Text("Sự cố số {}", "Incident {}")
LAST = Text("Bất thường gần nhất", "Last odd at")
OPENED = Text("Ghi nhận", "Noticed")
RETURNED = Text("Trở lại bình thường", "Returned to normal")
ACKNOWLEDGED = Text("Tiếp nhận", "Acknowledged")
RESOLVED = Text("Giải quyết xong", "Resolved")
CONDITION = Text("Tình trạng", "Condition")
ASSET = Text("Đối tượng", "Asset")
METRIC = Text("Chỉ số", "Metric")
ORGANISATION = Text("Đơn vị", "Unit")
ANOMALIES = Text("Số lần bất thường", "Anomalies")
MEMBERS = Text("Đối tượng liên quan ({})", "Assets it is about ({})")
SINCE = Text("từ {}", "since {}")
TO_BOARD = Text("Xem biểu đồ trên Grafana", "Its board in Grafana")
WHY = Text("Vì sao bất thường", "Why it is odd")
NOT_EXPLAINED = Text(
    "Không còn dữ liệu bất thường của sự cố này để giải thích.",
    "None of the incident's anomalies is kept any more, so there is nothing to explain it by.",
)
WHY_NATURE = Text("Căn cứ", "Grounds")
EXPECTED = Text("Giá trị mong đợi", "Expected")
VALUE = Text("Giá trị đo được", "Measured")
NORMAL_BAND = Text("Khoảng bình thường", "Normal band")
FROM_TO = Text("{} đến {}", "{} to {}")
NO_BAND = Text("chưa biết", "not known")
SHARES = Text("Dấu hiệu đóng góp", "What contributed")
NEIGHBOURS = Text("Điểm đo lân cận", "Neighbours")
NO_NEIGHBOURS = Text("Không có điểm đo cùng loại ở gần.", "There is no neighbour of the same kind.")
STANCES: Mapping[str, Text] = {
    "agrees": Text("cũng thay đổi như vậy", "does the same"),
    "disagrees": Text("không thay đổi như vậy", "does not"),
    "silent": Text("không có số liệu", "said nothing"),
}
KILOMETRES = Text("cách {} km", "{} km away")
SIMILAR = Text("Sự cố tương tự trước đây", "Incidents like it before")
NO_SIMILAR = Text("Chưa có sự cố nào tương tự.", "There was none.")
LIKENESS = Text("giống {} %", "{} % alike")
CHART = Text("Số liệu quanh thời điểm bất thường", "The readings around it")
CHART_OF = Text(
    "Biểu đồ từ {} đến {}; dải màu là khoảng bình thường lúc bất thường nhất, chấm là điểm bất"
    " thường.",
    "From {} to {}; the shaded band is what was normal at the oddest moment, dots are odd points.",
)
NO_CHART = Text("Không còn số liệu của khoảng thời gian này.", "No readings of that time are kept.")
TIMELINE = Text("Diễn biến", "Timeline")
SYSTEM = Text("Hệ thống", "The system")
MOVED: Mapping[str, Text] = {
    "open": Text("mở sự cố", "opened it"),
    "recur": Text("ghi nhận tái diễn", "saw it recur"),
    "clear": Text("ghi nhận đã trở lại bình thường", "saw it return to normal"),
    "acknowledge": Text("tiếp nhận", "acknowledged it"),
    "resolve": Text("giải quyết xong", "resolved it"),
}

# --- what people do ---
ACT = Text("Xử lý", "What to do")
MOVES: Mapping[str, Text] = {
    "acknowledge": Text("Tiếp nhận", "Acknowledge"),
    "resolve": Text("Đã giải quyết xong", "Resolve"),
}
DONE: Mapping[str, Text] = {
    "acknowledge": Text("Đã tiếp nhận sự cố.", "The incident is acknowledged."),
    "resolve": Text("Sự cố đã được giải quyết xong.", "The incident is resolved."),
    "feedback": Text("Đã ghi nhận đánh giá.", "Your judgement is noted."),
}
NOTE = Text("Ghi chú (không bắt buộc)", "Note (optional)")
NO_STEPS = Text(
    "Sự cố đã được giải quyết; không còn thao tác nào.",
    "It is resolved; there is nothing left to do.",
)
ONLY_LOOK = Text(
    "Mã truy cập của bạn chỉ có quyền xem. Người trực vận hành mới được xử lý sự cố.",
    "Your token may only look. It takes an operator to act.",
)
JUDGE = Text("Cảnh báo này có thật không?", "Was the alarm real?")
VERDICTS: Mapping[str, Text] = {
    "real": Text("Có thật", "Real"),
    "false": Text("Báo động giả", "False alarm"),
    "withdrawn": Text("Rút lại đánh giá", "Take it back"),
}
HOLDS: Mapping[str, Text] = {
    "real": Text("Đã được xác nhận là có thật.", "It was called real."),
    "false": Text("Đã được đánh giá là báo động giả.", "It was called a false alarm."),
}
NOT_JUDGED = Text("Chưa ai đánh giá.", "Nobody has said so far.")
SAID: Mapping[str, Text] = {
    "real": Text("xác nhận là có thật", "called it real"),
    "false": Text("đánh giá là báo động giả", "called it a false alarm"),
    "withdrawn": Text("rút lại đánh giá", "took that back"),
}

# --- what is refused ---
FASTER = Text(
    "Có người nhanh tay hơn: sự cố đã thay đổi từ lúc bạn mở trang này, nên thao tác của bạn chưa"
    " được thực hiện. Hãy xem trạng thái mới bên dưới rồi quyết định lại.",
    "Somebody was faster: the incident has changed since you opened this page, so what you asked"
    " for was not done. Look at how it stands now, then decide again.",
)
NOTHING_TO_WITHDRAW = Text(
    "Không có đánh giá nào đang có hiệu lực để rút lại.",
    "Nothing is said of this incident that could be taken back.",
)
TOO_LONG = Text(
    "Ghi chú dài quá 2000 ký tự. Hãy rút ngắn rồi gửi lại.",
    "The note is over 2000 characters. Shorten it and send it again.",
)
NO_SUCH_INCIDENT = Text("Không có sự cố mang số này.", "There is no incident of this number.")
NO_SUCH_PAGE = Text("Không có trang này.", "There is no such page.")
NOT_HERE = Text("Trang này không nhận yêu cầu như vậy.", "This page takes no such request.")
NOT_UNDERSTOOD = Text(
    "Yêu cầu này không hợp lệ. Hãy quay lại trang trước và thử lại.",
    "This request cannot be understood. Go back to the page before and try again.",
)
FOREIGN = Text(
    "Yêu cầu không được gửi từ trang này nên đã bị từ chối. Hãy mở lại trang và thao tác tại đây.",
    "This was not sent from a page of ours and was refused. Open the page anew and do it here.",
)
ROLE_TOO_LOW = Text(
    "Mã truy cập của bạn không được phép làm việc này.", "Your token may not do this."
)
TOO_LARGE = Text("Nội dung gửi lên quá lớn.", "What was sent is too large.")
DATABASE_AWAY = Text(
    "Cơ sở dữ liệu không trả lời. Hãy thử lại sau ít phút.",
    "The database does not answer. Try again in a moment.",
)
OUR_FAULT = Text(
    "Có lỗi ở phía hệ thống; nhật ký đã ghi lại nguyên nhân.",
    "Something went wrong here; the log says what.",
)


def said(text: Text, language: Language, *slots: object) -> str:
    """A text in one language, with what stands in its braces.

    >>> said(NUMBER, "en", 7)
    'Incident 7'
    """
    chosen = text.vi if language == "vi" else text.en
    return chosen.format(*slots) if slots else chosen
