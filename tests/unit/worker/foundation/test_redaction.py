"""Removing secrets from text."""

from __future__ import annotations

import base64

import pytest

from gatepost_worker.foundation.redaction import Redactor, redact

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("token gp_s_0123456789abcdef ok", "token gp_s_*** ok"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_***"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("ghp_0123456789abcdefABCDEF", "ghp_***"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIA***"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJ***"),
        (f"a {KEY} b", "a -----BEGIN RSA PRIVATE KEY-----*** b"),
        ("postgres://ada:hunter22@db/x", "postgres://ada:***@db/x"),
        ("DB_PASSWORD=hunter22 next", "DB_PASSWORD=*** next"),
        ("https://ci/?api_key=abc&x=1", "https://ci/?api_key=***&x=1"),
        ("Deployed shop 1.4.2 to test in 3 s.", "Deployed shop 1.4.2 to test in 3 s."),
    ],
)
def test_known_formats_are_removed(text: str, expected: str) -> None:
    """What precedes a secret is kept, so that the reader knows what was there."""
    assert redact(text) == expected


def test_known_values_are_removed_in_every_common_form() -> None:
    """As they are, in base64, in hexadecimal and in URLs; line by line if they have several."""
    value = "correct horse/battery"
    forms = [value, base64.b64encode(value.encode()).decode().rstrip("=")]
    forms += [value.encode().hex(), "correct%20horse%2Fbattery"]

    assert Redactor([value]).redact(" | ".join(forms)) == " | ".join(["***"] * 4)
    assert Redactor(["first line\nsecond line"]).redact("second line") == "***"


def test_short_values_are_kept() -> None:
    """They occur in ordinary text."""
    assert Redactor(["test", ""]).redact("test passed") == "test passed"
