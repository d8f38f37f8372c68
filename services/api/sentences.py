"""What an incident is about, in whole sentences of both languages."""

from pydantic.config import JsonDict

from models import told_odd
from models.explain import Explanation, explain
from services.api.terms import Told, exampled
from services.store import evidence, incident_words
from services.store.pool import Connection

TEXT: JsonDict = {
    "vi": "Trạm bơm số 7: Lưu lượng là 97 m3/h lúc 07:00 01/01/2026, cao hơn khoảng bình thường"
    " (11,3 đến 13,5 m3/h). Dấu hiệu: giá trị lệch khỏi mức gần đây. Không có điểm đo lân cận"
    " cùng loại để đối chiếu. Chưa có sự cố nào tương tự trước đây.",
    "en": "Trạm bơm số 7: Flow was 97 m3/h at 07:00 01/01/2026, above the normal band (11.3 to"
    " 13.5 m3/h). The sign is that the value left its recent level. There is no neighbour of the"
    " same kind to compare with. There was no incident like it before.",
}


class InWords(Told):
    """Sentences in Vietnamese and in English."""

    model_config = exampled(TEXT)
    vi: str
    en: str


def explained(conn: Connection, incident_id: int) -> Explanation | None:
    """Why the oddest point of an incident is odd; None where no anomaly of it is kept."""
    oddest = evidence.oddest(conn, incident_id)
    if oddest is None:
        return None
    around = evidence.neighbours(conn, oddest.stream_id, oddest.point.time)
    return explain(oddest.subject, oddest.point, around, evidence.past(conn, incident_id))


def words(conn: Connection, incident_id: int) -> InWords | None:
    """What a rule said of an incident, else why its oddest point is odd; None of nothing."""
    said = incident_words.of(conn, [incident_id]).get(incident_id)
    if said is not None:
        return InWords.model_validate(said)
    found = explained(conn, incident_id)
    return None if found is None else InWords.model_validate(told_odd.text(found))
