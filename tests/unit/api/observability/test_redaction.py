"""Redaction of secrets in the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from functools import partial

import pytest

from gatepost_api.auth.token_secrets import (
    LINK_PREFIX,
    SESSION_PREFIX,
    generate_secret,
    generate_token_secret,
)
from gatepost_api.observability.log_setup import log_formatter
from gatepost_api.observability.redaction import redact
from gatepost_api.settings.log import LogFormat
from gatepost_domain.access.users import UserKind

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln-bmF0_dXJl"


@pytest.mark.parametrize(
    "generate",
    [
        partial(generate_token_secret, UserKind.HUMAN),
        partial(generate_token_secret, UserKind.SERVICE),
        partial(generate_secret, LINK_PREFIX),
        partial(generate_secret, SESSION_PREFIX),
        lambda: JWT,
    ],
    ids=["user", "service", "link", "session", "signed"],
)
@pytest.mark.parametrize(
    "line",
    ["{}", "token={} ", '{{"secret":"{}"}}', "/sign-in?link={}&x", "Authorization: Bearer {}"],
)
def test_secret_is_redacted_anywhere_in_a_line(generate: Callable[[], str], line: str) -> None:
    """Wherever a secret occurs in a line, at most its first ten characters remain."""
    secret = generate()
    redacted = redact(line.format(secret))

    assert secret not in redacted
    assert secret[10:] not in redacted
    assert "***" in redacted


@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        ("authorization: bearer abc", "authorization: bearer ***"),
        ("Basic dXNlcjpwYXNz, next", "Basic ***, next"),
        ("client_secret=hush&code=c0de&x=1", "client_secret=***&code=***&x=1"),
        ("password=p", "password=***"),
        ("gp_u_short, status=201, barcode=7", "gp_u_short, status=201, barcode=7"),
    ],
)
def test_only_secrets_are_redacted(line: str, redacted: str) -> None:
    """Text that only resembles a secret remains unchanged."""
    assert redact(line) == redacted


@pytest.mark.parametrize("log_format", LogFormat)
def test_traceback_and_arguments_are_redacted(log_format: LogFormat) -> None:
    """Secrets in tracebacks and in the arguments of a log message are redacted too."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(log_formatter(log_format))
    secret = generate_token_secret(UserKind.HUMAN)
    error = ValueError(secret)
    cause = (ValueError, error, None)
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "at %s", (JWT,), cause)

    handler.handle(record)

    assert "ValueError: gp_u_***" in output.getvalue()
    assert secret not in output.getvalue()
    assert JWT not in output.getvalue()
