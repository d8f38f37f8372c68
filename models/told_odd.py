"""An explanation in whole sentences, Vietnamese first and English beside."""

import math
from datetime import datetime
from typing import NamedTuple

from models.city.derived.rules import BY_NAME
from models.egov.worktime import VIETNAM
from models.explain import Explanation, Like, Share, Side, Stance


class Text(NamedTuple):
    """The same said twice."""

    vi: str
    en: str


# What a detector or a statistic of one noticed: the end of "the most telling sign is that ...".
SIGNS = {
    "level": Text("giá trị lệch khỏi mức gần đây", "the value left its recent level"),
    "season": Text("giá trị khác thường so với giờ này", "the value is unusual for this hour"),
    "reach": Text("giá trị nằm ngoài phạm vi có thể có", "the value is beyond what is plausible"),
    "rate": Text("giá trị thay đổi nhanh bất thường", "the value changed unusually fast"),
    "flatline": Text("giá trị đứng yên quá lâu", "the value stood still for too long"),
    "rhythm": Text("nhịp gửi số liệu thay đổi", "the rhythm of reporting changed"),
    "drift": Text(
        "giá trị trôi dần khỏi mức thường ngày", "the value drifts from its usual course"
    ),
    "band": Text("giá trị nằm ngoài dải dự báo", "the value is outside the forecast's band"),
    "family": Text(
        "các chỉ số của thiết bị không còn đi cùng nhau", "its numbers no longer go together"
    ),
    "value": Text("giá trị chưa từng gặp ở điểm đo này", "such a value is new for this stream"),
    "mean": Text("mức trung bình chưa từng gặp", "its mean is where it never was"),
    "movement": Text("mức dao động khác thường", "it moves more or less than it ever did"),
    "bounds": Text("giá trị vượt biên của giờ này", "the value is beyond the bounds of its hour"),
    "bounds_of_mean": Text(
        "giá trị trung bình vượt biên của giờ này", "the mean is beyond the bounds of its hour"
    ),
    "neighbours": Text(
        "giá trị tách khỏi các điểm đo lân cận", "the value parts from those of its neighbours"
    ),
    "step": Text("giá trị nhảy mà lân cận không nhảy", "it leaped and its neighbours did not"),
    "apart": Text("giá trị xa rời các điểm đo lân cận", "it is far from its neighbours"),
    "ensemble": Text("diễn biến chung khác với quá khứ", "its course is unlike its past"),
    "ledger": Text("sổ cân đối số liệu bị lệch", "the ledger of readings does not add up"),
    "silence": Text("thiết bị im lặng", "the device fell silent"),
    "clock": Text("đồng hồ của thiết bị bị chậm", "the device's clock is behind"),
    "repeats": Text("thiết bị gửi lặp mọi bản tin", "the device sends everything many times"),
    "disorder": Text("bản tin đến sai thứ tự", "its messages come in another order"),
}
RULED = Text("một quy tắc của thành phố có hiệu lực", "a rule of the city holds")
UNNAMED = Text("một bộ phát hiện thấy điều chưa có tên", "a detector saw what has no name yet")
BECAME = {
    "real": Text("được xác nhận là thật", "was called real"),
    "false": Text("được xác nhận là báo động giả", "was called a false alarm"),
}
NOT_CALLED = Text("chưa được ai đánh giá", "was judged by nobody")
MOST_NAMES = 3


def text(found: Explanation) -> Text:
    """The explanation for people."""
    sentences = [size(found), signs(found.shares), neighbours(found), before(found.similar)]
    return Text(" ".join(each.vi for each in sentences), " ".join(each.en for each in sentences))


def size(found: Explanation) -> Text:
    """What was measured, against what is normal."""
    subject, point = found.subject, found.point
    asset, at = plain(subject.asset), clock(point.time)
    value = measured(point.value, subject.unit)
    vi = f"{asset}: {plain(subject.metric_vi)} là {value.vi} lúc {at}"
    en = f"{asset}: {plain(subject.metric_en)} was {value.en} at {at}"
    if found.low is None or found.high is None or found.side is Side.UNKNOWN:
        return Text(f"{vi}; chưa có khoảng bình thường để so.", f"{en}; no normal band is known.")
    low, high = measured(found.low, ""), measured(found.high, subject.unit)
    vi_band, en_band = f"{low.vi} đến {high.vi}", f"{low.en} to {high.en}"
    return {
        Side.ABOVE: Text(
            f"{vi}, cao hơn khoảng bình thường ({vi_band}).",
            f"{en}, above the normal band ({en_band}).",
        ),
        Side.BELOW: Text(
            f"{vi}, thấp hơn khoảng bình thường ({vi_band}).",
            f"{en}, below the normal band ({en_band}).",
        ),
        Side.WITHIN: Text(
            f"{vi}, trong khoảng bình thường ({vi_band}) nhưng diễn biến khác thường.",
            f"{en}, within the normal band ({en_band}) but odd in its course.",
        ),
    }[found.side]


def signs(shares: list[Share]) -> Text:
    """What told most, and how much of it all that was."""
    first = sign(shares[0].name)
    if len(shares) == 1:
        return Text(f"Dấu hiệu: {first.vi}.", f"The sign is that {first.en}.")
    second = sign(shares[1].name)
    one, two = round(100 * shares[0].share), round(100 * shares[1].share)
    return Text(
        f"Dấu hiệu rõ nhất: {first.vi} ({one} %); tiếp theo: {second.vi} ({two} %).",
        f"The most telling sign is that {first.en} ({one} %), then that {second.en} ({two} %).",
    )


def sign(name: str) -> Text:
    """What a detector, a statistic of one, or a rule of the city noticed."""
    return RULED if name in BY_NAME else SIGNS.get(name, UNNAMED)


def neighbours(found: Explanation) -> Text:
    """Who around says the same."""
    heard = [each for each in found.beside if each.stance is not Stance.SILENT]
    agreeing = [each for each in heard if each.stance is Stance.AGREES]
    if not heard:
        return Text(
            "Không có điểm đo lân cận cùng loại để đối chiếu.",
            "There is no neighbour of the same kind to compare with.",
        )
    if not agreeing:
        return Text(
            f"Không điểm nào trong {len(heard)} điểm đo lân cận cùng loại có diễn biến như vậy.",
            f"No neighbour of the same kind, of {len(heard)}, does the same.",
        )
    names = ", ".join(plain(each.neighbour.title) for each in agreeing[:MOST_NAMES])
    return Text(
        f"{len(agreeing)} trong {len(heard)} điểm đo lân cận cùng loại có diễn biến như vậy: {names}.",
        f"{len(agreeing)} of {len(heard)} neighbours of the same kind do the same: {names}.",
    )


def before(similar: list[Like]) -> Text:
    """What like ones became of."""
    if not similar:
        return Text(
            "Chưa có sự cố nào tương tự trước đây.", "There was no incident like it before."
        )
    past = similar[0].past
    became = BECAME.get(past.verdict or "", NOT_CALLED)
    day = f"{past.began_at.astimezone(VIETNAM):%d/%m/%Y}"
    return Text(
        f"Giống nhất là sự cố số {past.incident_id} ngày {day} ({plain(past.title)}),"
        f" kéo dài {minutes(past.minutes)} phút, {became.vi}.",
        f"Most like it is incident {past.incident_id} of {day} ({plain(past.title)}),"
        f" which lasted {minutes(past.minutes)} minutes and {became.en}.",
    )


def measured(value: float, unit: str) -> Text:
    """A number with its unit; Vietnamese has a comma where English has a point.

    >>> measured(1234.5678, "m3/h")
    Text(vi='1235 m3/h', en='1235 m3/h')
    >>> measured(12.44, "")
    Text(vi='12,44', en='12.44')
    """
    if not math.isfinite(value):
        return Text("không xác định", "no number")
    said = f"{value:.4g}" if value else "0"
    unit = plain(unit) if unit and unit != "1" else ""
    return Text(f"{said.replace('.', ',')} {unit}".strip(), f"{said} {unit}".strip())


def minutes(length: float) -> str:
    """A length in whole minutes, one at least."""
    return str(max(round(length), 1)) if math.isfinite(length) else "1"


def clock(moment: datetime) -> str:
    """A moment by the clock on the wall."""
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def plain(name: str) -> str:
    """A name without what belongs to code or would end a line.

    >>> plain("pump {7}")
    'pump (7)'
    """
    line = "".join(letter if letter.isprintable() else " " for letter in name)
    return line.replace("{", "(").replace("}", ")").strip() or "?"
