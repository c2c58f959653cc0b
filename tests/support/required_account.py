"""Tests that only root can run, because they change accounts: skipped elsewhere, but not in CI."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

REASON = (
    "it proves that programs of other accounts cannot steal secrets, which only root can try: run "
    "the tests as root, as .ci/run does"
)


def require_root(environment: Mapping[str, str], *, user: int | None = None) -> None:
    """Skip the test, or fail in CI, unless this is root (or the user that is given)."""
    if (os.geteuid() if user is None else user) == 0:
        return
    if environment.get("CI") == "true":
        pytest.fail(REASON, pytrace=False)
    pytest.skip(REASON)
