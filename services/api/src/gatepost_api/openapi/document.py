"""The OpenAPI document: made from the controllers and the wire's structs, then made tidy."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Tag

from gatepost_api.events.controller import EVENT_STREAM_MEDIA_TYPE
from gatepost_api.http.problems import PROBLEM_JSON
from gatepost_api.http.request import ApiRequest
from gatepost_api.openapi.schemas import COMPONENT_NAMES, component_schemas
from gatepost_api.routes.api import api_routes, public_routes
from gatepost_api.schemas.base import END_OF_TEXT
from gatepost_api.settings.version import VERSION

Json = Any
"""A document, or a part of one."""

_DESCRIPTION: Final = """\
The API of Gatepost, a self-hosted deployment control plane. It gates deployments and keeps a
durable, reviewable record of what is deployed where: who requested it, who approved it, which risk
was accepted, how to roll back, and what happened.

Errors are `application/problem+json` documents with a stable `code`. Lists are paginated with
`limit` and `cursor`. `Idempotency-Key` makes retries safe; `If-Match` prevents changes to a
resource that has changed in the meantime.
"""

_TAGS: Final = (
    Tag(name="deployments", description="Deployments from request to outcome."),
    Tag(
        name="tracking",
        description="The current state, deployment history, reports and external deployments.",
    ),
    Tag(name="freezes", description="Periods in which a scope accepts no new starts."),
    Tag(name="events", description="The append-only, hash-chained event log."),
    Tag(
        name="services",
        description="Services with their versions, targets, restrictions and contracts.",
    ),
    Tag(name="workers", description="Claims of workers on queued deployments."),
    Tag(name="environments", description="Environments and their policies."),
    Tag(name="people", description="Users, their roles and their tokens."),
    Tag(name="health", description="Liveness and readiness of the server."),
)

ZIP: Final = "application/zip"
"""What an operation answers besides JSON that lets the caller choose the `format`."""
_SUCCESS: Final = {"200": "Success.", "201": "Created."}
_STREAM_MESSAGE_SCHEMA: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "The `seq` of the event."},
        "data": {"type": "string", "description": "The event, as JSON."},
    },
    "required": ["id", "data"],
}
"""What one message of a stream holds."""
_DEFAULTED_KEYS: Final = frozenset({"deprecated", "allowEmptyValue", "allowReserved"})
"""What the framework writes although `false` is the default."""
_REFERENCE: Final = "#/components/schemas/"


@cache
def openapi_document() -> dict[str, Json]:
    """The whole document; the same from one run to the next."""
    app = Litestar(
        route_handlers=[api_routes(), *public_routes()],
        request_class=ApiRequest,
        security=[{"bearer": []}],
        openapi_config=OpenAPIConfig(
            title="Gatepost",
            version=VERSION,
            description=_DESCRIPTION,
            tags=list(_TAGS),
            components=Components(
                security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}
            ),
            operation_id_creator=lambda handler, _method, _path: handler.handler_name,
            use_handler_docstrings=True,
        ),
        logging_config=None,  # else it would set up the logging of the whole process
    )
    made: dict[str, Json] = app.openapi_schema.to_schema()
    made["components"]["schemas"] = component_schemas()
    for path in made["paths"].values():
        for operation in path.values():
            _normalize_operation(operation)
    tidied: dict[str, Json] = _normalize(made)
    return tidied


def _normalize_operation(operation: dict[str, Json]) -> None:
    if {} in operation.get("security", []):
        operation["security"] = []
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "format":
            operation["responses"]["200"]["content"][ZIP] = {}
        parameter["schema"] = _without_null(parameter["schema"])
        parameter["schema"].pop("description", None)
    _normalize_body(operation.get("requestBody"))
    answers = operation["responses"]
    if "400" in answers and PROBLEM_JSON not in answers["400"]["content"]:
        del answers["400"]  # the framework's own, which is never sent
    for content_type, content in answers.get("200", {}).get("content", {}).items():
        if content_type == ZIP:
            content["schema"] = {"type": "string", "format": "binary"}
        if content_type == EVENT_STREAM_MEDIA_TYPE:
            content["schema"] = _STREAM_MESSAGE_SCHEMA
    for status, description in _SUCCESS.items():
        if status in answers:
            answers[status]["description"] = description


def _normalize_body(body: dict[str, Json] | None) -> None:
    """A body that may be null is one that may be absent."""
    for content in (body or {}).get("content", {}).values():
        shape = _without_null(content["schema"])
        if body is not None and shape is not content["schema"]:
            content["schema"], body["required"] = shape, False


def _without_null(schema: dict[str, Json]) -> dict[str, Json]:
    """A parameter is absent or has a value; it is never null."""
    kept = [each for each in schema.get("oneOf", []) if each.get("type") != "null"]
    if len(kept) != 1:
        return schema
    return {**{key: value for key, value in schema.items() if key != "oneOf"}, **kept[0]}


def _normalize(part: Json) -> Json:
    """Sort keys, drop noise, and write names, bounds and patterns as clients read them."""
    if isinstance(part, list):
        elements: list[Json] = part
        return [_normalize(each) for each in elements]
    if not isinstance(part, dict):
        return part
    fields: dict[str, Json] = part
    tidied: dict[str, Json] = {
        key: _normalize(value)
        for key, value in sorted(fields.items())
        if not (key in _DEFAULTED_KEYS and value is False)
    }
    if isinstance(tidied.get("pattern"), str):
        tidied["pattern"] = tidied["pattern"].replace(END_OF_TEXT, "$")
    if isinstance(tidied.get("$ref"), str):
        name: str = tidied["$ref"].removeprefix(_REFERENCE)
        tidied["$ref"] = _REFERENCE + COMPONENT_NAMES.get(name, name)
    for bound in ("minimum", "maximum"):
        if isinstance(tidied.get(bound), float) and tidied.get("type") == "integer":
            tidied[bound] = int(tidied[bound])
    return tidied
