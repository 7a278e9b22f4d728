"""The instance folder and what the service keeps in it, open to its own account alone."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OURS = ("broker", "logs")
"""Folders in the instance folder that the service makes."""

MARKS = {"rounds.sqlite", "secret_key", "beat-schedule"}
"""Files of which at least one is in each folder that the service has ever run in."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO

ENTERED = stat.S_IXGRP | stat.S_IXOTH


class SharedFolder(Exception):
    """Other accounts use the folder, so it must not be closed to them."""


def close_to_others(folder: Path) -> None:
    """Take from all other accounts what they may do in *folder* and with what is in it.

    What is made later is closed from the start (`lms.config.begin`). Folders in it that are not
    the service's are left as they are: nobody else comes to them any more.

    Raises:
        SharedFolder: it is a place for all, as `/tmp`; something in it belongs to another account;
            or others may enter it and the service has never run in it. Nothing was changed.
    """
    folder = folder.resolve()
    modes = {path: found for path in (folder, *_kept_in(folder)) if (found := _look(path))}
    _check_alone(folder, modes)
    for path, found in modes.items():
        if found.st_mode & OTHERS and not stat.S_ISLNK(found.st_mode):
            with suppress(FileNotFoundError):
                path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)


def _look(path: Path) -> os.stat_result | None:
    """Return what is at *path*; None: a message that was taken meanwhile, a log that ended."""
    with suppress(FileNotFoundError):
        return path.lstat()
    return None


def _check_alone(folder: Path, found: dict[Path, os.stat_result]) -> None:
    mode = found[folder].st_mode
    if mode & stat.S_ISVTX:
        raise SharedFolder(f"{folder} is for everybody")
    for path, each in found.items():
        if each.st_uid != os.geteuid():
            raise SharedFolder(f"{path} is another account's")
    names = {path.name for path in folder.iterdir()}
    if mode & ENTERED and names - set(OURS) and not names & MARKS:
        raise SharedFolder(f"{folder} holds what is not ours")


def _kept_in(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if not path.is_dir():
            yield path
        elif path.name in OURS and not path.is_symlink():
            yield from (path, *path.rglob("*"))
