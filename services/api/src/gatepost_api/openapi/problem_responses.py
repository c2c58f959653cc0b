"""Documenting the problems that each operation can respond with in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gatepost_api.http.problems import PROBLEM_JSON
from gatepost_api.http.status_phrases import status_phrase
from gatepost_api.problem_catalog import (
    access,
    catalog_resources,
    check_runs,
    deployments,
    freezes,
    gates,
    imports,
    incidents,
    ingest,
    notifications,
    protection_answers,
    storage,
    webhooks,
)
from gatepost_api.problem_catalog.catalog import (
    PROBLEMS,
    codes_of_status,
    problem_type,
)
from gatepost_api.problem_catalog.problem_kind import ProblemKind

Json = Any
"""A JSON document or part of one."""

MAX_EXAMPLES: Final = 2
"""The maximum number of examples that each response refers to."""

_SUBJECTS_BY_TAG: Final[Mapping[str, tuple[tuple[ProblemKind, ...], ...]]] = {
    "deployments": (deployments.PROBLEMS, gates.PROBLEMS),
    "tracking": (deployments.PROBLEMS, imports.PROBLEMS),
    "freezes": (freezes.PROBLEMS,),
    "incidents": (incidents.PROBLEMS,),
    "services": (catalog_resources.PROBLEMS, check_runs.PROBLEMS),
    "environments": (catalog_resources.PROBLEMS,),
    "settings": (catalog_resources.PROBLEMS, access.PROBLEMS),
    "people": (access.PROBLEMS,),
    "ingest": (ingest.PROBLEMS,),
    "notifications": (notifications.PROBLEMS,),
    "webhooks": (webhooks.PROBLEMS,),
    "workers": (
        deployments.PROBLEMS,
        check_runs.PROBLEMS,
        webhooks.PROBLEMS,
        notifications.PROBLEMS,
        protection_answers.PROBLEMS,
    ),
    "compatibility": (deployments.PROBLEMS, imports.PROBLEMS, catalog_resources.PROBLEMS),
}
"""Maps each tag to the kinds of problems that a change by an operation with this tag can cause."""

_CODES: Final[Mapping[int, tuple[str, ...]]] = {
    400: ("host_not_allowed",),
    401: ("unauthenticated",),
    403: ("forbidden", "sign_in_denied"),
    412: ("stale",),
    413: ("body_too_large",),
    415: ("unsupported_media_type", "unsupported_content_encoding"),
    422: ("invalid", "unknown_parameter"),
    429: ("rate_limited", "too_many_requests"),
    503: (*(problem.code for problem in storage.PROBLEMS), "too_many_connections"),
}
"""Maps each status to the codes that every operation with that status can send."""
_CODES_OF_WRITES: Final[Mapping[int, tuple[str, ...]]] = {
    403: ("foreign_origin",),
    409: ("overtaken",),
}
_CODES_OF_BODIES: Final[Mapping[int, tuple[str, ...]]] = {
    400: ("malformed",),
    403: ("act_as_forbidden",),
    422: ("unknown_user",),
}
"""Maps each status to the codes that every operation with a body can send."""
_REFERENCES: Final = ("unknown_service", "unknown_environment")
_CODES_BY_TAG: Final[Mapping[str, Mapping[int, tuple[str, ...]]]] = {
    "compatibility": {422: _REFERENCES},
    "deployments": {409: ("service_archived", "environment_archived"), 422: _REFERENCES},
    "freezes": {422: (*_REFERENCES, "reason_required")},
    "incidents": {409: ("external_id_taken",), 422: (*_REFERENCES, "unknown_deployment")},
    "people": {403: ("proposer_unknown",), 422: _REFERENCES},
    "services": {422: ("unknown_environment", "reason_required")},
    "settings": {403: ("not_independent",)},
    "tracking": {422: _REFERENCES},
    "notifications": {422: ("unknown_timezone",)},
    "webhooks": {422: (*_REFERENCES, "bad_url")},
}
"""Maps each tag to codes that a change by an operation with this tag can cause, in addition to
those of the tag's own kinds of problems, by status."""
_CODES_BY_PARAMETER: Final[Mapping[str, Mapping[int, tuple[str, ...]]]] = {
    "cursor": {422: ("bad_cursor",)},
    "since": {422: ("since_after_until",)},
    "dateFrom": {422: ("since_after_until",)},
    "bucket": {422: ("too_many_buckets",)},
    "q": {422: ("search_without_words", "search_too_long")},
    "If-Match": {422: ("bad_etag",)},
    "Idempotency-Key": {422: ("idempotency_mismatch",)},
    "deployment": {404: ("unknown_deployment",)},
    "id": {404: ("unknown_deployment",)},
    "service": {404: ("unknown_service",)},
    "service_name": {404: ("unknown_service",)},
    "appId": {404: ("unknown_service",)},
    "environment": {404: ("unknown_environment", "unknown_target")},
    "envId": {404: ("unknown_environment",)},
    "version": {404: ("unknown_version",)},
    "path": {404: ("unknown_contract",)},
    "freeze": {404: ("unknown_freeze",)},
    "incident": {404: ("unknown_incident",)},
    "settings_change": {404: ("unknown_settings_change",)},
    "user": {404: ("unknown_user",)},
    "token": {404: ("unknown_token",)},
    "claim": {404: ("unknown_claim",)},
    "check_run": {404: ("unknown_check_run",)},
    "ingest_delivery": {404: ("unknown_ingest_delivery",)},
    "source": {404: ("unknown_ingest_source",)},
    "channel": {404: ("unknown_notification_channel",)},
    "protection_answer": {404: ("unknown_protection_answer",)},
    "webhook": {404: ("unknown_webhook",)},
    "delivery": {404: ("unknown_delivery",)},
    "seq": {404: ("unknown_event",)},
    "from": {404: ("unknown_event",), 422: ("unknown_environment",)},
}
_CODES_BY_OPERATION: Final[Mapping[str, Mapping[int, tuple[str, ...]]]] = {
    "export_record": {503: ("too_many_exports",)},
    "verify_record": {503: ("verification_timed_out",)},
    "stream_events": {429: ("too_many_streams",)},
    "import_freezes": {422: ("unknown_timezone",)},
    "import_history": {422: ("unknown_timezone",), 503: ("no_spool_space",)},
    "retire_target": {422: ("at_in_future",)},
    "simulate_policy": {422: ("too_many_deployments", "since_after_until", "unknown_environment")},
    "receive_delivery": {401: ("invalid_signature",), 400: ("malformed",)},
    "put_ingest_source": {
        403: ("proposer_unknown",),
        422: ("bad_pointer", *_REFERENCES, "unknown_user"),
    },
    "exchange_token": {403: ("sign_in_denied",), 503: ("issuer_unreachable",)},
}
_SUBJECT_STATUSES: Final = frozenset({403, 409, 422})
"""The statuses with which a change that violates a rule is refused."""

PROBLEM_HEADERS: Final[dict[str, Json]] = {
    "WWW-Authenticate": {
        "description": 'How to authenticate: `Bearer realm="gatepost"` (RFC 6750), with '
        '`error="invalid_token"` if the token is unknown, expired or revoked.',
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "The number of seconds to wait before retrying.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
}
"""The headers of problem responses, except for those of the rate limit."""
_HEADERS_BY_STATUS: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", "RateLimit", "RateLimit-Policy"),
    503: ("Retry-After",),
}


def describe_problem_responses(method: str, operation: dict[str, Json]) -> dict[str, Json]:
    """Add to each problem response of an operation its codes, examples and headers.

    Returns the components that the examples refer to.
    """
    components: dict[str, Json] = {}
    for status_text, response in operation["responses"].items():
        content = response.get("content", {}).get(PROBLEM_JSON)
        if content is None:
            continue
        status = int(status_text)
        codes = list(dict.fromkeys(_codes(method, operation, status))) or codes_of_status(status)
        listed = ", ".join(f"`{code}`" for code in codes)
        response["description"] = f"{status_phrase(status)}. `code`: {listed}."
        examples = {
            _example_name(code, status): {
                "summary": PROBLEMS[code].title,
                "value": _example(PROBLEMS[code], status),
            }
            for code in codes[:MAX_EXAMPLES]
        }
        components |= examples
        content["examples"] = {name: {"$ref": f"#/components/examples/{name}"} for name in examples}
        if headers := _HEADERS_BY_STATUS.get(status):
            response["headers"] = {
                name: {"$ref": f"#/components/headers/{name}"} for name in headers
            }
    return components


def _example_name(code: str, status: int) -> str:
    return code if status == PROBLEMS[code].statuses[0] else f"{code}_{status}"


def _example(problem: ProblemKind, status: int) -> dict[str, Json]:
    is_gate = problem in gates.PROBLEMS
    return {
        "type": problem_type(problem.code),
        "title": problem.title,
        "status": status,
        "detail": problem.meaning.replace("`", ""),
        "instance": "/api/v1/deployments/DEP-4/start" if is_gate else "/api/v1/deployments",
        "code": problem.code,
        "errors": [],
        "deployment_status": "approved" if is_gate else None,
        "allowed_actions": ["cancel", "override"] if is_gate else None,
        "request_id": "0197f5c8b1d27c6e9a3f5d2e8c4b1a07",
    }


def _codes(method: str, operation: Mapping[str, Json], status: int) -> Iterator[str]:
    """Yield the codes that an operation can send with a status, most general first."""
    yield from _CODES_BY_OPERATION.get(operation["operationId"], {}).get(status, ())
    yield from _CODES.get(status, ())
    if "requestBody" in operation:
        yield from _CODES_OF_BODIES.get(status, ())
    for parameter in operation.get("parameters", ()):
        yield from _CODES_BY_PARAMETER.get(parameter["name"], {}).get(status, ())
    if method != "get":
        for tag in operation["tags"]:
            yield from _subject_codes(tag, status)
        yield from _CODES_OF_WRITES.get(status, ())


def _subject_codes(tag: str, status: int) -> Iterator[str]:
    """Yield the codes of the rules that a change with this tag can violate."""
    yield from _CODES_BY_TAG.get(tag, {}).get(status, ())
    if status in _SUBJECT_STATUSES:
        for problems in _SUBJECTS_BY_TAG.get(tag, ()):
            yield from (problem.code for problem in problems if status in problem.statuses)
