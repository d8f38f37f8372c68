"""Detection: runs as one process for all streams; its commands are models, budget and replay."""

import sys

import psycopg
import typer

from services import process
from services.detection import budget_commands, model_commands, replay_commands
from services.detection.parameters import BadParameters
from services.detection.replay import NothingToReplay
from services.detection.runner import Runner
from services.detection.settings import DetectionSettings
from services.store import arrivals
from services.store.pool import NoDatabase, open_pool
from services.store.refusals import Refusal
from services.store.terminal import say
from services.store.wakeup import Wakeup

app = typer.Typer(help="Without a command: judge what arrives until told to stop.")
app.add_typer(model_commands.app, name="models")
app.command()(budget_commands.budget)
app.command()(replay_commands.replay)


def work() -> None:
    """Judges what arrives until told to stop."""
    settings = process.read_settings(DetectionSettings)
    stop = process.on_stop_signals()
    with open_pool("detection", size=2) as pool, Wakeup(arrivals.CHANNEL) as wakeup:
        process.announce_ready()
        Runner(pool, settings).run(stop, wakeup)


@app.callback(invoke_without_command=True)
def run(context: typer.Context) -> None:
    """Judge what arrives until told to stop, or do what the command says."""
    if context.invoked_subcommand is None:
        raise typer.Exit(process.run(work, NoDatabase, BadParameters))


def main() -> int:
    """Runs the command; a refusal is one sentence and exit code 1."""
    try:
        app()
    except (BadParameters, NothingToReplay, Refusal, OSError, psycopg.Error) as error:
        say.print(str(error).strip(), markup=False, style="red")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
