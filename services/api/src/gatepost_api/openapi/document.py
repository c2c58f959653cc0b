"""The OpenAPI document, generated from the controllers and models and then normalized."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, Contact, License, SecurityScheme, Tag

from gatepost_api.auth.required_rights import describe_required_roles
from gatepost_api.events.controller import EVENT_STREAM_MEDIA_TYPE
from gatepost_api.http.media_types import CSV, DSSE_ENVELOPE, NDJSON, OCTET_STREAM, ZIP
from gatepost_api.http.problems import PROBLEM_JSON
from gatepost_api.http.request import ApiRequest
from gatepost_api.openapi.problem_responses import (
    PROBLEM_HEADERS,
    describe_problem_responses,
)
from gatepost_api.openapi.schemas import COMPONENT_NAMES, component_schemas
from gatepost_api.openapi.webhook_messages import WEBHOOK_MESSAGES
from gatepost_api.routes.api import api_routes, compatibility_routes, routes_outside_the_api
from gatepost_api.schemas.base import END_OF_TEXT
from gatepost_api.settings.server_version import VERSION
from gatepost_domain.allowed_characters import SURROGATES

Json = Any
"""A JSON document or part of one."""

_DESCRIPTION: Final = """\
The API of Gatepost, a self-hosted deployment control plane. It gates deployments and keeps a
durable, reviewable record of what is deployed where: who requested it, who approved it, which risk
was accepted, how to roll back, and what happened.

Errors are `application/problem+json` documents with a stable `code`; [the list of
problems](/docs/problems) explains their meanings and remedies. Lists are paginated with `limit` and
`cursor`. `Idempotency-Key` makes retries of POST safe; PUT, PATCH and DELETE need no key, because
repeating them leads to the same state. `If-Match` prevents changes to a resource that has changed
in the meantime.

A user can send a limited number of requests per minute. Every response to an authenticated request
has the header fields `RateLimit-Policy` (the limit) and `RateLimit` (the remainder); beyond the
limit, the response is 429 `rate_limited`. A request whose body does not arrive in time gets 408
`request_timeout`, and a connection beyond the maximum number gets 503 `too_many_connections`.

Within `/api/v1`, operations, parameters, fields, enumeration values and problem codes can be added,
so clients must accept unknown fields, values and codes. The meaning of existing ones does not
change, and a removal is announced at least twelve months in advance: the item is marked
`deprecated` in this document. From then on, responses of a deprecated operation have the header
fields `Deprecation`, with the time of the deprecation (RFC 9745), `Sunset`, with the time after
which the operation may be removed (RFC 8594), and `Link` with `rel="deprecation"`, which points to
the replacement. Nothing is currently deprecated.
"""
_CONTACT: Final = Contact(name="The developers of Gatepost")
_LOGO: Final = {"url": "/sign-in/mark.svg", "altText": "Gatepost"}
_LICENSE: Final = License(name="Apache License 2.0", identifier="Apache-2.0")

_EVIDENCE_FORMAT: Final = {"$ref": "#/components/schemas/EvidenceFormat"}

_TAGS: Final = (
    Tag(name="deployments", description="Deployments from request to outcome."),
    Tag(
        name="tracking",
        description="The current state, deployment history, reports and external deployments.",
    ),
    Tag(name="freezes", description="Periods in which deployments in a scope cannot start."),
    Tag(
        name="ingest",
        description="Deliveries, with which other systems report what they deployed, and the "
        "sources of deliveries.",
    ),
    Tag(
        name="incidents",
        description="Periods in which services did not work, and the deployments that caused them.",
    ),
    Tag(name="events", description="The append-only, hash-chained event log."),
    Tag(
        name="audit",
        description="Verification and export of the event log and the stored data, and signed "
        "checkpoints and proofs of the event log.",
    ),
    Tag(
        name="services",
        description="Services with their versions, targets, restrictions and contracts.",
    ),
    Tag(name="webhooks", description="Sending events to other systems."),
    Tag(
        name="notifications",
        description="Messages to the people who can act on a deployment or who requested it.",
    ),
    Tag(name="workers", description="Workers' claims on queued deployments and other tasks."),
    Tag(name="environments", description="Environments and their policies."),
    Tag(
        name="settings",
        description="Changes to guarded settings, which another admin has to approve.",
    ),
    Tag(name="people", description="Users, their roles and their tokens."),
    Tag(
        name="compatibility",
        description="Interfaces with the paths and field names that two of the requirements "
        "documents define, for clients built from those documents. The typed client does not "
        "include these operations.",
    ),
    Tag(name="health", description="Liveness and readiness of the server."),
)

_RATE_LIMIT_HEADERS: Final[dict[str, Json]] = {
    "RateLimit": {
        "description": "The number of requests left, and the seconds until the full limit is "
        'available again: `"user";r=0;t=3`. Absent after too many invalid tokens.',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'The limit and its period in seconds: `"user";q=1200000;w=60`. Absent after '
        "too many invalid tokens.",
        "schema": {"type": "string"},
    },
}
"""The rate limit headers."""
_SUCCESS: Final = {"200": "Success.", "201": "Created."}
_STREAM_MESSAGE_SCHEMA: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "The `seq` of the event."},
        "data": {"type": "string", "description": "The event, as JSON."},
    },
    "required": ["id", "data"],
}
"""The schema of one message of the event stream."""
_DEFAULTED_KEYS: Final = frozenset({"deprecated", "allowEmptyValue", "allowReserved"})
"""Keys that the framework writes even if their value is the default, `false`."""
_REFERENCE: Final = "#/components/schemas/"
_BEYOND_FFFF: Final = re.compile("[\U00010000-\U0010ffff](?:-[\U00010000-\U0010ffff])?")
_MAX_INT32: Final = 2**31 - 1


@cache
def openapi_document() -> dict[str, Json]:
    """Return the whole document, which is deterministic."""
    app = Litestar(
        route_handlers=[api_routes(), compatibility_routes(), *routes_outside_the_api()],
        request_class=ApiRequest,
        security=[{"bearer": []}],
        openapi_config=OpenAPIConfig(
            title="Gatepost",
            version=VERSION,
            description=_DESCRIPTION,
            contact=_CONTACT,
            license=_LICENSE,
            tags=list(_TAGS),
            components=Components(
                security_schemes={
                    "bearer": SecurityScheme(type="http", scheme="bearer"),
                    "basic": SecurityScheme(
                        type="http",
                        scheme="basic",
                        description="Any user name, and a token as the password.",
                    ),
                }
            ),
            operation_id_creator=lambda handler, _method, _path: handler.handler_name,
            use_handler_docstrings=True,
        ),
        logging_config=None,  # Litestar would otherwise configure logging for the whole process
    )
    schema: dict[str, Json] = app.openapi_schema.to_schema()
    schema["info"]["x-logo"] = _LOGO  # shown by Redoc
    schemas = schema["components"]["schemas"] = component_schemas()
    schema["components"]["headers"] = {**PROBLEM_HEADERS, **_RATE_LIMIT_HEADERS}
    examples = schema["components"]["examples"] = {}
    for path in schema["paths"].values():
        for method, operation in path.items():
            _normalize_operation(operation)
            examples.update(describe_problem_responses(method, operation, schemas))
    schema["webhooks"] = WEBHOOK_MESSAGES
    normalized: dict[str, Json] = _normalize(schema)
    return normalized


def _normalize_operation(operation: dict[str, Json]) -> None:
    roles = describe_required_roles(operation["operationId"])
    operation["description"] = "\n\n".join(filter(None, (operation["description"], roles)))
    if {} in operation.get("security", []):
        operation["security"] = []
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "format":
            contents = operation["responses"]["200"]["content"]
            contents.update({ZIP: {}} if NDJSON not in contents else {CSV: {}, ZIP: {}})
            if _EVIDENCE_FORMAT in parameter["schema"].get("allOf", [parameter["schema"]]):
                envelope = {"schema": {"$ref": "#/components/schemas/SignedEnvelope"}}
                contents[DSSE_ENVELOPE] = envelope
        # Some client generators ignore a parameter's description and read that of its schema.
        parameter["schema"] = _without_null(parameter["schema"])
    _make_nullable_body_optional(operation.get("requestBody"))
    responses = operation["responses"]
    if "400" in responses and PROBLEM_JSON not in responses["400"]["content"]:
        del responses["400"]  # declared by the framework, but never sent
    _declare_non_json_schemas(responses.get("200", {}).get("content", {}))
    for status, description in _SUCCESS.items():
        if status in responses:
            responses[status]["description"] = description


def _declare_non_json_schemas(contents: dict[str, Json]) -> None:
    """Declare the schemas of responses that are not JSON."""
    if list(contents) == [ZIP]:
        contents[OCTET_STREAM] = {}  # if `Accept` prefers it; see `get_contracts_zip`
    for content_type, content in contents.items():
        if content_type in {CSV, NDJSON, OCTET_STREAM, ZIP}:
            content["schema"] = {"type": "string", "format": "binary"}
        if content_type == EVENT_STREAM_MEDIA_TYPE:
            content["schema"] = _STREAM_MESSAGE_SCHEMA


def _make_nullable_body_optional(body: dict[str, Json] | None) -> None:
    """Declare a nullable body as an optional body."""
    for content in (body or {}).get("content", {}).values():
        schema = _without_null(content["schema"])
        if body is not None and schema is not content["schema"]:
            content["schema"], body["required"] = schema, False


def _without_null(schema: dict[str, Json]) -> dict[str, Json]:
    """Remove null from a parameter's schema: parameters are absent or have a value."""
    alternatives = [
        alternative for alternative in schema.get("oneOf", []) if alternative.get("type") != "null"
    ]
    if len(alternatives) != 1:
        return schema
    declared = {key: value for key, value in schema.items() if key != "oneOf"}
    return {**alternatives[0], **declared}


def _portable_pattern(pattern: str) -> str:
    """Return a pattern in a form that other regular expression engines and tools understand.

    The pattern omits the few refused characters beyond U+FFFF, because an ECMAScript regular
    expression without the flag `u` would interpret each of them as two characters.
    """
    pattern = pattern.replace(END_OF_TEXT, "$").replace(SURROGATES, "")
    return _BEYOND_FFFF.sub("", pattern)


def _normalize(node: Json) -> Json:
    """Sort keys, remove defaults, and normalize names, bounds and patterns."""
    if isinstance(node, list):
        elements: list[Json] = node
        return [_normalize(element) for element in elements]
    if not isinstance(node, dict):
        return node
    fields: dict[str, Json] = node
    normalized: dict[str, Json] = {
        key: _normalize(value)
        for key, value in sorted(fields.items())
        if not (key in _DEFAULTED_KEYS and value is False)
    }
    if isinstance(normalized.get("pattern"), str):
        normalized["pattern"] = _portable_pattern(normalized["pattern"])
    if str(normalized.get("$ref")).startswith(_REFERENCE):
        name: str = normalized["$ref"].removeprefix(_REFERENCE)
        normalized["$ref"] = _REFERENCE + COMPONENT_NAMES.get(name, name)
    for keyword in ("minimum", "maximum"):
        if isinstance(normalized.get(keyword), float) and normalized.get("type") == "integer":
            normalized[keyword] = int(normalized[keyword])
    if normalized.get("type") == "integer":
        is_small = normalized.get("maximum", _MAX_INT32 + 1) <= _MAX_INT32
        normalized.setdefault("format", "int32" if is_small else "int64")
    return normalized
