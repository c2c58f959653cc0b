from ..open_enum import OpenEnum


class IngestSignature(OpenEnum):
    """How a delivery proves that its sender knows the secret."""

    HMAC_SHA256 = "hmac_sha256"
    STANDARD_WEBHOOKS = "standard_webhooks"
    TOKEN = "token"
