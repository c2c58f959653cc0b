"""The folder in which the server keeps its checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gatepost_api.signing.checkpoint_signer import is_valid_signature
from gatepost_domain.verification.checkpoint import (
    Checkpoint,
    MalformedCheckpoint,
    OtherLog,
    open_checkpoint,
)
from gatepost_domain.verification.signed_note import (
    InvalidSignature,
    MalformedNote,
    UnsignedNote,
    VerifierKey,
)


class UnusableCheckpoint(Exception):
    """A file is not a checkpoint signed with the key."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file} is not a checkpoint signed with this key: {reason}")
        self.file = file


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCheckpoint:
    """A checkpoint and when it was written."""

    checkpoint: Checkpoint
    written_at: datetime


class CheckpointFolder:
    """The checkpoints in a folder; the folder may be missing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def latest(self, key: VerifierKey) -> StoredCheckpoint | None:
        """Return the latest checkpoint, which covers all events of the earlier ones.

        Raises:
            UnusableCheckpoint: the file is not a checkpoint signed with the key.
        """
        files = [] if self._folder is None else self._folder.glob("*.txt")
        file = max(files, default=None)
        if file is None:
            return None
        checkpoint = read_checkpoint(file, key)
        written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return StoredCheckpoint(checkpoint=checkpoint, written_at=written_at)


def read_checkpoint(file: Path, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint in a file.

    Raises:
        UnusableCheckpoint: the file is not a checkpoint signed with the key.
    """
    try:
        return open_checkpoint(file.read_text("utf-8"), key.name, [key], is_valid_signature)
    except (
        OSError,
        InvalidSignature,
        MalformedCheckpoint,
        MalformedNote,
        OtherLog,
        UnicodeDecodeError,
        UnsignedNote,
    ) as error:
        raise UnusableCheckpoint(file, str(error)) from error
