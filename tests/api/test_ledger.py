import httpx

from services.store.pool import Connection


def lines(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(line["time"][:16], line["worker"]) for line in answer.json()]


def test_the_ledger_balances(viewer: httpx.Client) -> None:
    (line,) = viewer.get("/ledger").json()
    assert (
        line.items()
        >= {
            "worker": "ingest-1",
            "received": 34,
            "stored": 30,
            "duplicate": 2,
            "rejected": 2,
            "held": 0,
            "imbalance": 0,
        }.items()
    )


def test_pages_of_the_ledger_leave_no_line_out(viewer: httpx.Client, store: Connection) -> None:
    store.execute(
        """INSERT INTO ledger (worker, minute, received)
           SELECT 'worker-' || worker, '2001-01-01T00:00Z'::timestamptz + minute * INTERVAL '1 min', 1
           FROM generate_series(1, 2) worker, generate_series(0, 3) minute"""
    )
    window = "since=2001-01-01T00:00:00Z&until=2001-01-02T00:00:00Z"
    whole = viewer.get(f"/ledger?{window}")
    assert lines(whole)[:3] == [
        ("2001-01-01T00:03", "worker-1"),
        ("2001-01-01T00:03", "worker-2"),
        ("2001-01-01T00:02", "worker-1"),
    ]
    assert whole.json()[0]["imbalance"] == 1
    for limit in (2, 3, 5, 8):
        found, url = [], f"/ledger?{window}&limit={limit}"
        while url:
            answer = viewer.get(url)
            found += lines(answer)
            url = answer.links.get("next", {}).get("url", "")
        assert found == lines(whole)


def test_the_ledger_has_a_window(viewer: httpx.Client) -> None:
    assert viewer.get("/ledger?until=2000-01-01T00:00:00Z").json() == []
    assert viewer.get("/ledger?since=9000-01-01T00:00:00Z").json() == []
