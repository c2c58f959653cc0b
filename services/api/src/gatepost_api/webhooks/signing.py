"""Derivation of webhook secrets, and signing of messages as in Standard Webhooks 1.0.0.

No secret is stored. Each is derived from the signing key of the instance, which all processes on
one database share, from the id of the webhook and from the number of the secret.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from standardwebhooks.webhooks import Webhook as Signer

from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.webhooks.webhook import Webhook

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  # the prefix of secrets, not a secret

_KEY_PURPOSE: Final = b"Gatepost: secrets of webhooks\n"


def derive_webhook_secret(signer: CheckpointSigner, webhook: UUID, number: int) -> str:
    """Return a webhook's secret: `whsec_` and 32 bytes in Base64."""
    key = sha256(signer.sign_bytes(_KEY_PURPOSE)).digest()
    secret = hmac.digest(key, f"{webhook}\n{number}".encode(), "sha256")
    return SECRET_PREFIX + b64encode(secret).decode()


def signature_headers(
    signer: CheckpointSigner, webhook: Webhook, message_id: str, body: str, *, at: datetime
) -> dict[str, str]:
    """Return the signature headers of a message, with one signature for each valid secret."""
    signatures = (
        Signer(derive_webhook_secret(signer, webhook.id, number)).sign(message_id, at, body)
        for number in webhook.secret_numbers(at)
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": f"{int(at.timestamp())}",
        "webhook-signature": " ".join(signatures),
    }
