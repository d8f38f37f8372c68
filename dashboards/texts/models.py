"""What people read on the board of models."""

from typing import Final

from dashboards.language import Text
from dashboards.texts import Words

BOARD: Final = Words(
    "Mô hình phát hiện",
    "Models",
    "Ngân sách cảnh báo đã hứa và đã thấy, phiên bản mô hình, độ trôi của điểm số, phản hồi của "
    "người trực, tỷ trọng của từng bộ phát hiện.",
    "Alarm budget promised and seen, versions of the models, drift of scores, what operators said, "
    "the share of each detector.",
)
KEPT: Final = Words(
    "Lời hứa trong khoảng thời gian đang xem",
    "The promise in the time range",
    "Tỷ lệ ca trực có số cảnh báo không quá ngân sách, số ca, số cảnh báo, và bao nhiêu được người "
    "trực cho là thật hoặc sai.",
    "Share of shifts with no more alarms than the budget allows, number of shifts and of alarms, "
    "and how many operators called real or false.",
)
BUDGET: Final = Words(
    "Ca trực hiện tại",
    "The shift under way",
    "Mỗi bàn trực: số cảnh báo sai đã hứa, số đã thấy (trừ những gì được cho là thật), và ngưỡng "
    "đang dùng (1 là của mô hình; calibrated: theo ngân sách, learning: còn học, floor/ceiling: "
    "chạm giới hạn).",
    "Each desk: false alarms promised, seen (less what was called real), and the threshold in force "
    "(1 is the model's own; calibrated: by the budget, learning: still learning, floor or ceiling: "
    "at its bound).",
)
SHIFTS: Final = Words(
    "Đã hứa và đã thấy theo ca",
    "Promised and seen, by shift",
    "Số cảnh báo mỗi ca so với ngân sách của bàn trực; trên đường hứa là ca bị quá tải.",
    "Alarms of each shift against the budget of its desk; above the promise the shift had too many.",
)
DRIFT: Final = Words(
    "Độ trôi: mức hiếm của điều đã báo",
    "Drift: how improbable what was told is",
    "Trung vị của -log10(1 - điểm) theo phiên bản: 5 là một phần trăm nghìn. Giảm dần nghĩa là mô "
    "hình báo những điều ngày càng thường.",
    "Median of -log10(1 - score) by version: 5 is one in 100,000. A slow fall says that the model "
    "tells of ever more ordinary things.",
)
BY_DETECTOR: Final = Words(
    "Bất thường theo bộ phát hiện",
    "Anomalies by detector",
    "Số bất thường trong mỗi khoảng thời gian, theo bộ phát hiện hoặc quy tắc đã tìm ra.",
    "Anomalies in each span of time, by the detector or rule that found them.",
)
SHARES: Final = Words(
    "Tỷ trọng của từng bộ phát hiện",
    "Share of each detector",
    "Phần bất thường do mỗi bộ phát hiện hoặc quy tắc tìm ra trong khoảng thời gian đang xem.",
    "The share of anomalies in the time range that each detector or rule found.",
)
VERSIONS: Final = Words(
    "Phiên bản mô hình",
    "Versions of the models",
    "Phiên bản đang chạy ở trên; dữ liệu đã dùng để thử và kết quả thử của từng phiên bản.",
    "The live version on top; the data each was tried on, and how well it did.",
)
FEEDBACK: Final = Words(
    "Phản hồi của người trực",
    "What operators said",
    "20 phản hồi mới nhất còn hiệu lực trong khoảng thời gian đang xem: cảnh báo là thật hay sai.",
    "The 20 newest words in force in the time range: whether an alarm was real or false.",
)
PROMISED: Final = Text("đã hứa", "promised")
SEEN: Final = Text("đã thấy", "seen")
VERSION: Final = Text("Phiên bản", "Version")
NO_SHIFT: Final = Text("Chưa có ca trực nào có cảnh báo", "No shift with alarms yet")
NO_VERSION: Final = Text("Chưa có phiên bản nào", "No version yet")
NO_WORD: Final = Text("Chưa có phản hồi", "No feedback yet")
VERSION_STATES: Final = {
    "live": Text("Đang chạy", "Live"),
    "candidate": Text("Ứng viên", "Candidate"),
    "retired": Text("Đã thôi", "Retired"),
}
VERDICTS: Final = {"real": Text("Thật", "Real"), "false": Text("Sai", "False")}
BOUNDS: Final = {
    "calibrated": Text("Theo ngân sách", "Calibrated"),
    "learning": Text("Còn học", "Learning"),
    "floor": Text("Chạm sàn", "At the floor"),
    "ceiling": Text("Chạm trần", "At the ceiling"),
}
# Who judges: what learned what is normal, and the city's rules.
DETECTORS: Final = {
    "level": Text("Mức so với quá khứ", "Level against the past"),
    "season": Text("Nhịp ngày, tuần", "Course of day and week"),
    "ensemble": Text("Diễn biến chung", "Whole course"),
    "neighbours": Text("So với lân cận", "Against neighbours"),
    "band": Text("Dải dự báo", "Forecast band"),
    "drift": Text("Trôi dần", "Drift"),
    "reach": Text("Ngoài tầm đo", "Out of reach"),
    "rate": Text("Thay đổi quá nhanh", "Rate of change"),
    "flatline": Text("Đứng yên", "Flat line"),
    "rhythm": Text("Nhịp gửi", "Rhythm of reports"),
    "silence": Text("Im lặng", "Silence"),
    "ledger": Text("Sổ cái", "Ledger"),
    "flood": Text("Quy tắc: lũ", "Rule: flood"),
    "rain": Text("Quy tắc: mưa", "Rule: rain"),
    "air-quality": Text("Quy tắc: không khí", "Rule: air"),
    "noise": Text("Quy tắc: tiếng ồn", "Rule: noise"),
    "traffic": Text("Quy tắc: giao thông", "Rule: traffic"),
    "lighting": Text("Quy tắc: đèn", "Rule: lamps"),
    "lighting-group": Text("Quy tắc: nhóm đèn", "Rule: groups of lamps"),
    "energy": Text("Quy tắc: điện", "Rule: electricity"),
    "waste-fire": Text("Quy tắc: cháy thùng rác", "Rule: container on fire"),
    "waste-filling": Text("Quy tắc: thùng đầy", "Rule: full containers"),
    "water-leak": Text("Quy tắc: rò rỉ nước", "Rule: water leak"),
    "counters": Text("Quy tắc: quầy một cửa", "Rule: counters"),
    "connector": Text("Quy tắc: kết nối", "Rule: connectors"),
    "documents": Text("Quy tắc: văn bản", "Rule: documents"),
    "portal": Text("Quy tắc: cổng dịch vụ", "Rule: portals"),
    "signing": Text("Quy tắc: ký số", "Rule: signatures"),
    "overdue": Text("Quy tắc: hồ sơ quá hạn", "Rule: overdue dossiers"),
    "idle": Text("Quy tắc: đơn vị không xử lý", "Rule: idle units"),
    "hand-overs": Text("Quy tắc: liên thông", "Rule: hand-overs"),
}
