"""The benchmarks: `scripts/bench NAME`."""

import typer

from tests.benchmarks import backtest, broker, chaos, dashboards, detection, egov, ingest

app = typer.Typer(no_args_is_help=True, help="Measures on this machine; nothing of it stays.")
app.command(name="ingest")(ingest.main)
app.command(name="detection")(detection.main)
app.command(name="egov")(egov.main)
app.command(name="dashboards")(dashboards.main)
app.command(name="backtest")(backtest.main)
app.command(name="broker")(broker.main)
app.command(name="chaos")(chaos.main)


@app.callback()
def callback() -> None:
    """Each benchmark starts its own services on free ports and ends them."""


if __name__ == "__main__":
    app()
