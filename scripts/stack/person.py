"""The system user a process runs as, with the files that belong to it alone."""

import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.stack.refusals import RightsMissing, StateUnusable


@dataclass(frozen=True)
class Person:
    """A user of this system."""

    name: str
    uid: int
    gid: int

    @property
    def switch(self) -> dict[str, Any]:
        """The arguments of `subprocess.Popen` that make a process this user's."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may(self, right: str, path: Path) -> bool:
        """Whether this user may read (r), write (w) or enter and run (x) what is there."""
        test = ["/usr/bin/test", f"-{right}", str(path)]
        return subprocess.run(test, check=False, cwd="/", **self.switch).returncode == 0

    def own_folder(self, path: Path, mode: int = 0o700) -> Path:
        """Make the folder this user's, with this mode; its parents must be there.

        Raises StateUnusable where something else than a folder is in its place.
        """
        # Not through a link: whose folder it lies in could have put one there for root to follow.
        try:
            path.mkdir(mode=mode, exist_ok=True)
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except (FileExistsError, NotADirectoryError) as error:
            raise StateUnusable(f"{path} is no folder, or a link: take it away.") from error
        try:
            status = os.fstat(handle)
            if (status.st_uid, status.st_gid) != (self.uid, self.gid) and os.geteuid() == 0:
                os.fchown(handle, self.uid, self.gid)
            if status.st_mode & 0o777 != mode:
                os.fchmod(handle, mode)
        finally:
            os.close(handle)
        return path

    def own_file(self, path: Path, text: str) -> Path:
        """Put a file that only this user reads in place of what is there, at once."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            if os.geteuid() == 0:
                os.fchown(handle, self.uid, self.gid)
        return Path(name).replace(path)


def invoker() -> Person:
    """Tell who runs this process."""
    entry = pwd.getpwuid(os.geteuid())
    return Person(entry.pw_name, entry.pw_uid, entry.pw_gid)


def unprivileged(name: str) -> Person:
    """Choose the named system user when root invokes, since a server must not be root."""
    if os.geteuid() != 0:
        return invoker()
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise RightsMissing(
            f"root starts the servers as the system user {name}, who does not exist: run scripts/setup."
        ) from None
    return Person(entry.pw_name, entry.pw_uid, entry.pw_gid)
