"""What stands at the place of a secret never reaches the log."""

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
from gatepost_api.server.log_redaction import RedactingFormatter, redact
from gatepost_domain.access.users import UserKind

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln-bmF0_dXJl"


@pytest.mark.parametrize(
    "made",
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
def test_a_secret_is_blotted_out_wherever_it_stands(made: Callable[[], str], line: str) -> None:
    """And what is around it stays readable."""
    secret = made()
    blotted = redact(line.format(secret))

    assert secret not in blotted
    assert secret[10:] not in blotted
    assert "***" in blotted


@pytest.mark.parametrize(
    ("line", "blotted"),
    [
        ("authorization: bearer abc", "authorization: bearer ***"),
        ("Basic dXNlcjpwYXNz, next", "Basic ***, next"),
        ("client_secret=hush&code=c0de&x=1", "client_secret=***&code=***&x=1"),
        ("password=p", "password=***"),
        ("gp_u_short, status=201, barcode=7", "gp_u_short, status=201, barcode=7"),
    ],
)
def test_only_secrets_are_blotted_out(line: str, blotted: str) -> None:
    """What only looks like one from afar is left."""
    assert redact(line) == blotted


def test_a_traceback_is_blotted_out_too() -> None:
    """Whatever an exception holds, and whatever the arguments of a message are."""
    written = io.StringIO()
    terminal = logging.StreamHandler(written)
    terminal.setFormatter(RedactingFormatter("%(message)s"))
    secret = generate_token_secret(UserKind.HUMAN)
    error = ValueError(secret)
    cause = (ValueError, error, None)
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "at %s", (JWT,), cause)

    terminal.handle(record)

    assert "ValueError: gp_u_***" in written.getvalue()
    assert secret not in written.getvalue()
    assert JWT not in written.getvalue()
