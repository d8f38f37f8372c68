import httpx
import pytest


def test_streams_are_listed_with_their_unit(viewer: httpx.Client) -> None:
    flow, level = viewer.get("/streams?limit=2").json()
    assert (
        flow.items()
        >= {"asset": "pump-7", "metric": "flow", "unit": "m3/h", "judged": True}.items()
    )
    assert (level["metric"], level["unit"]) == ("level", "m")


@pytest.mark.parametrize(
    ("query", "metrics"),
    [
        ("asset=pump-7", ["flow", "level"]),
        ("metric=level", ["level"]),
        ("asset=gauge-1", []),
        ("asset=pump-7&metric=flow", ["flow"]),
    ],
)
def test_streams_are_filtered(viewer: httpx.Client, query: str, metrics: list[str]) -> None:
    assert [stream["metric"] for stream in viewer.get(f"/streams?{query}").json()] == metrics


def test_a_page_of_streams_names_the_next(viewer: httpx.Client) -> None:
    first = viewer.get("/streams?asset=pump-7&limit=1")
    second = viewer.get(first.links["next"]["url"])
    assert [stream["metric"] for stream in first.json() + second.json()] == ["flow", "level"]
    assert "next" not in second.links
