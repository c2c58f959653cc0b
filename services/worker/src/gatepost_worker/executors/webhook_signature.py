"""Signatures of what is sent to a CI engine, by Standard Webhooks 1.0.0."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
SHORTEST_BYTES: Final = 24
LONGEST_BYTES: Final = 64


class InvalidSecret(Exception):
    """A text is no secret to sign with; the message says why and never quotes it."""


class WebhookSigner:
    """Signs with a secret that the engine has as well."""

    def __init__(self, secret: str) -> None:
        """`secret` as `whsec_` and base64.

        Raises:
            InvalidSecret: it is written otherwise, or too short or long to be one.
        """
        try:
            key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidSecret(f"A webhook secret is {PREFIX} and base64 behind it.") from error
        if not secret.startswith(PREFIX) or not SHORTEST_BYTES <= len(key) <= LONGEST_BYTES:
            raise InvalidSecret(
                f"A webhook secret is {PREFIX} and base64 of {SHORTEST_BYTES} to {LONGEST_BYTES} "
                "random bytes."
            )
        self._key = key

    def headers(self, message_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
        """What goes with a message, by which the engine knows who sent it, and when."""
        timestamp = f"{int(at.timestamp())}"
        signed = b".".join([message_id.encode(), timestamp.encode(), body])
        digest = hmac.digest(self._key, signed, hashlib.sha256)
        return {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }
