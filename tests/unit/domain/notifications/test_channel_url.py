"""URLs of channels are checked and masked without being shown."""

from __future__ import annotations

import pytest

from gatepost_domain.notifications.channel_url import SCHEMES, faults_of_channel_url, mask_url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("hooks.slack.com/services/secret1", "bad_channel_url"),
        ("slack://", "bad_channel_url"),
        ("slack://secret1\n", "bad_channel_url"),
        ("https://hooks.slack.com/services/secret1", "unsupported_channel"),
        ("syslog://secret1", "unsupported_channel"),
        ("dbus://secret1", "unsupported_channel"),
        ("workflows://host/secret1/b/?template=/etc/passwd", "bad_channel_url"),
        ("mailtos://u:secret1@example.com?PGP=yes", "bad_channel_url"),
        ("json://example.com/?+attach=secret1", "bad_channel_url"),
    ],
)
def test_other_urls_are_refused_without_naming_them(url: str, code: str) -> None:
    """They can contain passwords. What acts on the worker's machine is refused too."""
    (fault,) = faults_of_channel_url(url)

    assert fault.code == code
    assert "secret1" not in fault.detail


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("slack://T1/A1/secret1/#deploys", "slack://***"),
        ("pagerduty://secret1@secret2", "pagerduty://***"),
        ("mailtos://me:secret1@mail.example:465?to=a@b.example", "mailtos://mail.example/***"),
        ("JSON://127.0.0.1:8080/secret1", "json://127.0.0.1/***"),
        ("json://[::/secret1", "json://***"),
    ],
)
def test_shown_url_has_no_secrets(url: str, shown: str) -> None:
    """Where tokens stand in place of the host, nothing but the scheme is shown."""
    assert mask_url(url) == shown


def test_accepted_url_has_no_faults() -> None:
    """Every scheme names its product."""
    assert [*faults_of_channel_url("mmosts://chat.example/token")] == []
    assert all(SCHEMES.values())
