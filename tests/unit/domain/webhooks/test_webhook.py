"""A rotation keeps the previous secret for a day."""

from __future__ import annotations

from datetime import timedelta

from gatepost_domain.webhooks.webhook import rotate_secret
from tests.support.builders import NOON
from tests.support.domain.webhooks import a_webhook

DAY = timedelta(hours=24)


def test_first_secret_signs_alone() -> None:
    """There is no previous one."""
    assert a_webhook().secret_numbers(NOON) == (1,)


def test_both_secrets_sign_for_a_day_after_a_rotation() -> None:
    """After that, only the new one does."""
    rotated = rotate_secret(a_webhook(), at=NOON)

    assert rotated.secret_numbers(NOON) == (2, 1)
    assert rotated.secret_numbers(NOON + DAY - timedelta(seconds=1)) == (2, 1)
    assert rotated.secret_numbers(NOON + DAY) == (2,)
