"""The instance folder and what the service keeps in it, open to its own account alone."""

import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OURS = ("broker", "logs")
"""Folders in the instance folder that the service makes."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def close_to_others(folder: Path) -> None:
    """Take from all other accounts what they may do in *folder* and with what is in it.

    What is made later is closed from the start (`lms.config.begin`). Folders in it that are not
    the service's are left as they are: nobody else comes to them any more.

    Raises:
        PermissionError: it belongs to another account, or is a place for all, as `/tmp`.
    """
    if folder.stat().st_mode & stat.S_ISVTX:
        raise PermissionError(f"{folder} is for everybody")
    for path in (folder, *_kept_in(folder)):
        with suppress(FileNotFoundError):  # a message that was taken, a log that ended
            mode = path.lstat().st_mode
            if mode & OTHERS and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)


def _kept_in(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if not path.is_dir():
            yield path
        elif path.name in OURS and not path.is_symlink():
            yield from (path, *path.rglob("*"))
