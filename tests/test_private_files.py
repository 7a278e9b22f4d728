"""What others use is not closed to them, not even by a start that is refused."""

import os
import stat
from pathlib import Path

import pytest

from lms.private_files import SharedFolder, close_to_others

IS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")

NOBODY = 65534


def made(folder: Path, *names: str, mode: int = 0o2775) -> Path:
    """Return *folder* with files of these names, open to others."""
    folder.mkdir()
    for name in names:
        (folder / name).touch()
        (folder / name).chmod(0o664)
    folder.chmod(mode)
    return folder


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


def refused(folder: Path) -> None:
    before = modes(folder)
    with pytest.raises(SharedFolder):
        close_to_others(folder)
    assert modes(folder) == before


def test_a_folder_of_others_in_which_the_service_never_ran_stays_open(tmp_path: Path) -> None:
    refused(made(tmp_path / "shared", "minutes.txt"))


@IS_ROOT
@pytest.mark.parametrize("name", ["secret_key", "minutes.txt"])
def test_nothing_is_closed_where_one_file_is_another_accounts(tmp_path: Path, name: str) -> None:
    folder = made(tmp_path / "shared", "rounds.sqlite", "minutes.txt", "secret_key")
    os.chown(folder / name, NOBODY, NOBODY)

    refused(folder)


@IS_ROOT
def test_another_accounts_folder_stays_open(tmp_path: Path) -> None:
    folder = made(tmp_path / "shared")
    os.chown(folder, NOBODY, NOBODY)

    refused(folder)


@pytest.mark.parametrize("names", [(), ("secret_key",), ("rounds.sqlite", "before-me.sqlite")])
def test_an_empty_folder_or_one_in_which_the_service_ran_is_closed(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    folder = made(tmp_path / "instance", *names, mode=0o755)

    close_to_others(folder)

    assert modes(folder) == {"instance": 0o700} | dict.fromkeys(names, 0o600)


def test_a_folder_that_no_other_may_enter_may_hold_anything(tmp_path: Path) -> None:
    folder = made(tmp_path / "home", "minutes.txt", mode=0o700)

    close_to_others(folder)

    assert modes(folder) == {"home": 0o700, "minutes.txt": 0o600}


def test_what_a_first_start_leaves_that_could_not_listen_is_no_obstacle(tmp_path: Path) -> None:
    folder = made(tmp_path / "instance", mode=0o755)
    (folder / "logs").mkdir(mode=0o755)

    close_to_others(folder)

    assert modes(folder) == {"instance": 0o700, "logs": 0o700}


def test_the_folder_that_a_link_leads_to_is_closed(tmp_path: Path) -> None:
    folder = made(tmp_path / "real", "secret_key", mode=0o755)
    (tmp_path / "instance").symlink_to(folder)

    close_to_others(tmp_path / "instance")

    assert modes(folder) == {"real": 0o700, "secret_key": 0o600}
