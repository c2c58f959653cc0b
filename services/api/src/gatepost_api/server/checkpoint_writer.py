"""Periodic writing of signed event log checkpoints to folders and to a webhook."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from gatepost_api.observability.metrics import Metrics
from gatepost_api.server.clock_and_ids import utc_now
from gatepost_api.signing.checkpoint_folder import UnusableCheckpoint, read_checkpoint
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.ports.event_log import LogHead
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageError
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.signed_note import VerifierKey

CHECKPOINT_FOLDER: Final = "checkpoints"
INTERVAL_S: Final = 60.0
"""How often a checkpoint is written if there are new events."""
WEBHOOK_TIMEOUT_S: Final = 10.0
MAX_SKIPPED: Final = 100
"""The maximum number of files searched for the latest usable checkpoint."""

_log = logging.getLogger("gatepost")


class LogContradictsCheckpoint(Exception):
    """The log does not continue the latest checkpoint, so no further checkpoint is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointPlaces:
    """Where checkpoints are written and sent."""

    folders: tuple[Path, ...]
    """The folders; the first is in the data folder."""
    webhook: str | None = None
    """The URL that every checkpoint is sent to, if any."""


class CheckpointWriter:
    """Writes a checkpoint on request if the log has grown since the latest one."""

    def __init__(
        self,
        reads: ReadModel,
        signer: CheckpointSigner,
        places: CheckpointPlaces,
        http: httpx2.AsyncClient,
        metrics: Metrics | None = None,
    ) -> None:
        self._reads = reads
        self._signer = signer
        self._places = places
        self._http = http
        self._metrics = Metrics() if metrics is None else metrics
        self._last = find_last_checkpoint(places.folders[0], signer.verifier_key)
        if self._last is not None:
            self._metrics.record_checkpoint(self._last.size)

    async def write(self) -> str | None:
        """Write a checkpoint to every place and return it, or None if there are no new events.

        A failure to write to one place is logged; the next checkpoint is written there as usual.

        Raises:
            LogContradictsCheckpoint: events before the latest checkpoint were changed or removed.
        """
        last = self._last

        def read_heads(uow: UnitOfWork) -> tuple[LogHead, LogHead | None]:
            head = uow.event_log.head()
            is_longer = last is not None and last.size <= head.size
            return head, uow.event_log.head(size=last.size) if last and is_longer else None

        head, earlier = await self._reads.read_snapshot(read_heads)
        if last is not None and (earlier is None or earlier.root != last.root):
            raise LogContradictsCheckpoint(
                f"The first {last.size} events do not match the last checkpoint; run "
                "gatepost-server verify"
            )
        if head.size == (0 if last is None else last.size):
            return None
        note = self._signer.sign(*head)
        name = f"{head.size:012}.txt"
        for folder in self._places.folders:
            if not await asyncio.to_thread(_write_file, folder, name, note):
                self._metrics.record_checkpoint_failure()
        await self._send(note)
        self._metrics.record_checkpoint(head.size, utc_now())
        self._last = Checkpoint(self._signer.origin, *head)
        return note

    async def _send(self, note: str) -> None:
        if self._places.webhook is None:
            return
        try:
            response = await self._http.post(
                self._places.webhook,
                content=note.encode(),
                headers={"Content-Type": "text/plain; charset=utf-8"},
                timeout=WEBHOOK_TIMEOUT_S,
            )
            response.raise_for_status()
        except httpx2.HTTPError as error:
            self._metrics.record_checkpoint_failure()
            _log.warning("the checkpoint was not sent to the webhook: %s", type(error).__name__)

    def record_failure(self) -> None:
        """Count a checkpoint that was not signed."""
        self._metrics.record_checkpoint_failure()


async def run_checkpoint_writer(writer: CheckpointWriter) -> None:
    """Write a checkpoint at every interval until cancelled; log errors."""
    while True:
        await asyncio.sleep(INTERVAL_S)
        await write_and_log_errors(writer)


async def write_and_log_errors(writer: CheckpointWriter) -> None:
    """Write a checkpoint if there are new events; log errors."""
    try:
        await writer.write()
    except LogContradictsCheckpoint as error:
        writer.record_failure()
        _log.error("no checkpoint was signed: %s", error)
    except StorageError as error:
        writer.record_failure()
        _log.warning("no checkpoint was signed: %s: %s", error.code, error)


def find_last_checkpoint(folder: Path, key: VerifierKey) -> Checkpoint | None:
    """Return the latest checkpoint in a folder that is signed with the key, or None.

    Only the latest `MAX_SKIPPED` files are searched. If the latest file is unusable, a warning is
    logged.
    """
    latest = sorted(folder.glob("*.txt"), reverse=True)[:MAX_SKIPPED]
    for file in latest:
        try:
            return read_checkpoint(file, key)
        except UnusableCheckpoint as error:
            if file is latest[0]:
                _log.warning("%s", error)
    return None


def _write_file(folder: Path, name: str, note: str) -> bool:
    """Write a file atomically; return whether it was written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = folder / f".{name}.unfinished"
        unfinished.write_text(note, "utf-8")
        unfinished.replace(folder / name)
    except OSError as error:
        _log.warning("the checkpoint was not written to %s: %s", folder, error)
        return False
    return True
