"""Tests that need root are never left out silently."""

from __future__ import annotations

import pytest

from tests.support.required_account import require_root


def test_root_is_enough() -> None:
    """Root runs the tests everywhere."""
    require_root({}, user=0)
    require_root({"CI": "true"}, user=0)


def test_other_accounts_skip_with_a_reason() -> None:
    """On a developer's machine, the reason says how to run the test."""
    with pytest.raises(pytest.skip.Exception, match=r"as \.ci/run does"):
        require_root({}, user=1000)


def test_ci_fails_without_root() -> None:
    """Where all tests must run, a proof that did not run is a failure."""
    with pytest.raises(pytest.fail.Exception, match="only root can try"):
        require_root({"CI": "true"}, user=1000)
