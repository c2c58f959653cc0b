"""The permissions of the data folder."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from gatepost_api.server.data_folder import prepare_data_folder
from gatepost_api.settings.bad_settings import BadSettings

LAX = {
    "gatepost.db": 0o644,
    "gatepost.db-wal": 0o644,
    "gatepost.db-shm": 0o666,
    "owner.token": 0o640,
    "signing.key": 0o604,
    "server.url": 0o644,
    "start.lock": 0o664,
    "checkpoints/000000000024.txt": 0o644,
    "gatepost-20261129T101500Z.backup/gatepost.db": 0o644,
}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_folder_is_private(tmp_path: Path) -> None:
    """A data folder is created for this account only, with the folders above it."""
    prepare_data_folder(tmp_path / "srv" / "data")

    assert mode(tmp_path / "srv" / "data") == 0o700


def test_lax_permissions_are_corrected_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever other accounts could read or change becomes private; the log names some of it."""
    data = tmp_path / "data"
    for name, lax in LAX.items():
        (data / name).parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        (data / name).touch()
        (data / name).chmod(lax)
    data.chmod(0o755)

    prepare_data_folder(data)

    assert {name: mode(data / name) for name in LAX} == dict.fromkeys(LAX, 0o600)
    assert {mode(folder) for folder in (data, *data.iterdir()) if folder.is_dir()} == {0o700}
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert f"other accounts on this machine could read or change {data}" in record.message


def test_private_folder_gives_no_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A second start finds nothing to correct."""
    for _ in range(2):
        prepare_data_folder(tmp_path / "data")

    assert not caplog.records


def test_links_and_other_files_are_left_alone(tmp_path: Path) -> None:
    """Only what Gatepost keeps there is changed, and never through a link."""
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    data.mkdir()
    for file in (elsewhere, data / "notes.txt"):
        file.touch()
        file.chmod(0o644)
    (data / "owner.token").symlink_to(elsewhere)

    prepare_data_folder(data)

    assert (mode(elsewhere), mode(data / "notes.txt")) == (0o644, 0o644)


def test_shared_folder_is_left_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A folder such as /tmp keeps its permissions, and the log recommends another one."""
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o1777)

    prepare_data_folder(data)

    assert mode(data) == 0o1777
    assert "give Gatepost a data folder of its own" in caplog.text


def test_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    """The server does not start, and says what is in the way."""
    (tmp_path / "data").touch()

    with pytest.raises(BadSettings, match="is not a folder"):
        prepare_data_folder(tmp_path / "data")
