"""Attempts follow the schedule of webhooks, but end sooner."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from gatepost_domain.notifications.channel import QuietHours
from gatepost_domain.notifications.notification import (
    LEASE,
    MAX_ATTEMPTS,
    NotificationState,
    claim_channel,
    conclude_attempt,
    drop,
)
from gatepost_domain.webhooks.delivery import RETRY_DELAYS
from tests.support.builders import NOON
from tests.support.domain.notifications import a_channel, a_notification, an_attempt


def test_failed_attempts_are_repeated_until_it_is_too_late() -> None:
    """A notification that arrives the next day would be of no use."""
    notification, at, delays = a_notification(), NOON, list[timedelta]()
    while notification.state is NotificationState.PENDING:
        notification = conclude_attempt(a_channel(), notification, an_attempt(sent=False, at=at))
        delays.append(notification.due_at - at)
        at = notification.due_at

    assert notification.state is NotificationState.FAILED
    assert notification.attempts == MAX_ATTEMPTS == 6
    assert tuple(delays[:-1]) == RETRY_DELAYS[: MAX_ATTEMPTS - 1]
    assert notification.last_attempt is not None
    assert notification.last_attempt.detail == "Slack answered 403."


def test_sent_notification_has_ended() -> None:
    """Its last attempt has no detail."""
    sent = conclude_attempt(a_channel(), a_notification(), an_attempt())

    assert (sent.state, sent.ended_at, sent.attempts) == (NotificationState.SENT, NOON, 1)


def test_retries_wait_for_the_end_of_quiet_hours() -> None:
    """They are as quiet as first attempts."""
    channel = a_channel(quiet_hours=QuietHours(start=time(12), end=time(13)))

    failed = conclude_attempt(channel, a_notification(), an_attempt(sent=False))

    assert failed.due_at == NOON + timedelta(hours=1)


def test_claim_reserves_the_channel_for_one_message() -> None:
    """Another worker can take over when the lease has expired."""
    claimed = claim_channel(a_channel(), worker="berlin-1", at=NOON)

    assert (claimed.claims, claimed.worker) == (1, "berlin-1")
    assert claimed.next_send_at == NOON + LEASE


@pytest.mark.parametrize("attempts", [0, 3])
def test_dropped_notification_keeps_its_attempts(attempts: int) -> None:
    """It has ended without another one."""
    dropped = drop(a_notification(attempts=attempts), at=NOON)

    assert dropped.state is NotificationState.DROPPED
    assert (dropped.attempts, dropped.ended_at) == (attempts, NOON)
