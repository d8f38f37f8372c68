"""A small disk of one's own, which can be filled and emptied."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoSmallDisk(Exception):
    """Only root may mount one, and not everywhere."""


class SmallDisk:
    """A file system in memory; `fill` leaves so many bytes of it, `clear` gives them back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ballast = folder / "ballast"

    @property
    def free(self) -> int:
        """Bytes."""
        return shutil.disk_usage(self.folder).free

    def fill(self, leave: int) -> None:
        """Takes all the room but so many bytes."""
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, self.free - leave))

    def clear(self) -> None:
        """Gives the room back."""
        self.ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A disk of this size at a folder. Raises NoSmallDisk where none can be mounted."""
    if os.geteuid() != 0:
        raise NoSmallDisk("a small disk can be mounted by root alone")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    done = subprocess.run(mount, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NoSmallDisk(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
