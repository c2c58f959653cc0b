"""Lookup of all kinds of problems by code, by subject and by status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.problem_catalog import (
    access,
    catalog_resources,
    check_runs,
    deployments,
    freezes,
    gates,
    github_protection_answers,
    http_requests,
    identity_providers,
    incidents,
    ingest,
    notifications,
    records_and_imports,
    storage,
    webhooks,
)
from gatepost_api.problem_catalog.problem_kind import PROBLEMS_PATH, ProblemKind

PROBLEMS_BY_SUBJECT: Final[Mapping[str, tuple[ProblemKind, ...]]] = {
    "Requests": http_requests.PROBLEMS,
    "Deployments": deployments.PROBLEMS,
    "Gates": gates.PROBLEMS,
    "Access": access.PROBLEMS,
    "Catalog": catalog_resources.PROBLEMS,
    "Check runs": check_runs.PROBLEMS,
    "Freezes": freezes.PROBLEMS,
    "Incidents": incidents.PROBLEMS,
    "Records and imports": records_and_imports.PROBLEMS,
    "Ingest": (*ingest.PROBLEMS, *github_protection_answers.PROBLEMS),
    "Webhooks": webhooks.PROBLEMS,
    "Notifications": notifications.PROBLEMS,
    "Storage": storage.PROBLEMS,
    "Identity providers": identity_providers.PROBLEMS,
}
"""The kinds of problems, in the order in which the documentation page lists them."""

PROBLEMS: Final[Mapping[str, ProblemKind]] = {
    problem.code: problem for problems in PROBLEMS_BY_SUBJECT.values() for problem in problems
}
"""The kinds of problems, keyed by code. A test checks that every code in use is included."""


def problem_type(code: str) -> str:
    """Return the `type` of a problem: the path of its description (RFC 9457, section 3.1.1)."""
    return f"{PROBLEMS_PATH}#{code}"


def problem_title(code: str) -> str:
    """Return the name of a kind of problem."""
    problem = PROBLEMS.get(code)
    return code.replace("_", " ").capitalize() if problem is None else problem.title


def codes_of_status(status: int) -> tuple[str, ...]:
    """Return the codes of the problems that a response with this status can have."""
    return tuple(code for code, problem in PROBLEMS.items() if status in problem.statuses)
