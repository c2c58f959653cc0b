"""The `backup` command, which works whether or not the server is running."""

from __future__ import annotations

import contextlib
import shutil
import sys
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

import msgspec

from gatepost_api.server.backups.signed_backup_folder import (
    POSTGRES_DUMP,
    SQLITE_COPY,
    Manifest,
    find_backups,
    flush_to_disk,
    write_manifest,
)
from gatepost_api.server.clock_and_ids import utc_now
from gatepost_api.server.storage import storage_for
from gatepost_api.server.token_files import OWNER_TOKEN_FILE
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import WORKER_TOKEN_FILE, StorageLocation
from gatepost_api.settings.server_version import VERSION
from gatepost_api.signing.key_file import KEY_FILE, read_or_create_signer
from gatepost_persistence.migrations.runner import current_revision
from gatepost_persistence.storage import EmptyStorage, Storage, UnusableStorage

SECRET_FILES: Final = (KEY_FILE, OWNER_TOKEN_FILE, WORKER_TOKEN_FILE)
"""The files that `--with-keys` adds to a backup."""

_UNFINISHED: Final = ".unfinished"


class FaultsFound(Exception):
    """The database has faults, so no backup was made."""


class CompletedBackup(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was completed and verified."""

    path: str
    events: int
    root: str
    size_bytes: int
    seconds: float
    removed: list[str]
    """The older backups removed after this one was completed."""


def back_up(
    location: StorageLocation,
    destination: Path,
    *,
    signing_key: Path | None,
    with_keys: bool,
    keep: int | None,
    as_json: bool,
) -> int:
    """Back up the database, print one line about it, and return the exit code."""
    try:
        completed = create_backup(
            location, destination, signing_key=signing_key, with_keys=with_keys, keep=keep
        )
    except FaultsFound as error:
        sys.stderr.write(f"gatepost-server: {error}\n")
        return 1
    except EmptyStorage:
        sys.stderr.write(f"No database found at {storage_for(location)}.\n")
        return 2
    except (OSError, UnusableStorage) as error:
        raise BadSettings(f"no backup was made: {error}") from error
    if as_json:
        sys.stdout.write(msgspec.json.encode(completed).decode() + "\n")
        return 0
    sys.stdout.write(
        f"Backed up {completed.events} events ({completed.size_bytes / 1e6:.1f} MB) to "
        f"{completed.path} in {completed.seconds:.1f} s, verified, with a checkpoint for root "
        f"{completed.root}.\n"
    )
    return 0


def create_backup(
    location: StorageLocation,
    destination: Path,
    *,
    signing_key: Path | None,
    with_keys: bool,
    keep: int | None,
) -> CompletedBackup:
    """Create a verified backup at the destination, or inside the destination if it is a folder.

    With `keep`, the oldest backups in the folder are then removed until that many remain.

    Raises:
        FaultsFound: the database has faults.
    """
    began, at = monotonic(), utc_now()
    target = _choose_backup_path(destination, at)
    unfinished = target.with_name(f".{target.name}{_UNFINISHED}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        manifest = _fill(unfinished, location, at, signing_key, with_keys=with_keys)
        unfinished.rename(target)
        flush_to_disk(target.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return CompletedBackup(
        path=str(target),
        events=manifest.events,
        root=manifest.root,
        size_bytes=manifest.size_bytes,
        seconds=round(monotonic() - began, 3),
        removed=[] if keep is None else _remove_old(target, keep),
    )


def _choose_backup_path(destination: Path, at: datetime) -> Path:
    if not destination.is_dir():
        if destination.exists() or not destination.parent.is_dir():
            raise BadSettings(f"{destination} is neither an existing folder nor a new path in one.")
        return destination
    stem = f"gatepost-{at:%Y%m%dT%H%M%SZ}"
    target = destination / f"{stem}.backup"
    number = 1
    while target.exists():
        number += 1
        target = destination / f"{stem}-{number}.backup"
    return target


def _fill(
    folder: Path,
    location: StorageLocation,
    at: datetime,
    signing_key: Path | None,
    *,
    with_keys: bool,
) -> Manifest:
    storage = storage_for(location)
    is_sqlite = location.database_url is None
    file = folder / (SQLITE_COPY if is_sqlite else POSTGRES_DUMP)
    result = storage.back_up(file)
    if result.faults:
        first = result.faults[0]
        raise FaultsFound(
            f"no backup was made, because {storage} has faults ({first.subject}, {first.table}: "
            f"{first.detail}); run gatepost-server verify."
        )
    file.chmod(0o600)
    signer = read_or_create_signer(location.data, signing_key)
    if with_keys:
        _copy_secrets(location, signing_key, folder)
    manifest = Manifest(
        format="gatepost-backup-1",
        database="sqlite" if is_sqlite else "postgresql",
        created_at=at.isoformat(timespec="seconds"),
        events=result.events,
        root=result.root.hex(),
        release=VERSION,
        revision=_read_schema_revision(storage),
        size_bytes=file.stat().st_size,
        has_keys=with_keys,
    )
    write_manifest(folder, manifest, signer)
    return manifest


def _read_schema_revision(storage: Storage) -> str:
    return storage.query(current_revision) or ""


def _copy_secrets(location: StorageLocation, signing_key: Path | None, folder: Path) -> None:
    elsewhere = {KEY_FILE: signing_key, WORKER_TOKEN_FILE: location.worker_token}
    for name in SECRET_FILES:
        source = elsewhere.get(name) or location.data / name
        with contextlib.suppress(FileNotFoundError):
            secret = source.read_bytes()
            copy = folder / name
            copy.touch(mode=0o600)
            copy.write_bytes(secret)


def _remove_old(newest: Path, keep: int) -> list[str]:
    """Remove the oldest backups in the folder so that `keep` remain, including the newest."""
    others = [backup for backup in find_backups(newest.parent) if backup != newest]
    removed = others[: max(0, len(others) - (keep - 1))]
    for backup in removed:
        shutil.rmtree(backup)
    return [str(backup) for backup in removed]
