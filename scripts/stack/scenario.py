"""The scenario that the simulated city plays, as the simulators describe it."""

import json
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from scripts.stack.home import CHECKOUT
from scripts.stack.person import Person
from scripts.stack.programs import PLAIN, PYTHON
from scripts.stack.refusals import BadSetting

USUAL = "city"  # when nobody names another
LIVED_IN = "10m"  # a scenario that has an end is lived through so quickly


class Scenario(NamedTuple):
    """A scenario's file or name, and the moment it starts at (seconds since 1970).

    Without a start it is the usual one: it has no beginning, and goes on as it ever did.
    """

    name: str
    start: float | None


class Begun(NamedTuple):
    """What the city of a state folder was begun with: a scenario, and its start where it has one."""

    name: str
    start: str = ""

    @property
    def text(self) -> str:
        """As it is kept in a file: a line each, since a file's name may hold anything but one."""
        return f"{self.name}\n{self.start}\n"


def begun_of(text: str) -> Begun:
    """What such a file says; one that is empty names no scenario."""
    name, start, *_ = [*text.splitlines(), "", ""]
    return Begun(name, start)


def find_scenario(name: str | None, player: Person) -> Scenario:
    """Ask the simulators; raises BadSetting with the line that is wrong.

    The player is who the simulated city runs as: a file has to be one it may read.
    """
    if name is None or name == USUAL:
        return Scenario(USUAL, None)
    named = str(Path(name).resolve()) if Path(name).is_file() else name
    if Path(named).is_absolute() and not player.may("r", Path(named)):
        raise BadSetting(f"--scenario: the system user {player.name} may not read {named}.")
    done = subprocess.run(
        [PYTHON, "-m", "simulators", "scenarios", "--json", "--", named],
        cwd=CHECKOUT,
        env=PLAIN,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BadSetting(f"--scenario: {done.stderr.strip().splitlines()[-1]}")
    (told,) = json.loads(done.stdout)
    if told["duration"] is None:
        raise BadSetting(f"--scenario: {name} has no duration: it cannot be lived through.")
    began = told["start"] if told["dated"] else time.time() - told["duration"]
    return Scenario(named, round(began))
