"""Whatever is asked, the API answers as its description says, and never with a fault of its own."""

from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from services.api.app import create_app
from services.api.settings import ApiSettings
from services.store.pool import Connection
from tests.api import city
from tests.api.conftest import People

DESCRIPTION = create_app(ApiSettings()).openapi()
for methods in DESCRIPTION["paths"].values():
    for described in methods.values():
        described.pop("security", None)  # test_access.py is about tokens
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS = {
    found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)
}
CLAIM, HEALTH = "PATCH /assets/{name}", "GET /health"
OF_A_NEWCOMER = {CLAIM, "POST /assets/{name}/commands"}
EXAMPLES = 40
AnyCase = Case[Any]


def sent(case: AnyCase, client: httpx.Client) -> httpx.Response:
    """The answer to a made-up request, encoded as any client would."""
    request = requests.Request(**case.as_transport_kwargs(base_url=str(client.base_url))).prepare()
    body = request.body
    assert body is None or isinstance(body, bytes | str)
    return client.request(
        str(request.method),
        str(request.url),
        headers={
            name: value if isinstance(value, str) else value.decode("latin-1")
            for name, value in request.headers.items()
        },
        content=body,
    )


def unheard_of(answer: httpx.Response) -> bool:
    """Whether what was refused fits the schema, and only the store or the models could know."""
    return answer.status_code == 422 and answer.json()["type"] in {
        "/#unknown-kind",
        "/#unknown-area",
        "/#unknown-asset",
        "/#unknown-parent",
        "/#range-upside-down",
        "/#bad-account",
    }


def test_every_operation_can_be_asked() -> None:
    assert set(OPERATIONS) == {
        f"{method.upper()} {path}"
        for path, methods in DESCRIPTION["paths"].items()
        for method in methods
    }


@pytest.mark.parametrize(
    ("label", "mode"),
    [(label, mode) for label in OPERATIONS for mode in GenerationMode if label != HEALTH],
)
def test_any_request_is_answered_as_described(
    label: str, mode: GenerationMode, people: People, store: Connection
) -> None:
    path = {"name": city.newcomer(store)} if label in OF_A_NEWCOMER else None

    @settings(
        max_examples=EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(mode, path_parameters=path))
    def law(case: AnyCase) -> None:
        answer = sent(case, people.engineer)
        unfair = [positive_data_acceptance] if unheard_of(answer) else []
        if answer.status_code == 413:  # too large to be looked at
            unfair.append(negative_data_rejection)
        case.validate_response(answer, excluded_checks=[ignored_auth, *unfair])

    law()
