"""The front page: what there is to ask for, for people; everything on it is our own."""

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from services.api.headers import HEADERS
from services.api.problems import anchor, kinds, sentence

router = APIRouter(include_in_schema=False)

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid #ccc; padding: .4rem .6rem; vertical-align: top }
code { white-space: nowrap }
small { color: #555 }
"""
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"{HEADERS['Content-Security-Policy']}; style-src 'sha256-{STYLE_HASH}'"


@router.get("/")
async def show_front_page(request: Request) -> HTMLResponse:
    """Lists the resources out of the OpenAPI description."""
    return HTMLResponse(
        page(request.app.openapi()), headers=HEADERS | {"Content-Security-Policy": POLICY}
    )


def page(description: dict[str, Any]) -> str:
    """The page of a description."""
    about = description["info"]
    problems = "".join(
        f'<tr id="{anchor(kind)}"><td><code>{anchor(kind)}</code></td>'
        f"<td>{getattr(kind, 'http_status', 500)}</td><td>{escape(sentence(kind))}</td></tr>"
        for kind in kinds()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(about['title'])}</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(about['title'])} {escape(about['version'])}</h1>"
        f"<p>{escape(about['description'])}</p>"
        '<p>The whole description: <a href="openapi.json">openapi.json</a></p>'
        f"<table>{''.join(operations(description))}</table>"
        f"<h2>Problems</h2><table>{problems}</table></body></html>"
    )


def operations(description: dict[str, Any]) -> Iterator[str]:
    """A line of the table for each thing that may be asked."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            asked = ", ".join(
                escape(parameter["name"])
                for parameter in operation.get("parameters", [])
                if parameter["in"] == "query"
            )
            yield (
                f"<tr><td><code>{method.upper()} {escape(path)}</code></td>"
                f"<td>{escape(operation['description'])}<br><small>{asked}</small></td></tr>"
            )
