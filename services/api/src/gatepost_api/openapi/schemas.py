"""JSON schemas of the request and response models, described by their docstrings."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import msgspec

from gatepost_api.audit.export_lines import ExportFormat
from gatepost_api.deployments.filter_parameters import Order
from gatepost_api.evidence.responses import EvidenceFormat
from gatepost_api.schemas.base import RequestModel, ResponseModel
from gatepost_domain.tracking.external_ids import OnConflict

COMPONENT_NAMES: Final = {
    "Action": "DeploymentAction",
    "Order": "ListOrder",
    "RolloutOutcome": "Ending",
    "Status": "DeploymentStatus",
}
"""The component names of classes whose own name is ambiguous outside their module."""

_TAG_DESCRIPTION: Final = "Identifies which of the alternatives the object is."
_BASES: Final = frozenset({RequestModel, ResponseModel})
"""The base classes of all models, which have no fields."""


def component_schemas() -> dict[str, Any]:
    """Return a schema for every model and every enumeration used by models."""
    structs = [*_subclasses(RequestModel), *_subclasses(ResponseModel)]
    _, schemas = msgspec.json.schema_components(
        [*structs, Order, EvidenceFormat, ExportFormat, OnConflict],
        ref_template="#/components/schemas/{name}",
    )
    for schema in schemas.values():
        if "description" in schema:  # Python before 3.13 keeps the indentation of docstrings
            schema["description"] = inspect.cleandoc(schema["description"])
        if "enum" in schema:
            schema["type"] = "string"
        for field in schema.get("properties", {}).values():
            if len(field.get("enum", ())) == 1:  # the tag of a union member
                (tag,) = field.pop("enum")
                field.update(const=tag, default=tag, description=_TAG_DESCRIPTION)
    for struct in structs:
        if (example := vars(struct).get("example")) is not None:
            schemas[struct.__name__]["examples"] = [example]
        properties = schemas[struct.__name__]["properties"]
        wire_names = dict(
            zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
        )
        for name, description in _all_field_docstrings(struct):
            field = wire_names[name]
            properties[field] = _with_description(properties[field], description)
    return {
        component_name: {**schema, "title": component_name}
        for name, schema in schemas.items()
        for component_name in (COMPONENT_NAMES.get(name, name),)
    }


def _subclasses(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for struct in base.__subclasses__():
        yield struct
        yield from _subclasses(struct)


def _with_description(schema: dict[str, Any], description: str) -> dict[str, Any]:
    """Replace the description of a field's type with the field's own; wrap a `$ref` in `allOf`."""
    if "$ref" in schema:
        return {"allOf": [schema], "description": description}
    return {**schema, "description": description}


def _all_field_docstrings(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    """Yield the name and docstring of each documented field, including inherited ones."""
    for base in reversed(struct.__mro__):
        if issubclass(base, RequestModel | ResponseModel) and base not in _BASES:
            yield from _field_docstrings(base)


def _field_docstrings(struct: type) -> Iterator[tuple[str, str]]:
    """Yield the name and docstring of each documented field of a class."""
    (definition,) = ast.parse(inspect.getsource(struct)).body
    statements = definition.body if isinstance(definition, ast.ClassDef) else []
    for field, docstring in pairwise(statements):
        match field, docstring:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, " ".join(text.split())
            case _:
                pass
