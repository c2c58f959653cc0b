"""Documenting the problems that each operation can respond with in the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from gatepost_api.http.media_types import JSON
from gatepost_api.http.problems import PROBLEM_JSON
from gatepost_api.http.status_phrases import status_phrase
from gatepost_api.openapi.rule_violation_problems import CODES_BY_OPERATION
from gatepost_api.openapi.schemas import COMPONENT_NAMES
from gatepost_api.problem_catalog import gates, identity_providers, storage
from gatepost_api.problem_catalog.problem_kind import ProblemKind
from gatepost_api.problem_catalog.problem_lookup import (
    PROBLEMS,
    codes_of_status,
    problem_type,
)

Json = Any
"""A JSON document or part of one."""

MAX_EXAMPLES: Final = 2
"""The maximum number of examples that each response refers to."""

_CODES: Final[Mapping[int, tuple[str, ...]]] = {
    400: ("host_not_allowed",),
    401: ("unauthenticated",),
    403: ("forbidden", "sign_in_denied"),
    412: ("stale",),
    413: ("body_too_large",),
    415: ("unsupported_media_type", "unsupported_content_encoding"),
    422: ("invalid", "unknown_parameter"),
    429: ("rate_limited", "too_many_requests"),
    503: (
        *(problem.code for problem in (*storage.PROBLEMS, *identity_providers.PROBLEMS)),
        "too_many_connections",
    ),
}
"""Maps each status to the codes that every operation with that status can send."""
_CODES_OF_WRITES: Final[Mapping[int, tuple[str, ...]]] = {
    403: ("foreign_origin",),
    409: ("overtaken",),
}
_CODES_OF_BODIES: Final[Mapping[int, tuple[str, ...]]] = {400: ("malformed",)}
"""Maps each status to the codes that every operation with a JSON body can send."""
_CODES_OF_ACTORS: Final[Mapping[int, tuple[str, ...]]] = {
    403: ("act_as_forbidden",),
    422: ("unknown_user",),
}
"""Maps each status to the codes of operations whose body can name somebody to act for."""
_ACTOR_FIELDS: Final = frozenset({"actor", "requester"})
_SLASH_IN_PATH: Final = "not_found"
"""The code if a path parameter contains a `/`; for a user's name, it is `unknown_user` instead."""
_NEVER_SENT: Final[Mapping[tuple[str, int], frozenset[str]]] = {
    ("get_check_run", 404): frozenset({"unknown_service", "unknown_environment"}),
    ("receive_delivery", 415): frozenset({"unsupported_media_type"}),
}
"""Maps an operation and a status to the general codes that the operation never sends: it finds a
check run by its id alone, or accepts deliveries of any media type."""
_UNKNOWN: Final[Mapping[str, str]] = {
    "deployment": "unknown_deployment",
    "id": "unknown_deployment",
    "service": "unknown_service",
    "service_name": "unknown_service",
    "appId": "unknown_service",
    "environment": "unknown_environment",
    "envId": "unknown_environment",
    "version": "unknown_version",
    "path": "unknown_contract",
    "freeze": "unknown_freeze",
    "incident": "unknown_incident",
    "settings_change": "unknown_settings_change",
    "user": "unknown_user",
    "token": "unknown_token",
    "claim": "unknown_claim",
    "check_run": "unknown_check_run",
    "ingest_delivery": "unknown_ingest_delivery",
    "source": "unknown_ingest_source",
    "channel": "unknown_notification_channel",
    "protection_answer": "unknown_protection_answer",
    "webhook": "unknown_webhook",
    "delivery": "unknown_delivery",
    "notification": "unknown_notification",
}
"""Maps each parameter in a path to the code if nothing has this name or id."""
_CODES_BY_PARAMETER: Final[Mapping[str, Mapping[int, tuple[str, ...]]]] = {
    "cursor": {422: ("bad_cursor",)},
    "since": {422: ("since_after_until",)},
    "dateFrom": {422: ("since_after_until",)},
    "bucket": {422: ("too_many_buckets",)},
    "q": {422: ("search_without_words", "search_too_long")},
    "If-Match": {422: ("bad_etag",)},
    "Idempotency-Key": {422: ("idempotency_mismatch",)},
}
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


def describe_problem_responses(
    method: str, operation: dict[str, Json], schemas: Mapping[str, Json]
) -> dict[str, Json]:
    """Add to each problem response of an operation its codes, examples and headers.

    `schemas` are the schemas of bodies by name. Returns the components that the examples refer to.
    """
    names_actor = bool(_ACTOR_FIELDS & _fields_of_body(operation, schemas))
    components: dict[str, Json] = {}
    for status_text, response in operation["responses"].items():
        content = response.get("content", {}).get(PROBLEM_JSON)
        if content is None:
            continue
        status = int(status_text)
        found = dict.fromkeys(_codes(method, operation, status, names_actor=names_actor))
        never = _NEVER_SENT.get((operation["operationId"], status), frozenset())
        codes = [code for code in found if code not in never] or codes_of_status(status)
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


def _fields_of_body(operation: Mapping[str, Json], schemas: Mapping[str, Json]) -> set[str]:
    """Return the names of the fields of a JSON body."""
    contents = operation.get("requestBody", {}).get("content", {}).values()
    references = [re.findall(r"#/components/schemas/(\w+)", f"{each}") for each in contents]
    names: list[str] = [COMPONENT_NAMES.get(name) or name for found in references for name in found]
    return {field for name in names for field in schemas[name].get("properties", ())}


def _codes(
    method: str, operation: Mapping[str, Json], status: int, *, names_actor: bool
) -> Iterator[str]:
    """Yield the codes that an operation can send with a status, most specific first."""
    yield from CODES_BY_OPERATION.get(operation["operationId"], {}).get(status, ())
    yield from _CODES.get(status, ())
    if next(iter(operation.get("requestBody", {}).get("content", ())), None) == JSON:
        yield from _CODES_OF_BODIES.get(status, ())
    if names_actor:
        yield from _CODES_OF_ACTORS.get(status, ())
    parameters = operation.get("parameters", ())
    in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
    if status == HTTPStatus.NOT_FOUND:
        yield from (_UNKNOWN[name] for name in sorted(in_path))
        if in_path and "user" not in in_path:
            yield _SLASH_IN_PATH
    for parameter in parameters:
        yield from _CODES_BY_PARAMETER.get(parameter["name"], {}).get(status, ())
    if method != "get":
        yield from _CODES_OF_WRITES.get(status, ())
