"""The format of token secrets, and the digests that are stored instead of them."""

from __future__ import annotations

import secrets
import string
import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from gatepost_domain.access.users import UserKind

TOKEN_PREFIXES: Final[Mapping[UserKind, str]] = {UserKind.HUMAN: "gp_u_", UserKind.SERVICE: "gp_s_"}
"""The token prefixes that people and secret scanners recognize, by kind of user."""

LINK_PREFIX: Final = "gp_l_"
INVITATION_PREFIX: Final = "gp_i_"
SESSION_PREFIX: Final = "gp_b_"

_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH: Final = 32
_CHECKSUM_LENGTH: Final = 6


def generate_token_secret(kind: UserKind) -> str:
    """Return a new token secret for a user of the given kind."""
    return generate_secret(TOKEN_PREFIXES[kind])


def generate_secret(prefix: str) -> str:
    """Return a secret with 190 random bits and a checksum that secret scanners can verify."""
    body = "".join(secrets.choice(_BASE62) for _ in range(_RANDOM_LENGTH))
    return prefix + body + _checksum(prefix + body)


def secret_digest(secret: str) -> str:
    """Return the SHA-256 digest in lowercase hexadecimal.

    A slow hash is not needed, because the secrets are random.
    """
    return sha256(secret.encode()).hexdigest()


def is_token_secret(text: str) -> bool:
    """Return whether the text has the format of a token secret and a valid checksum."""
    body, checksum = text[:-_CHECKSUM_LENGTH], text[-_CHECKSUM_LENGTH:]
    length = len(body) - len("gp_u_")
    return body.startswith(
        (*TOKEN_PREFIXES.values(), LINK_PREFIX, INVITATION_PREFIX, SESSION_PREFIX)
    ) and (length == _RANDOM_LENGTH and checksum == _checksum(body))


def _checksum(text: str) -> str:
    """Return the CRC-32 of the text as six base-62 characters."""
    value, characters = zlib.crc32(text.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        value, digit = divmod(value, len(_BASE62))
        characters = _BASE62[digit] + characters
    return characters
