"""Which secrets a program could read, judged before it is run."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from gatepost_worker.isolation.program_account import ProgramAccount, UnknownAccount
from gatepost_worker.isolation.readable_secrets import (
    SecretLocations,
    find_exposure,
    server_secret_paths,
)

OTHER = ProgramAccount(name="deploy", uid=54321, gid=54321, groups=(54322,))
ROOT = ProgramAccount(name="root", uid=0, gid=0, groups=())
ELSEWHERE = SecretLocations(server_url="https://gatepost.invalid", secret_files=(), server_paths=())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that every account can reach, with files that only their owner can read."""
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o011)
    for name in ("owner.token", "gatepost.db"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o600)
    return tmp_path


def test_root_may_run_nothing() -> None:
    """It could read the memory of every process."""
    assert "as root" in (find_exposure(ROOT, ELSEWHERE) or "")


def test_another_machine_has_nothing_to_steal() -> None:
    """A worker away from the server runs programs under any account but root."""
    assert find_exposure(OTHER, ELSEWHERE) is None


def test_token_on_the_command_line_is_seen_by_every_account() -> None:
    """The arguments of a process are public."""
    exposure = find_exposure(OTHER, replace(ELSEWHERE, token_is_visible=True))

    assert exposure is not None
    assert "--token" in exposure


@pytest.mark.parametrize(
    ("mode", "owner", "group", "readable"),
    [
        (0o600, 0, 0, False),
        (0o600, 54321, 0, True),
        (0o640, 0, 54322, True),
        (0o640, 0, 54323, False),
        (0o604, 0, 0, True),
        (0o604, 0, 54321, False),
        (0o044, 54321, 0, False),
    ],
)
@pytest.mark.needs_root
def test_files_are_judged_by_their_modes(
    data: Path, mode: int, owner: int, group: int, *, readable: bool
) -> None:
    """The rights of the owner, the group or everybody apply, as the kernel applies them."""
    file = data / "owner.token"
    os.chown(file, owner, group)
    file.chmod(mode)

    assert OTHER.can_read(file) is readable


def test_file_in_a_closed_folder_cannot_be_read(data: Path) -> None:
    """The folders above a file count too."""
    file = data / "open.token"
    file.touch()
    file.chmod(0o644)
    assert OTHER.can_read(file)

    data.chmod(0o700)

    assert not OTHER.can_read(file)


def test_readable_secrets_of_the_server_and_the_worker_are_named(data: Path) -> None:
    """The reason names the first file that the account could read."""
    surroundings = replace(
        ELSEWHERE,
        server_paths=server_secret_paths({"GATEPOST_DATA": f"{data}"}),
        secret_files=(data / "own.token",),
    )
    assert find_exposure(OTHER, surroundings) is None

    (data / "owner.token").chmod(0o644)
    assert f"can read the server's {data}/owner.token" in f"{find_exposure(OTHER, surroundings)}"

    (data / "own.token").touch()
    (data / "own.token").chmod(0o644)
    assert f"the worker's secret in {data}/own.token" in f"{find_exposure(OTHER, surroundings)}"


def test_other_secret_places_of_the_server_come_from_its_settings() -> None:
    """Keys and backups outside of the data folder are protected too."""
    paths = server_secret_paths(
        {"GATEPOST_SIGNING_KEY": "/k/signing.key", "GATEPOST_BACKUP_TO": "/b"}
    )

    assert {Path("data/gatepost.db"), Path("/k/signing.key"), Path("/b")} <= set(paths)


def test_accounts_are_found_by_name_and_by_number() -> None:
    """An unknown account is named in the message."""
    current = ProgramAccount.current()

    assert current.is_current
    assert ProgramAccount.named(f"{current.uid}") == ProgramAccount.named(current.name)
    with pytest.raises(UnknownAccount, match="no account 'nobody-at-all'"):
        ProgramAccount.named("nobody-at-all")
