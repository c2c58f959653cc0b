"""The folder of one backup: its files, their hashes, and the signature on the hashes."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from gatepost_api.signing.checkpoint_folder import UnusableCheckpoint, read_checkpoint
from gatepost_api.signing.checkpoint_signer import CheckpointSigner, is_valid_signature
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.signed_note import (
    InvalidSignature,
    MalformedKey,
    MalformedNote,
    UnsignedNote,
    VerifierKey,
    parse_note,
    parse_verifier_key,
    sign_note,
    verify_note,
)

SQLITE_COPY: Final = "gatepost.db"
POSTGRES_DUMP: Final = "gatepost.dump"
MANIFEST: Final = "manifest.json"
PUBLIC_KEY: Final = "signing.pub"
CHECKPOINT: Final = "checkpoint.txt"
HASHES: Final = "SHA256SUMS"

_NAME: Final = re.compile(r"gatepost-(\d{8}T\d{6}Z)(?:-(\d+))?\.backup")
_HASH_LINE: Final = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._-]+)")
_CHUNK: Final = 1 << 20


class DamagedBackup(Exception):
    """A backup is damaged or was altered; the message names the file."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The description of a backup's contents."""

    format: Literal["gatepost-backup-1"]
    database: Literal["sqlite", "postgresql"]
    created_at: str
    events: int
    root: str
    """The root hash of the Merkle tree of the events, in hexadecimal."""
    release: str
    revision: str
    """The revision of the database schema."""
    size_bytes: int
    """The size of the database copy or dump."""
    has_keys: bool
    """Whether the signing key and the token files are included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup whose signature and hashes were verified."""

    folder: Path
    key: VerifierKey
    manifest: Manifest
    checkpoint: Checkpoint
    hashes: Mapping[str, str]

    @property
    def database_file(self) -> Path:
        """The copy of the SQLite file, or the dump of the PostgreSQL database."""
        is_sqlite = self.manifest.database == "sqlite"
        return self.folder / (SQLITE_COPY if is_sqlite else POSTGRES_DUMP)


def find_backups(folder: Path) -> list[Path]:
    """Return the backups in a folder that have default names, oldest first."""
    if not folder.is_dir():
        return []
    found = {file: _NAME.fullmatch(file.name) for file in folder.iterdir()}
    ages = {file: (name[1], int(name[2] or 1)) for file, name in found.items() if name}
    return sorted(ages, key=lambda file: ages[file])


def write_manifest(folder: Path, manifest: Manifest, signer: CheckpointSigner) -> None:
    """Add the manifest, the checkpoint, the public key and the hashes to a backup's folder.

    On return, everything has been written to disk.
    """
    document = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (folder / MANIFEST).write_bytes(document + b"\n")
    (folder / PUBLIC_KEY).write_text(f"{signer.verifier_key}\n", "utf-8")
    note = signer.sign(manifest.events, bytes.fromhex(manifest.root))
    (folder / CHECKPOINT).write_text(note, "utf-8")
    names = sorted(file.name for file in folder.iterdir())
    lines = [f"{hash_file(folder / name)}  {name}\n" for name in names]
    hashes = sign_note("".join(lines), signer.verifier_key, signer.sign_bytes)
    (folder / HASHES).write_text(str(hashes), "utf-8")
    for file in folder.iterdir():
        flush_to_disk(file)
    flush_to_disk(folder)


def read_backup(folder: Path, key: VerifierKey | None) -> Backup:
    """Verify a backup's signature and the hash of every file, and return the backup.

    Without a key, the key in the backup is used, which proves only that the backup is intact.

    Raises:
        DamagedBackup: a file is missing or was altered, or the backup is not signed with the key.
    """
    if not folder.is_dir():
        raise DamagedBackup(f"{folder} is not a backup folder")
    key = key or _read_key(folder / PUBLIC_KEY)
    hashes = _read_hashes(folder / HASHES, key)
    for name, expected in hashes.items():
        if _hash_backup_file(folder / name) != expected:
            raise DamagedBackup(f"{folder / name} has changed since the backup: its hash differs")
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        checkpoint = read_checkpoint(folder / CHECKPOINT, key)
    except (OSError, msgspec.DecodeError, UnusableCheckpoint) as error:
        raise DamagedBackup(f"{folder} is not a backup of this release: {error}") from error
    backup = Backup(folder=folder, key=key, manifest=manifest, checkpoint=checkpoint, hashes=hashes)
    if backup.database_file.name not in hashes:
        raise DamagedBackup(f"{folder} contains no {backup.database_file.name}")
    return backup


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def copy_and_hash(source: Path, target: Path) -> str:
    """Copy a file, fsync the copy, and return the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as original, target.open("xb") as copy:
        while chunk := original.read(_CHUNK):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def flush_to_disk(path: Path) -> None:
    """Flush a file or the entries of a folder to disk (fsync)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hash_backup_file(file: Path) -> str:
    try:
        return hash_file(file)
    except OSError as error:
        raise DamagedBackup(f"{file} cannot be read: {error.strerror}") from error


def _read_key(file: Path) -> VerifierKey:
    try:
        return parse_verifier_key(file.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedBackup(f"{file} cannot be read: {error}") from error
    except MalformedKey as error:
        raise DamagedBackup(f"{file} is not a public key: {error}") from error


def _read_hashes(file: Path, key: VerifierKey) -> Mapping[str, str]:
    try:
        note = parse_note(file.read_bytes())
        verify_note(note, [key], is_valid_signature)
    except OSError as error:
        raise DamagedBackup(f"{file} cannot be read: {error.strerror}") from error
    except (InvalidSignature, MalformedNote, UnsignedNote) as error:
        raise DamagedBackup(f"{file} is not signed by {key.name}: {error}") from error
    hashes: dict[str, str] = {}
    for line in note.text.splitlines():
        found = _HASH_LINE.fullmatch(line)
        if found is None:
            raise DamagedBackup(f"{file} contains a line that is not a hash")
        hashes[found[2]] = found[1]
    return hashes
