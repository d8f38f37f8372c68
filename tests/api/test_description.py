"""The OpenAPI description, and the front page made of it."""

import re
from typing import Any

import httpx
import jsonschema
import pytest

from services.api.app import create_app
from services.api.settings import ApiSettings
from tests.api.conftest import People

DESCRIPTION = create_app(ApiSettings()).openapi()
SCHEMAS: dict[str, dict[str, Any]] = DESCRIPTION["components"]["schemas"]
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
]


def test_the_description_is_served(people: People) -> None:
    answer = people.nobody.get("/openapi.json")
    assert answer.json() == DESCRIPTION
    assert answer.json()["info"]["title"] == "CityOps"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_examples_that_fit_it(name: str) -> None:
    examples = SCHEMAS[name].get("examples", SCHEMAS[name].get("enum"))
    assert examples
    whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    for example in examples:
        jsonschema.validate(example, whole, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_every_operation_says_what_it_does_and_how_it_refuses(
    name: str, operation: dict[str, Any]
) -> None:
    assert operation["description"]
    assert operation["tags"]
    assert operation["operationId"]
    refusals = {status: each for status, each in operation["responses"].items() if status >= "400"}
    assert refusals.keys() >= ({"503"} if name == "GET /health" else {"401", "422", "503"})
    assert operation.get("security") == (None if name == "GET /health" else [{"token": []}])
    for refusal in refusals.values():
        schema = refusal["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Problem"}
        assert refusal["content"].keys() == {"application/problem+json"}


def test_the_token_is_a_bearer_token() -> None:
    scheme = DESCRIPTION["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_the_front_page_lists_every_operation(people: People) -> None:
    answer = people.nobody.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for name, _ in OPERATIONS:
        assert f"<code>{name}</code>" in answer.text
    assert 'id="stale-incident"' in answer.text


def test_the_front_page_needs_nothing_from_elsewhere(viewer: httpx.Client) -> None:
    answer = viewer.get("/")
    assert not re.search(r"<script|<link|<img|https?://|@import|url\(", answer.text)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; frame-ancestors 'none'; style-src 'sha256-")
