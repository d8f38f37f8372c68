"""Whether the API can do its work; for supervisors, without a token."""

from typing import Literal

from fastapi import APIRouter

from services.api.access import Database
from services.api.problems import documented
from services.api.terms import Told, exampled
from services.store.pool import answers

router = APIRouter(tags=["health"])


class Health(Told):
    """All is well."""

    model_config = exampled({"status": "ok", "database": "ok"})
    status: Literal["ok"] = "ok"
    database: Literal["ok"] = "ok"


@router.get("/health", responses=documented(503))
def show_health(pool: Database) -> Health:
    """Says that the API serves and its database answers; 503 where it does not."""
    answers(pool)
    return Health()
