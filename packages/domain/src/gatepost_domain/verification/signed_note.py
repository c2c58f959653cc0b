"""Signed notes (C2SP signed-note): a text with the signatures of one or more keys.

A note consists of its text, an empty line, and one line `— NAME BASE64(key id || signature)` for
each signature. Only Ed25519 keys (signature type 1) are supported. This module contains no
cryptography except SHA-256: functions for signing and verification are passed as arguments.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

Sign = Callable[[bytes], bytes]
"""A function that returns the Ed25519 signature of a message."""
Verify = Callable[[bytes, bytes, bytes], bool]
"""A function that returns whether a signature is valid for a public key and a message."""

MAX_NOTE_BYTES: Final = 1_000_000
"""The maximum size of a note. A single post-quantum signature can have almost 5 kB."""
MAX_SIGNATURES: Final = 100
"""The maximum number of signatures in a note; the specification requires at least 16."""

_ED25519: Final = b"\1"
"""The byte that identifies the signature type."""
_KEY_SIZE: Final = 32
_KEY_ID_SIZE: Final = 4
_SIGNATURE_SIZE: Final = 64
_SIGNATURE_START: Final = "\N{EM DASH} "
_SIGNER_KEY_START: Final = "PRIVATE+KEY+"


class MalformedNote(ValueError):
    """The text is not a signed note."""


class MalformedKey(ValueError):
    """The text is not a signed-note key, or the key's type is not Ed25519."""


class InvalidSignature(ValueError):
    """A signature names a known key but was not made with it."""


class UnsignedNote(ValueError):
    """No known key has signed the note, so its text must be ignored."""


@dataclass(frozen=True)
class VerifierKey:
    """The name and the public key of a signer."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not _is_key_name(self.name):
            raise MalformedKey(f"{self.name!r} is not a key name: {_NAME_RULE}.")
        if len(self.public_key) != _KEY_SIZE:
            raise MalformedKey(
                f"An Ed25519 public key has {_KEY_SIZE} bytes, not {len(self.public_key)}."
            )

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over the name, a newline, the type and the key."""
        hashed = self.name.encode() + b"\n" + _ED25519 + self.public_key
        return sha256(hashed).digest()[:_KEY_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public_key)}"


@dataclass(frozen=True)
class SignerKey:
    """A signer's private key, with the public part."""

    verifier_key: VerifierKey
    seed: bytes = field(repr=False)
    """The private key as defined in RFC 8032."""

    def __post_init__(self) -> None:
        if len(self.seed) != _KEY_SIZE:
            raise MalformedKey(f"An Ed25519 seed has {_KEY_SIZE} bytes, not {len(self.seed)}.")

    def to_secret_text(self) -> str:
        """Return the key as text that can be stored; anyone who has it can sign."""
        key = self.verifier_key
        seed = _base64(_ED25519 + self.seed)
        return f"{_SIGNER_KEY_START}{key.name}+{key.key_id.hex()}+{seed}"


@dataclass(frozen=True)
class NoteSignature:
    """A signature of a note, verified or not."""

    name: str
    key_id: bytes
    signature: bytes

    def is_by(self, key: VerifierKey) -> bool:
        """Return whether the signature names this key; both the name and the id must match."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True)
class SignedNote:
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        lines = [
            f"{_SIGNATURE_START}{each.name} {_base64(each.key_id + each.signature)}\n"
            for each in self.signatures
        ]
        return f"{self.text}\n{''.join(lines)}"


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the key represented by a text `NAME+ID+BASE64`.

    Raises:
        MalformedKey: The text is not an Ed25519 verifier key, or its id does not match the key.
    """
    name, key_id, public_key = _key_parts(text)
    key = VerifierKey(name, public_key)
    _check_key_id(key, key_id)
    return key


def parse_signer_key(text: str, public_key_of: Callable[[bytes], bytes]) -> SignerKey:
    """Return the key represented by `PRIVATE+KEY+NAME+ID+BASE64`; errors do not contain the text.

    `public_key_of` returns the Ed25519 public key of a seed.

    Raises:
        MalformedKey: The text is not an Ed25519 signer key, or its id does not match the key.
    """
    if not text.startswith(_SIGNER_KEY_START):
        raise MalformedKey(f"A signer key starts with {_SIGNER_KEY_START}.")
    name, key_id, seed = _key_parts(text[len(_SIGNER_KEY_START) :])
    key = SignerKey(VerifierKey(name, public_key_of(seed)), seed)
    _check_key_id(key.verifier_key, key_id)
    return key


def sign_note(text: str, key: VerifierKey, sign: Sign) -> SignedNote:
    """Return the text as a note signed with the key.

    Raises:
        MalformedNote: The text is not valid as the text of a note.
    """
    return add_signature(SignedNote(text, ()), key, sign)


def add_signature(note: SignedNote, key: VerifierKey, sign: Sign) -> SignedNote:
    """Return the note with one more signature; an earlier one by the same key is replaced.

    Raises:
        MalformedNote: The note's text is not valid as the text of a note.
    """
    _check_text(note.text)
    signature = sign(note.text.encode())
    if len(signature) != _SIGNATURE_SIZE:
        raise ValueError(f"An Ed25519 signature has {_SIGNATURE_SIZE} bytes, not {len(signature)}.")
    others = [each for each in note.signatures if not each.is_by(key)]
    own = NoteSignature(key.name, key.key_id, signature)
    return replace(note, signatures=(*others, own))


def parse_note(note: str | bytes) -> SignedNote:
    """Return the text and the signatures of a note, without verifying them.

    Raises:
        MalformedNote: The note is not in the correct format, has too many signatures or is too
            long.
    """
    text, empty_line, lines = _decoded(note).rpartition("\n\n")
    if not empty_line:
        raise MalformedNote("A note has an empty line between its text and its signatures.")
    if not lines.endswith("\n"):
        raise MalformedNote("A note ends with the newline of its last signature.")
    signature_lines = lines[:-1].split("\n")
    if len(signature_lines) > MAX_SIGNATURES:
        raise MalformedNote(
            f"A note has at most {MAX_SIGNATURES} signatures, not {len(signature_lines)}."
        )
    return SignedNote(f"{text}\n", tuple(map(_parse_signature, signature_lines)))


def verify_note(
    note: SignedNote, keys: Iterable[VerifierKey], verify: Verify
) -> tuple[VerifierKey, ...]:
    """Return the known keys that signed the note, in the order given.

    Signatures of unknown keys are ignored, even if they share the name or the id with a known key.

    Raises:
        InvalidSignature: A signature names a known key, but is not valid.
        UnsignedNote: None of the known keys signed the note.
    """
    message = note.text.encode()
    signers: list[VerifierKey] = []
    for key in dict.fromkeys(keys):
        signatures = [each.signature for each in note.signatures if each.is_by(key)]
        for signature in signatures:
            is_valid = len(signature) == _SIGNATURE_SIZE
            if not is_valid or not verify(key.public_key, message, signature):
                raise InvalidSignature(
                    f"The signature of {key.name}+{key.key_id.hex()} is not valid for this text."
                )
        if signatures:
            signers.append(key)
    if not signers:
        raise UnsignedNote("No known key has signed the note.")
    return tuple(signers)


_NAME_RULE: Final = "it must not be empty or contain spaces, control characters or plus signs"


def _is_key_name(name: str) -> bool:
    return bool(name) and not any(
        each == "+" or each.isspace() or _is_forbidden(each) for each in name
    )


def _is_forbidden(character: str) -> bool:
    """Return whether notes may not contain this character: an ASCII control or a lone surrogate."""
    return character < " " or "\ud800" <= character <= "\udfff"


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise MalformedNote("The text of a note ends with a newline.")
    if any(_is_forbidden(each) for each in text if each != "\n"):
        raise MalformedNote("A note has no control characters except newlines, and is valid UTF-8.")


def _decoded(note: str | bytes) -> str:
    encoded = note.encode(errors="surrogatepass") if isinstance(note, str) else note
    if len(encoded) > MAX_NOTE_BYTES:
        raise MalformedNote(f"A note has at most {MAX_NOTE_BYTES} bytes.")
    try:
        text = encoded.decode()
    except UnicodeDecodeError:
        raise MalformedNote("A note is valid UTF-8.") from None
    _check_text(text)
    return text


def _parse_signature(line: str) -> NoteSignature:
    name, _, encoded = line[len(_SIGNATURE_START) :].partition(" ")
    if not line.startswith(_SIGNATURE_START) or not _is_key_name(name):
        raise MalformedNote(f"A signature is `— NAME BASE64`, not {line[:100]!r}.")
    decoded = _from_base64(encoded)
    if decoded is None or len(decoded) <= _KEY_ID_SIZE:
        raise MalformedNote(
            f"The signature by {name} is not the Base64 form of a key id and a signature."
        )
    return NoteSignature(name, decoded[:_KEY_ID_SIZE], decoded[_KEY_ID_SIZE:])


def _key_parts(text: str) -> tuple[str, str, bytes]:
    """Return the name, the id and the key material of a key; the name is not checked."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    decoded = _from_base64(encoded)
    if not key_id or not decoded:
        raise MalformedKey("A key is NAME+ID+BASE64.")
    if not decoded.startswith(_ED25519):
        raise MalformedKey(
            f"The key has signature type {decoded[0]}; only Ed25519 (1) is supported."
        )
    if len(decoded) != len(_ED25519) + _KEY_SIZE:
        raise MalformedKey(f"An Ed25519 key has {_KEY_SIZE} bytes, not {len(decoded) - 1}.")
    return name, key_id, decoded[len(_ED25519) :]


def _check_key_id(key: VerifierKey, key_id: str) -> None:
    if key.key_id.hex() != key_id:
        raise MalformedKey(
            f"The id of the key {key.name} is {key.key_id.hex()}, but its text contains {key_id!r}."
        )


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


def _from_base64(text: str) -> bytes | None:
    """Return the bytes of a canonical Base64 text (RFC 4648, section 4), or None."""
    try:
        decoded = b64decode(text, validate=True)
    except (BinasciiError, ValueError):
        return None
    return decoded if _base64(decoded) == text else None
