"""The `restore` command, which replaces a stopped server's data with a backup."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

import msgspec

from gatepost_api.server.address_file import ADDRESS_FILE, find_running_server
from gatepost_api.server.backups.creation import SECRET_FILES
from gatepost_api.server.backups.signed_backup_folder import (
    Backup,
    DamagedBackup,
    copy_and_hash,
    flush_to_disk,
    read_backup,
)
from gatepost_api.server.checkpoint_writer import CHECKPOINT_FOLDER
from gatepost_api.server.clock_and_ids import utc_now
from gatepost_api.server.verify_command import read_verifier_key
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import WORKER_TOKEN_FILE, StorageLocation
from gatepost_api.signing.key_file import KEY_FILE, read_public_key
from gatepost_domain.ports.event_log import LogHead
from gatepost_persistence.backup.log_head_comparison import compare_log, read_head_in_snapshot
from gatepost_persistence.backup.postgres_dump import DumpFailed, has_no_tables, restore_database
from gatepost_persistence.backup.sqlite_copy import (
    FileInUse,
    open_exclusively,
    turn_off_write_ahead_log,
)
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.storage import (
    EmptyStorage,
    PostgresStorage,
    SqliteStorage,
    Storage,
    UnusableStorage,
)

_BESIDE: Final = ("", "-wal", "-shm")
"""The suffixes of the files that make up a SQLite database."""


class RestoreRefused(Exception):
    """Restoring was refused; the message gives the reason."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """The result of restoring a backup."""

    events: int
    root: str
    key: str
    """The public key that signed the backup."""
    kept_aside: str | None
    """The path under which the replaced database was kept, if there was one."""
    longer_checkpoints: int
    """How many checkpoints in the data folder cover events that the backup does not contain."""
    has_signing_key: bool
    """Whether the data folder contains the key that signed the backup."""
    seconds: float


def restore(
    location: StorageLocation,
    folder: Path,
    *,
    public_key: str | None,
    replace: bool,
    as_json: bool,
) -> int:
    """Restore a backup, print what was restored, and return the exit code."""
    try:
        restored = restore_backup(location, folder, public_key=public_key, replace=replace)
    except (DamagedBackup, RestoreRefused, FileInUse, DumpFailed) as error:
        sys.stderr.write(f"gatepost-server: nothing was restored: {error}.\n")
        return 1
    except (OSError, UnusableStorage) as error:
        raise BadSettings(f"nothing was restored: {error}") from error
    if as_json:
        sys.stdout.write(msgspec.json.encode(restored).decode() + "\n")
    else:
        _print_text(restored, is_independent=public_key is not None)
    return 0


def restore_backup(
    location: StorageLocation, folder: Path, *, public_key: str | None, replace: bool
) -> Restored:
    """Restore a backup to the data folder, or to an empty PostgreSQL database.

    Raises:
        DamagedBackup: the backup is damaged, was altered, or is not signed with the key.
        RestoreRefused: a server is running, or data would be lost.
        FileInUse: another process has the database open.
        DumpFailed: `pg_restore` is missing or has failed.
    """
    began = monotonic()
    key = None if public_key is None else read_verifier_key(location, public_key)
    backup = read_backup(folder, key)
    kept_aside = None
    if location.database_url is None:
        kept_aside = _restore_file(backup, location, replace=replace)
    else:
        _restore_to_postgres(backup, location.database_url)
    location.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _restore_missing_secrets(backup, location)
    has_key = read_public_key(location.data / KEY_FILE) == str(backup.key)
    if has_key:
        _restore_checkpoint(backup, location.data / CHECKPOINT_FOLDER)
    return Restored(
        events=backup.manifest.events,
        root=backup.manifest.root,
        key=str(backup.key),
        kept_aside=None if kept_aside is None else str(kept_aside),
        longer_checkpoints=_count_longer_checkpoints(location.data, backup.manifest.events),
        has_signing_key=has_key,
        seconds=round(monotonic() - began, 3),
    )


def _restore_file(backup: Backup, location: StorageLocation, *, replace: bool) -> Path | None:
    if backup.manifest.database != "sqlite":
        raise RestoreRefused(
            f"{backup.folder} is a backup of a PostgreSQL database; restore it with --database-url"
        )
    if (url := find_running_server(location.data)) is not None:
        raise RestoreRefused(
            f"a server is running at {url} on {location.data} ({ADDRESS_FILE}); stop it first"
        )
    file = location.database_file
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        _verified_copy(backup, file) as copy,
        _refusing_loss_of_events(file, copy, replace=replace),
    ):
        pass
    return _put_in_place(file)


@contextmanager
def _verified_copy(backup: Backup, file: Path) -> Generator[Path]:
    copy = _unfinished_path(file)
    _remove_with_wal(copy)
    try:
        _copy_unchanged(backup, copy)
        copy.chmod(0o600)
        _verify(SqliteStorage(copy), backup)
        turn_off_write_ahead_log(copy)
        yield copy
    except BaseException:
        _remove_with_wal(copy)
        raise


def _copy_unchanged(backup: Backup, copy: Path) -> None:
    source = backup.database_file
    if copy_and_hash(source, copy) != backup.hashes[source.name]:
        raise DamagedBackup(f"{source} changed while it was being read")


@contextmanager
def _refusing_loss_of_events(file: Path, copy: Path, *, replace: bool) -> Generator[None]:
    """Refuse to replace a log with events that the backup lacks, unless `replace` is set."""
    if not file.exists():
        yield
        return
    try:
        with open_exclusively(file):
            pass
        existing = SqliteStorage(file).query(read_head_in_snapshot)
    except EmptyStorage:
        yield
        return
    except UnusableStorage as error:
        if not replace:
            raise RestoreRefused(
                f"the existing database cannot be read ({error}); pass --replace to set it aside"
            ) from error
        yield
        return
    if not replace:
        _require_continuation(existing, SqliteStorage(copy))
        turn_off_write_ahead_log(copy)
    yield


def _require_continuation(existing: LogHead, backup: Storage) -> None:
    found = backup.query(partial(compare_log, other=existing))
    if existing.size > found.head.size:
        raise RestoreRefused(
            f"the log here has {existing.size:,} events, the backup {found.head.size:,}; restoring "
            f"would lose {existing.size - found.head.size:,} or more; pass --replace to restore "
            "anyway"
        )
    if not found.shares_beginning:
        raise RestoreRefused(
            f"the log here ({existing.size:,} events) is not the beginning of the backup's "
            f"({found.head.size:,} events); restoring would lose it; pass --replace to restore "
            "anyway"
        )


def _put_in_place(file: Path) -> Path | None:
    """Move the copy into place, and return the path to which an existing database was moved."""
    kept_aside = None
    if file.exists():
        kept_aside = file.with_name(f"{file.name}.before-restore-{utc_now():%Y%m%dT%H%M%SZ}")
        for ending in reversed(_BESIDE):  # the write-ahead log first: it is not opened on its own
            with suppress(FileNotFoundError):
                file.with_name(file.name + ending).rename(
                    kept_aside.with_name(kept_aside.name + ending)
                )
    _unfinished_path(file).replace(file)
    flush_to_disk(file.parent)
    return kept_aside


def _restore_to_postgres(backup: Backup, database_url: str) -> None:
    if backup.manifest.database != "postgresql":
        raise RestoreRefused(
            f"{backup.folder} is a backup of a SQLite file; restore it to a data folder, and then "
            "move it with gatepost-server migrate --to"
        )
    url = parse_url(database_url)
    if not has_no_tables(url):
        raise RestoreRefused(
            "the database has tables; create an empty one (createdb --encoding=UTF8), and keep "
            "this one until you have checked the result"
        )
    restore_database(url, backup.database_file)
    _verify(PostgresStorage(database_url), backup)


def _verify(storage: Storage, backup: Backup) -> None:
    result = storage.verify([backup.checkpoint])
    if result.faults:
        first = result.faults[0]
        raise DamagedBackup(
            f"the database in {backup.folder} has faults ({first.subject}, {first.table}: "
            f"{first.detail.rstrip('.')})"
        )
    if (result.events, result.root.hex()) != (backup.manifest.events, backup.manifest.root):
        raise DamagedBackup(
            f"the log in {backup.folder} is not the one described in the manifest: it has "
            f"{result.events:,} events"
        )


def _restore_missing_secrets(backup: Backup, location: StorageLocation) -> None:
    """Restore the keys and tokens that are in the backup but not in the data folder."""
    for name in SECRET_FILES:
        target = location.data / name
        if name == WORKER_TOKEN_FILE:
            target = location.worker_token_file
        if name in backup.hashes and not target.exists():
            target.touch(mode=0o600)
            target.write_bytes((backup.folder / name).read_bytes())


def _restore_checkpoint(backup: Backup, folder: Path) -> None:
    file = folder / f"{backup.manifest.events:012}.txt"
    if backup.manifest.events and not file.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(backup.folder / "checkpoint.txt", file)


def _count_longer_checkpoints(data: Path, events: int) -> int:
    names = [file.stem for file in (data / CHECKPOINT_FOLDER).glob("*.txt")]
    return sum(name.isdigit() and int(name) > events for name in names)


def _unfinished_path(file: Path) -> Path:
    return file.with_name(f".{file.name}.restoring")


def _remove_with_wal(file: Path) -> None:
    for ending in _BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _print_text(restored: Restored, *, is_independent: bool) -> None:
    lines = [f"Restored {restored.events} events in {restored.seconds:.1f} s, verified."]
    if not is_independent:
        lines.append(
            "The backup was verified with its own key. To rule out that backup and key were both "
            "replaced, pass --public-key KEY with a key that was kept elsewhere."
        )
    if restored.kept_aside is not None:
        lines.append(f"The previous database is now {restored.kept_aside}.")
    if not restored.has_signing_key:
        lines.append(
            f"The data folder does not contain the backup's signing key ({restored.key}). To "
            f"continue its checkpoints, copy the former {KEY_FILE} there before the next start."
        )
    if restored.longer_checkpoints:
        lines.append(
            "The data folder contains checkpoints that cover events missing from the backup "
            f"({restored.longer_checkpoints}). Until you move them elsewhere, gatepost-server "
            "verify reports them, and the server signs no new checkpoints."
        )
    sys.stdout.write("".join(f"{line}\n" for line in lines))
