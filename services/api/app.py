"""The application: its resources, its one way in, its one voice for problems."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypedDict

from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.answers import Answers
from services.api import (
    accounts,
    anomalies,
    assets,
    catalogue,
    commands,
    connectivity,
    derivations,
    desks,
    dossiers,
    edge,
    egov,
    explanations,
    feedback,
    front,
    health,
    incidents,
    kinds,
    ledger,
    model_versions,
    outlook,
    problems,
    readings,
    rejects,
    replays,
    streams,
    units,
)
from services.api.headers import HEADERS
from services.api.settings import ApiSettings
from services.store.pool import Pool, open_pool

LARGEST_BODY = 64 * 1024
VERSION = "1"
DESCRIPTION = (
    "A province's sensors and e-government services: what they report, what is odd about it, "
    "and what people do about it. Every path but /health takes a token. Lists come in pages; "
    "the Link header names the next one. Times are RFC 3339 with their zone. A refusal is a "
    "problem of RFC 9457."
)
TAGS = [
    {"name": "assets", "description": "What reports."},
    {"name": "connectivity", "description": "Who is heard, how often, and whose clock is off."},
    {"name": "streams", "description": "One metric of one asset."},
    {"name": "catalogue", "description": "What can be measured at all, and by what."},
    {"name": "readings", "description": "What was reported or derived, and of what."},
    {"name": "rejects", "description": "Messages that gave no reading: mend, replay, dismiss."},
    {"name": "anomalies", "description": "What the detectors and the city's rules noticed."},
    {"name": "incidents", "description": "What somebody has to look at."},
    {"name": "desks", "description": "Who watches what; false alarms promised, and seen."},
    {"name": "models", "description": "Which version judges, and which did before."},
    {"name": "commands", "description": "What a device is told to do, and what it answers."},
    {"name": "units", "description": "Who handles dossiers, as of a day."},
    {"name": "dossiers", "description": "What happens to dossiers, and the load of every unit."},
    {"name": "egov", "description": "The index of Decision 766, readiness, coverage, forecasts."},
    {"name": "ledger", "description": "What became of everything that was received."},
    {"name": "accounts", "description": "Who may sign in to the MQTT broker."},
    {"name": "health", "description": "Whether the API can do its work."},
]


class State(TypedDict):
    """What the lifespan gives every request."""

    pool: Pool
    waiting: commands.Waiting


class Api(FastAPI):
    """FastAPI whose description knows the one form of our problems."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description, made once."""
        if self.openapi_schema is None:
            schemas = super().openapi()["components"]["schemas"]
            for framework_own in ("HTTPValidationError", "ValidationError"):
                schemas.pop(framework_own, None)
            described = problems.Problem.model_json_schema(
                ref_template="#/components/schemas/{model}"
            )
            schemas |= described.pop("$defs") | {"Problem": described}
        return super().openapi()


def create_app(settings: ApiSettings) -> FastAPI:
    """The API; its connections to the database live as long as it serves."""
    app = Api(
        title="CityOps",
        version=VERSION,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,  # FastAPI's own pages fetch their parts from elsewhere: see front.py
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        lifespan=lifespan(settings),
    )
    # The last one added is the outermost.
    batches = {"/egov/dossier-events": dossiers.LARGEST_BATCH}
    app.add_middleware(edge.BodyLimit, largest=LARGEST_BODY, larger=batches)
    app.add_middleware(Answers, headers=HEADERS)
    problems.install(app)
    always = problems.documented(401, 422, 503)
    described = (assets, connectivity, streams, catalogue, kinds, readings, derivations)
    for resource in (
        *described,
        rejects,
        replays,
        anomalies,
        incidents,
        explanations,
        feedback,
        desks,
        model_versions,
        commands,
        units,
        dossiers,
        egov,
        outlook,
        ledger,
        accounts,
    ):
        app.include_router(resource.router, responses=always)
    app.include_router(health.router)
    app.include_router(front.router)
    return app


def lifespan(
    settings: ApiSettings,
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """Opens the pool before the first request, and closes it after the last."""

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[State]:
        with open_pool("api", size=settings.pool, queue=settings.queue_seconds) as pool:
            yield State(pool=pool, waiting=commands.Waiting(commands.MOST_WAITING))

    return living


def operation_id(route: APIRoute) -> str:
    """The name of the function: list_assets, acknowledge_incident."""
    return route.name
