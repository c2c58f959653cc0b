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
The durable, reviewable record and gate of what is being deployed where: who asked, who approved,
what risk was accepted, how to go back, and what happened.

Errors are `application/problem+json` with a stable `code`. Lists are read in parts with `limit` and
`cursor`. `Idempotency-Key` makes a repeat safe, `If-Match` refuses to act on what has changed.
"""

_TAGS: Final = (
    Tag(name="deployments", description="From request to outcome."),
    Tag(name="tracking", description="What runs where, now and then, and what happened elsewhere."),
    Tag(name="freezes", description="Times in which a scope takes no new starts."),
    Tag(name="events", description="What happened, append-only and hash-chained."),
    Tag(
        name="services",
        description="What can be deployed, how, and how it does.",
    ),
    Tag(name="workers", description="What workers carry out, and how it goes."),
    Tag(name="environments", description="Where versions run, and by which policy."),
    Tag(name="people", description="Who can call, what they may do, and their tokens."),
    Tag(name="health", description="Whether this server can do its work."),
)

ZIP: Final = "application/zip"
"""What an operation answers besides JSON that lets the caller choose the `format`."""
_SUCCESS: Final = {"200": "Done.", "201": "Created."}
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
