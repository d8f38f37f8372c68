"""The states of a dossier in the national record: their words, and which may follow which."""

from enum import IntEnum, StrEnum


class Channel(IntEnum):
    """How a dossier came in (KenhThucHien)."""

    DIRECT = 1
    ONLINE = 2
    POSTAL = 3

    __hash__ = int.__hash__  # as that of the number it equals; an enumeration's own is slow


class Group(StrEnum):
    """What a report counts a state under."""

    RECEIVED_ONLINE = "received-online"
    IN_PROCESS = "in-process"
    PAUSED = "paused"
    PROCESSED = "processed"
    REJECTED = "closed-rejected"


class State(IntEnum):
    """Where a dossier stands (TrangThaiHoSo)."""

    REGISTERED = 1
    RECEIVED = 2
    REFUSED = 3
    IN_PROCESS = 4
    PAPER_ASKED = 5
    FEE_ASKED = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10

    __hash__ = int.__hash__  # as that of the number it equals; an enumeration's own is slow

    @property
    def words(self) -> tuple[str, str]:
        """What it is called in Vietnamese and in English."""
        return WORDS[self]

    @property
    def group(self) -> Group:
        """What a report counts it under."""
        return GROUPS[self]


WORDS: dict[State, tuple[str, str]] = {
    State.REGISTERED: ("Mới đăng ký", "Registered"),
    State.RECEIVED: ("Được tiếp nhận", "Received"),
    State.REFUSED: ("Không được tiếp nhận", "Not accepted"),
    State.IN_PROCESS: ("Đang xử lý", "In process"),
    State.PAPER_ASKED: ("Yêu cầu bổ sung giấy tờ", "Supplement requested"),
    State.FEE_ASKED: ("Yêu cầu thực hiện nghĩa vụ tài chính", "Payment requested"),
    State.WITHDRAWN: ("Công dân yêu cầu rút hồ sơ", "Withdrawn by the citizen"),
    State.STOPPED: ("Dừng xử lý", "Processing stopped"),
    State.DONE: ("Đã xử lý xong", "Processed"),
    State.RETURNED: ("Đã trả kết quả", "Result returned"),
}

GROUPS: dict[State, Group] = {
    State.REGISTERED: Group.RECEIVED_ONLINE,
    State.RECEIVED: Group.IN_PROCESS,
    State.REFUSED: Group.REJECTED,
    State.IN_PROCESS: Group.IN_PROCESS,
    State.PAPER_ASKED: Group.PAUSED,
    State.FEE_ASKED: Group.PAUSED,
    State.WITHDRAWN: Group.PROCESSED,
    State.STOPPED: Group.PAUSED,
    State.DONE: Group.PROCESSED,
    State.RETURNED: Group.PROCESSED,
}

# A registered one came online; at the counter it begins as received [D].
BEGINNINGS = frozenset({State.REGISTERED, State.RECEIVED})

# No authority has published such a table: [D], [G].
MOVES: dict[State, frozenset[State]] = {
    before: frozenset(State(code) for code in codes)
    for before, codes in {
        State.REGISTERED: (2, 3, 5, 7),
        State.RECEIVED: (4, 5, 6, 7),
        State.REFUSED: (),
        State.IN_PROCESS: (4, 5, 6, 7, 8, 9),
        State.PAPER_ASKED: (2, 4, 7, 8),
        State.FEE_ASKED: (4, 7, 8),
        State.WITHDRAWN: (),
        State.STOPPED: (4, 10),
        State.DONE: (10,),
        State.RETURNED: (),
    }.items()
}


def allowed(before: State | None, state: State) -> bool:
    """Whether a dossier may go from one state to another; None is before its first."""
    return state in (BEGINNINGS if before is None else MOVES[before])
