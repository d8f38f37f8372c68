"""Whatever is asked, the API answers as its description says, and never with a fault of its own."""

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import ignored_auth

from services.api.app import create_app
from services.api.settings import ApiSettings
from tests.api.conftest import People

SCHEMA = schemathesis.openapi.from_dict(create_app(ApiSettings()).openapi())
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
EXAMPLES = 40


def sent(case: Case, client: httpx.Client) -> httpx.Response:
    """The answer to a made-up request, encoded as any client would."""
    request = requests.Request(**case.as_transport_kwargs(base_url=str(client.base_url))).prepare()
    return client.request(
        str(request.method), str(request.url), headers=dict(request.headers), content=request.body
    )


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("label", OPERATIONS)
def test_any_request_is_answered_as_described(
    label: str, mode: GenerationMode, people: People
) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy(mode))
    def law(case: Case) -> None:
        case.validate_response(sent(case, people.engineer), excluded_checks=[ignored_auth])

    law()
