"""Signatures of requests to CI engines, as in Standard Webhooks 1.0.0."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  # the prefix of secrets, not a secret
MIN_KEY_BYTES: Final = 24
MAX_KEY_BYTES: Final = 64


class InvalidSecret(Exception):
    """The text is not a webhook secret; the message says why without quoting the text."""


class WebhookSigner:
    """Signs requests with the secret shared with the CI engine."""

    def __init__(self, secret: str) -> None:
        """Create a signer from a secret: `whsec_` followed by the key in base64.

        Raises:
            InvalidSecret: the format is wrong, or the key too short or too long.
        """
        try:
            key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidSecret(
                f"A webhook secret is {SECRET_PREFIX} followed by base64."
            ) from error
        if not secret.startswith(SECRET_PREFIX) or not MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES:
            raise InvalidSecret(
                f"A webhook secret is {SECRET_PREFIX} followed by the base64 encoding of "
                f"{MIN_KEY_BYTES} to {MAX_KEY_BYTES} random bytes."
            )
        self._key = key

    def headers(self, message_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
        """Return the headers that authenticate the request and its time."""
        timestamp = f"{int(at.timestamp())}"
        signed_content = b".".join([message_id.encode(), timestamp.encode(), body])
        digest = hmac.digest(self._key, signed_content, hashlib.sha256)
        return {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }
