"""What a run has brought so far, asked of the API."""

import http.client
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scripts.stack import addresses
from scripts.stack.home import Home

MOST_PAGES = 200  # of a thousand rows each: a summary that would take longer is cut short


def summarise(home: Home, since: datetime) -> str:
    """Count what was stored, refused, noticed and opened since that minute, in a sentence."""
    found = addresses.read(home.addresses)
    url, token = found["API_URL"], found["API_TOKEN"]
    minute = since.astimezone(UTC).replace(second=0, microsecond=0)
    after = urllib.parse.urlencode({"since": minute.isoformat(), "limit": 1000})
    try:
        ledger = list(rows(f"{url}/ledger?{after}", token))
        anomalies = sum(1 for _ in rows(f"{url}/anomalies?{after}", token))
        opened = (row["opened_at"] for row in rows(f"{url}/incidents?limit=1000", token))
        incidents = sum(1 for at in opened if datetime.fromisoformat(at) >= minute)
    except (OSError, http.client.HTTPException, ValueError, KeyError) as why:
        return f"the API gave no summary: {why}"
    stored = sum(line["stored"] for line in ledger)
    rejected = sum(line["rejected"] for line in ledger)
    return (
        f"since {minute:%H:%M} UTC: {stored:,} readings stored, {rejected:,} rejected, "
        f"{anomalies:,} anomalies noticed, {incidents:,} incidents opened"
    )


def rows(url: str, token: str) -> Iterator[dict[str, Any]]:
    """Read a list of the API page by page."""
    following: str | None = url
    for _ in range(MOST_PAGES):
        if following is None:
            return
        request = urllib.request.Request(  # noqa: S310 - our own API
            following, headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            yield from json.load(answer)
            link = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        following = urllib.parse.urljoin(url, link.group(1)) if link else None
