"""Files that somebody else reads at any moment: they are whole, or as they were."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from models.access import access_list, grants, password_file
from services.store.accounts import Living

PASSWORDS, ACCESS = "passwords", "access"


class Rendered(NamedTuple):
    """The registry's part of mosquitto's two files."""

    passwords: str
    access: str


def rendered(living: Sequence[Living]) -> Rendered:
    """The files for these accounts. Raises BadAccount where one of them cannot be."""
    return Rendered(
        password_file((each.account.name, each.password_hash) for each in living),
        access_list((each.account.name, grants(each.account)) for each in living),
    )


def keep(folder: Path, files: Rendered) -> bool:
    """Puts the files into the folder; False where they were there already.

    Rights before passwords: nobody is let in of whom it is not known what they may.
    """
    changed = [put(folder / ACCESS, files.access), put(folder / PASSWORDS, files.passwords)]
    return any(changed)


def put(path: Path, text: str, mode: int = 0o640) -> bool:
    """Puts a text in place of what is there, at once; False where it was there already.

    Its group may read it: the broker's, where the two run apart.
    """
    content = text.encode()
    if path.exists() and path.read_bytes() == content:
        return False
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
            os.fchmod(handle, mode)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return True
