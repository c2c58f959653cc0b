"""Checkpoints of a transparency log (C2SP tlog-checkpoint): signed statements of its tree head."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gatepost_domain.verification.merkle_tree import HASH_SIZE
from gatepost_domain.verification.signed_note import (
    Sign,
    SignedNote,
    VerifierKey,
    Verify,
    parse_note,
    sign_note,
    verify_note,
)

MAX_SIZE: Final = 2**63 - 1
"""The largest tree size accepted; a database cannot count more events."""

_LINES: Final = 3


class MalformedCheckpoint(ValueError):
    """The text is not a checkpoint."""


class OtherLog(ValueError):
    """The checkpoint belongs to a log other than the expected one."""


@dataclass(frozen=True)
class Checkpoint:
    """The tree head of a log at a certain size."""

    origin: str
    """The unique name of the log."""
    size: int
    """The number of leaves."""
    root: bytes
    """The root hash of the tree."""
    extensions: tuple[str, ...] = ()
    """Extension lines, which the specification advises against."""

    def __post_init__(self) -> None:
        if not all(_is_line(line) for line in (self.origin, *self.extensions)):
            raise MalformedCheckpoint("The origin and every extension must be one non-empty line.")
        if not 0 <= self.size <= MAX_SIZE:
            raise MalformedCheckpoint(f"A tree size is from 0 to {MAX_SIZE}, not {self.size}.")
        if len(self.root) != HASH_SIZE:
            raise MalformedCheckpoint(f"A root hash has {HASH_SIZE} bytes, not {len(self.root)}.")

    def __str__(self) -> str:
        """Return the text to sign."""
        root = b64encode(self.root).decode()
        lines = [self.origin, str(self.size), root, *self.extensions]
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint with this text.

    Raises:
        MalformedCheckpoint: The text breaks the format.
    """
    if not text.endswith("\n"):
        raise MalformedCheckpoint("A checkpoint ends with a newline.")
    lines = text[:-1].split("\n")
    if len(lines) < _LINES:
        raise MalformedCheckpoint(
            f"A checkpoint has at least {_LINES} lines (origin, size, root hash), not {len(lines)}."
        )
    origin, size, root, *extensions = lines
    return Checkpoint(origin, _parse_size(size), _parse_root(root), tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, key: VerifierKey, sign: Sign) -> SignedNote:
    """Return the checkpoint as a note signed with the key."""
    return sign_note(str(checkpoint), key, sign)


def open_checkpoint(
    note: str | bytes, origin: str, keys: Iterable[VerifierKey], verify: Verify
) -> Checkpoint:
    """Return the checkpoint in a note, after checking who signed it and for which log.

    Raises:
        MalformedNote: The text is not a signed note.
        InvalidSignature: A signature names one of the keys, but is not valid.
        UnsignedNote: None of the keys signed the note.
        MalformedCheckpoint: The signed note is not a checkpoint.
        OtherLog: The checkpoint belongs to another log.
    """
    signed = parse_note(note)
    verify_note(signed, keys, verify)
    checkpoint = parse_checkpoint(signed.text)
    if checkpoint.origin != origin:
        raise OtherLog(f"The checkpoint is for the log {checkpoint.origin!r}, not {origin!r}.")
    return checkpoint


def _is_line(text: str) -> bool:
    return bool(text) and "\n" not in text


def _parse_size(text: str) -> int:
    digits = text.isascii() and text.isdigit()
    if not digits or (text[0] == "0" and text != "0") or len(text) > len(str(MAX_SIZE)):
        raise MalformedCheckpoint(
            f"A tree size is a decimal number from 0 to {MAX_SIZE}, not {text[:100]!r}."
        )
    return int(text)


def _parse_root(text: str) -> bytes:
    try:
        root = b64decode(text, validate=True)
    except (BinasciiError, ValueError):
        root = b""
    if b64encode(root).decode() != text:
        raise MalformedCheckpoint(f"The root hash {text[:100]!r} is not in Base64.")
    return root
