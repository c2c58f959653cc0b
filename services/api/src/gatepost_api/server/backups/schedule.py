"""Scheduled backups of the server, each made in a separate process."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gatepost_api.observability.metrics import Metrics
from gatepost_api.server.backups.signed_backup_folder import find_backups
from gatepost_api.settings.server import Settings

CHECK_INTERVAL_S: Final = 5.0
"""How often the server checks whether a backup is due."""
RETRY_AFTER: Final = timedelta(minutes=5)
"""How long after a failure the backup is tried again."""

_log = logging.getLogger("gatepost")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSchedule:
    """How often and where backups are made, and how many are kept."""

    every: timedelta
    keep: int
    folder: Path

    def next_at(self, now: datetime) -> datetime:
        """Return when the next backup is due: `every` after the latest, or now if there is none."""
        latest = find_backups(self.folder)
        return _time_of(latest[-1]) + self.every if latest else now


def backup_schedule(settings: Settings) -> BackupSchedule | None:
    """Return the schedule, or None if no backups are scheduled."""
    if settings.backup_every is None or settings.backup_folder is None:
        return None
    return BackupSchedule(
        every=settings.backup_every, keep=settings.backup_keep, folder=settings.backup_folder
    )


async def run_backups(
    settings: Settings,
    schedule: BackupSchedule,
    *,
    now: Callable[[], datetime],
    metrics: Metrics | None = None,
) -> None:
    """Make a backup whenever one is due, until cancelled; log failures and try again."""
    metrics = Metrics() if metrics is None else metrics
    metrics.set_backup_interval(schedule.every)
    if existing := find_backups(schedule.folder):
        metrics.record_backup(_time_of(existing[-1]))
    not_before = now()
    while True:
        at = now()
        if at >= max(not_before, schedule.next_at(at)):
            if await _back_up(settings, schedule):
                metrics.record_backup(now(), (now() - at).total_seconds())
            else:
                metrics.record_backup_failure()
                not_before = now() + min(RETRY_AFTER, schedule.every)
        await asyncio.sleep(CHECK_INTERVAL_S)


async def _back_up(settings: Settings, schedule: BackupSchedule) -> bool:
    try:
        schedule.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            *backup_command(settings, schedule),
            env=_environment(settings),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        _log.error("the backup failed: %s", error)
        return False
    try:
        output, errors = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode:
        _log.error("the backup failed: %s", errors.decode(errors="replace").strip())
        return False
    _log.info("%s", output.decode(errors="replace").strip())
    return True


def backup_command(settings: Settings, schedule: BackupSchedule) -> list[str]:
    """Return the command line that makes one backup; it contains no secrets."""
    command = [sys.executable, "-m", "gatepost_api", "backup", str(schedule.folder)]
    command += [f"--data={settings.location.data}", f"--keep={schedule.keep}"]
    if settings.signing_key is not None:
        command.append(f"--signing-key={settings.signing_key}")
    return command


def _environment(settings: Settings) -> dict[str, str]:
    """Return the command's environment variables; the database URL can contain a password."""
    environment = dict(os.environ)
    environment["GATEPOST_DATABASE_URL"] = settings.location.database_url or ""
    return environment


def _time_of(backup: Path) -> datetime:
    stamp = backup.name.removeprefix("gatepost-")[:16]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
