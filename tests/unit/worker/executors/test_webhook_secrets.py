"""One webhook secret for each target."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gatepost_worker.executors.executor_kind import InvalidOption
from gatepost_worker.executors.webhook_secrets import WebhookSecrets, read_webhook_secrets
from gatepost_worker.executors.webhook_signature import WebhookSigner
from tests.support.worker import a_deployment

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_secret(byte: int) -> str:
    return f"whsec_{base64.b64encode(bytes([byte]) * 24).decode()}"


SHOP, TEST, SHARED = a_secret(1), a_secret(2), a_secret(3)


def secrets_of(folder: Path, text: str, **environment: str) -> WebhookSecrets:
    file = folder / "webhooks.toml"
    file.write_text(text, encoding="utf-8")
    return read_webhook_secrets(f"{file}", environment)


def signature(signer: WebhookSigner | None) -> str | None:
    return None if signer is None else signer.headers("id", b"body", at=AT)["webhook-signature"]


@pytest.mark.parametrize(
    ("service", "environment", "secret"),
    [("shop", "production", SHOP), ("shop", "test", TEST), ("bank", "staging", SHARED)],
)
def test_each_target_has_its_own_secret(
    service: str, environment: str, secret: str, tmp_path: Path
) -> None:
    """The first matching line applies; all other targets use the shared secret."""
    text = f'"shop/production" = "{SHOP}"\n"*/test" = "{TEST}"\n'
    secrets = secrets_of(tmp_path, text, GATEPOST_WEBHOOK_SECRET=SHARED)

    signer = secrets.signer_for(a_deployment(service=service, environment=environment))

    assert signature(signer) == signature(WebhookSigner(secret))


def test_target_without_a_secret_is_not_signed_with_that_of_another(tmp_path: Path) -> None:
    """Without a shared secret, there is none for it."""
    secrets = secrets_of(tmp_path, f'"shop/production" = "{SHOP}"')

    assert secrets.signer_for(a_deployment(service="bank")) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "is not a TOML file"),
        (f'shop = "{SHOP}"', "'shop' must be"),
        ('"shop/test" = 1', "'shop/test' must be"),
        ('"shop/test" = "secret"', "shop/test: A webhook secret is whsec_"),
        (f'"a/b" = "{SHOP}"\n"c/d" = "{SHOP}"', "give each target a secret of its own"),
        (f'"a/b" = "{SHARED}"', "give each target a secret of its own"),
    ],
    ids=range(6),
)
def test_invalid_secrets_are_refused(text: str, message: str, tmp_path: Path) -> None:
    """The worker does not start, and the message contains no secret."""
    with pytest.raises(InvalidOption, match=message) as raised:
        secrets_of(tmp_path, text, GATEPOST_WEBHOOK_SECRET=SHARED)

    assert SHOP.removeprefix("whsec_") not in str(raised.value)
