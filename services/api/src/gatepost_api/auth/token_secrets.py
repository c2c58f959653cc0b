"""The secrets of tokens: what they look like, and the only form in which they are kept."""

from __future__ import annotations

import secrets
import string
import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from gatepost_domain.access.users import UserKind

TOKEN_PREFIXES: Final[Mapping[UserKind, str]] = {UserKind.HUMAN: "gp_u_", UserKind.SERVICE: "gp_s_"}
"""By which people and scanners tell whose a token is."""

LINK_PREFIX: Final = "gp_l_"
SESSION_PREFIX: Final = "gp_b_"

_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH: Final = 32
_CHECKSUM_LENGTH: Final = 6


def generate_token_secret(kind: UserKind) -> str:
    """The secret of a token for a user of that kind."""
    return generate_secret(TOKEN_PREFIXES[kind])


def generate_secret(prefix: str) -> str:
    """A secret of 190 random bits; its last six characters tell a scanner that it is no chance."""
    body = "".join(secrets.choice(_BASE62) for _ in range(_RANDOM_LENGTH))
    return prefix + body + _checksum(prefix + body)


def secret_digest(secret: str) -> str:
    """SHA-256, in lower-case hexadecimal. A slow hash is for what people choose."""
    return sha256(secret.encode()).hexdigest()


def is_token_secret(text: str) -> bool:
    """Whether it has the form of a token, its check characters included."""
    body, check = text[:-_CHECKSUM_LENGTH], text[-_CHECKSUM_LENGTH:]
    length = len(body) - len("gp_u_")
    return body.startswith((*TOKEN_PREFIXES.values(), LINK_PREFIX, SESSION_PREFIX)) and (
        length == _RANDOM_LENGTH and check == _checksum(body)
    )


def _checksum(text: str) -> str:
    """CRC-32 in base 62, six characters."""
    value, characters = zlib.crc32(text.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        value, digit = divmod(value, len(_BASE62))
        characters = _BASE62[digit] + characters
    return characters
