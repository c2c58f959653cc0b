"""Signatures according to Standard Webhooks 1.0.0."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gatepost_worker.executors.webhook_signature import InvalidSecret, WebhookSigner

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_signature_matches_the_example_of_the_standard() -> None:
    """The signature equals the one that the Standard Webhooks libraries use in their tests."""
    at = datetime.fromtimestamp(1614265330, UTC)

    headers = WebhookSigner(SECRET).headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', at=at
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_no base64!",
        "whsec_é",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_" + "A" * 31 + "=",
        "whsec_" + "A" * 28,
        "whsec_" + "A" * 88,
    ],
    ids=range(8),
)
def test_an_invalid_secret_is_refused_and_not_shown(secret: str) -> None:
    """The error describes the format of a secret without quoting the invalid one."""
    with pytest.raises(InvalidSecret, match="whsec_ followed by") as raised:
        WebhookSigner(secret)

    assert secret.removeprefix("whsec_") == "" or secret not in f"{raised.value}"
