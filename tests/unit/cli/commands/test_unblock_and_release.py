"""`gatepost unblock` and `release`."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_cli.core.exit_code import ExitCode
from tests.support.cli import CliRunner

REASON = "--reason=Nobody can pay."
BLOCK: Final[dict[str, Any]] = {
    "service": "shop",
    "environment": "production",
    "version": "team/1",
    "at": "2026-11-21T12:00:00Z",
    "actor": "olga",
    "reason": "It was slow.",
    "deployment_id": "01936f5e-0000-7000-8000-000000000042",
}
HOLD: Final = {name: value for name, value in BLOCK.items() if name != "reason"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("unblock", "shop", "1.0.0", REASON),
        ("unblock", "shop", "1.0.0", "--in=production"),
        ("release", "shop", REASON),
        ("release", "shop", "production"),
    ],
)
def test_incomplete_command_is_refused_before_anything_is_sent(
    cli: CliRunner, arguments: tuple[str, ...]
) -> None:
    """A missing environment or reason is a usage error."""
    result = cli(*arguments)

    assert (result.exit_code, cli.requests) == (ExitCode.USAGE, [])


def test_version_is_unblocked_in_an_environment(cli: CliRunner) -> None:
    """The command sends the environment and the reason. A version name can contain slashes."""
    cli.prepare("POST /services/shop/versions/team/1/unblock", BLOCK)

    result = cli("unblock", "shop", "team/1", "--in=production", REASON)

    assert result.exit_code == 0
    assert result.stdout == "shop team/1 can be deployed to production again.\n"
    assert cli.last_body == {"environment": "production", "reason": "Nobody can pay."}


def test_hold_is_released_for_one_service_and_environment(cli: CliRunner) -> None:
    """The command sends the reason, and the output names what can be promoted again."""
    cli.prepare("POST /services/shop/targets/production/release", HOLD)

    result = cli("release", "shop", "production", REASON)

    assert result.exit_code == 0
    assert result.stdout == "shop can be promoted automatically to production again.\n"
    assert cli.last_body == {"reason": "Nobody can pay."}
