"""The `verify` command, which needs no running server."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from gatepost_api.audit.responses import Verification
from gatepost_api.server.checkpoint_writer import CHECKPOINT_FOLDER
from gatepost_api.server.storage import storage_for
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import StorageLocation
from gatepost_api.signing.checkpoint_folder import UnusableCheckpoint, read_checkpoint
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_api.signing.key_file import KEY_FILE, PUBLIC_KEY_FILE, read_or_create_signer
from gatepost_domain.ports.audit import VerificationResult
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.faults import Fault
from gatepost_domain.verification.signed_note import (
    MalformedKey,
    VerifierKey,
    parse_verifier_key,
)
from gatepost_persistence.storage import EmptyStorage, UnusableStorage

NOT_EXCLUDED = (
    "Not excluded: anyone who can write to the data folder could have replaced the log, the key "
    "and the checkpoints together. To rule that out, pass a checkpoint that was kept elsewhere: "
    "--checkpoint FILE --public-key KEY."
)
NO_CHECKPOINTS = (
    "Not excluded: without a checkpoint, a log that was entirely recomputed or truncated looks "
    "intact. Pass a checkpoint that was kept elsewhere: --checkpoint FILE --public-key KEY."
)


MAY_LACK_EVENTS = (
    "May be incomplete: {name} needs a write-ahead log ({name}-wal), but there is none beside it, "
    "and no checkpoint covers its last event. That is normal after a clean stop. However, if only "
    "this file was copied from a running server, the copy lacks the latest events. Use "
    "gatepost-server backup to copy a database."
)


def verify(
    location: StorageLocation,
    *,
    checkpoint_files: Sequence[Path],
    public_key: str | None,
    as_json: bool,
) -> int:
    """Verify the event log, compare all stored data with it, and return the exit code.

    If no checkpoint files are given, use those in the data folder.
    """
    files = list(checkpoint_files) or sorted((location.data / CHECKPOINT_FOLDER).glob("*.txt"))
    checkpoints = _read_checkpoints(
        files, read_verifier_key(location, public_key) if files else None
    )
    storage = storage_for(location)
    may_lack_events = storage.may_lack_recent_events()
    try:
        result = storage.verify(checkpoints)
    except EmptyStorage:
        sys.stderr.write(f"No database found at {storage}.\n")
        return 2
    except UnusableStorage as error:
        raise BadSettings(str(error)) from error
    if may_lack_events and all(checkpoint.size != result.events for checkpoint in checkpoints):
        detail = MAY_LACK_EVENTS.format(name=location.database_file.name)
        name = location.database_file.name
        notice = Fault("file_may_be_incomplete", "sqlite_schema", name, None, detail)
        result = replace(result, notices=(*result.notices, notice))
    if as_json:
        _print_json(result, _find_signer(location))
    else:
        is_independent = bool(checkpoint_files) and public_key is not None
        _print_text(result, checkpoints, is_independent=is_independent)
    return 1 if result.faults else 0


def read_verifier_key(location: StorageLocation, public_key: str | None) -> VerifierKey:
    """Return the public key given as text or as a file, or the one in the data folder."""
    file = Path(public_key) if public_key else location.data / PUBLIC_KEY_FILE
    text = public_key or ""
    if not public_key or file.is_file():
        try:
            text = file.read_text("utf-8").strip()
        except OSError as error:
            raise BadSettings(f"{file} cannot be read: {error.strerror}") from error
    try:
        return parse_verifier_key(text)
    except MalformedKey as error:
        raise BadSettings(f"{public_key or file} is not a public key: {error}") from error


def _read_checkpoints(files: Sequence[Path], key: VerifierKey | None) -> list[Checkpoint]:
    try:
        return [] if key is None else [read_checkpoint(file, key) for file in files]
    except UnusableCheckpoint as error:
        raise BadSettings(str(error)) from error


def _find_signer(location: StorageLocation) -> CheckpointSigner | None:
    """Return a signer with the key in the data folder, or None if there is no key."""
    return read_or_create_signer(location.data) if (location.data / KEY_FILE).is_file() else None


def _print_json(result: VerificationResult, signer: CheckpointSigner | None) -> None:
    document = msgspec.json.encode(Verification.from_domain(result, signer))
    sys.stdout.write(msgspec.json.format(document, indent=2).decode() + "\n")


def _print_text(
    result: VerificationResult, checkpoints: Sequence[Checkpoint], *, is_independent: bool
) -> None:
    for fault in (*result.faults, *result.notices):
        place = fault.table if fault.field is None else f"{fault.table}.{fault.field}"
        sys.stdout.write(f"{fault.subject} ({place}): {fault.detail}\n")
    if result.faults:
        count = len(result.faults)
        sys.stdout.write(f"{count} {'fault' if count == 1 else 'faults'} found.\n")
        return
    sys.stdout.write(
        f"Verified {result.events} events: the chain is unbroken, and everything stored matches "
        "it.\n"
    )
    if not checkpoints:
        sys.stdout.write(f"{NO_CHECKPOINTS}\n")
        return
    last = max(checkpoint.size for checkpoint in checkpoints)
    sys.stdout.write(
        f"Its first {last} events match {len(checkpoints)} signed "
        f"{'checkpoint' if len(checkpoints) == 1 else 'checkpoints'}.\n"
    )
    if not is_independent:
        sys.stdout.write(f"{NOT_EXCLUDED}\n")
