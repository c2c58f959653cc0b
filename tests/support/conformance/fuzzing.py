"""What schemathesis imports when `dev.py fuzz` runs it: our check, and a limit to its requests."""

from __future__ import annotations

from typing import Any, Final

import schemathesis
from schemathesis import Case, HookContext

from tests.support.conformance import checks

__all__ = ["checks"]  # importing it registers the check

CALLER: Final = "owner"
"""The user whose token the requests have."""


@schemathesis.hook
def before_call(_: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Change nobody's credentials but other users': later requests would all be 401."""
    del kwargs
    if case.method != "GET" and str(case.path_parameters.get("user", "")).lower() == CALLER:
        case.path_parameters["user"] = "ada"
