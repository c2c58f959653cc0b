"""Encryption of the URLs of notification channels.

The key is derived from the signing key of the instance, which all processes on one database share,
so a copy of the database reveals no URL. The id of the channel is authenticated along with the URL,
so the encrypted URL of one channel cannot be used for another.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gatepost_api.signing.checkpoint_signer import CheckpointSigner

_PURPOSE: Final = b"Gatepost: URLs of notification channels\n"
_PREFIX: Final = "aes256gcm:"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class UnreadableUrl(Exception):
    """The URL was encrypted with another key or has been changed."""


def encrypt_url(signer: CheckpointSigner, channel: UUID, url: str) -> str:
    """Return the encrypted URL of a channel (AES-256-GCM, NIST SP 800-38D)."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(signer)).encrypt(nonce, url.encode(), channel.bytes)
    return _PREFIX + b64encode(nonce + sealed).decode()


def decrypt_url(signer: CheckpointSigner, channel: UUID, sealed: str) -> str:
    """Return the URL of a channel.

    Raises:
        UnreadableUrl: `sealed` is not what `encrypt_url` returned for the same key and channel.
    """
    try:
        content = b64decode(sealed.removeprefix(_PREFIX), validate=True)
        nonce, encrypted = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        return AESGCM(_key(signer)).decrypt(nonce, encrypted, channel.bytes).decode()
    except (ValueError, InvalidTag):
        raise UnreadableUrl from None


def _key(signer: CheckpointSigner) -> bytes:
    """Return the key, derived (HKDF, RFC 5869) from a signature only the signing key can create."""
    derivation = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE)
    return derivation.derive(signer.sign_bytes(_PURPOSE))
