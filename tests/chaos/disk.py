"""A small disk of one's own, which can be filled and emptied."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BLOCK = 4096


class NoSmallDisk(Exception):
    """Only root may mount one, and not everywhere."""


class SmallDisk:
    """A file system in memory; `fill` leaves so many bytes of it, `clear` gives them back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ballast = folder / "ballast"

    def fill(self, leave: int) -> None:
        """Takes all the room but so many bytes, whoever else takes some of it meanwhile."""
        size, step = 0, 64 << 20
        with self.ballast.open("wb") as file:
            while step >= BLOCK:
                try:
                    os.posix_fallocate(file.fileno(), size, step)
                    size += step
                except OSError as why:
                    if why.errno != errno.ENOSPC:
                        raise
                    step //= 2
            file.truncate(max(0, size - leave))

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
