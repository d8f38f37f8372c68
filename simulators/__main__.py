"""The commands of the outside world: python -m simulators --help."""

import sys

import typer

from simulators.commands.city import run_city
from simulators.commands.dossiers import tell_dossiers
from simulators.commands.light import run_light
from simulators.commands.load import load_broker
from simulators.commands.picture import draw_pictures
from simulators.commands.record import record_topics
from simulators.commands.registry import print_registry
from simulators.commands.replay import replay_files
from simulators.commands.scenarios import list_scenarios
from simulators.commands.score import score_platform
from simulators.commands.terminal import EXIT_CODES, say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="The outside world of the platform: devices and e-government services that publish over "
    "MQTT. The broker is named by MQTT_HOST (127.0.0.1 when unset), MQTT_PORT (1883), "
    "MQTT_USERNAME and MQTT_PASSWORD or MQTT_PASSWORD_FILE; the API, where a command asks it, by "
    "API_URL and API_TOKEN.\n\n"
    "Exit codes: 0 everything acknowledged; 2 usage, or a file that cannot be read; 3 the broker or "
    "the API refuses or cannot be reached; 4 not everything was acknowledged; 130 stopped by hand.",
)
app.command("city")(run_city)
app.command("replay")(replay_files)
app.command("record")(record_topics)
app.command("registry")(print_registry)
app.command("load")(load_broker)
app.command("light")(run_light)
app.command("scenarios")(list_scenarios)
app.command("dossiers")(tell_dossiers)
app.command("score")(score_platform)
app.command("picture")(draw_pictures)


def main() -> None:
    """Run a command; what went wrong is one sentence and an exit code."""
    try:
        app(prog_name="python -m simulators")
    except tuple(EXIT_CODES) as why:
        say(str(why))
        sys.exit(EXIT_CODES[type(why)])


if __name__ == "__main__":
    main()
