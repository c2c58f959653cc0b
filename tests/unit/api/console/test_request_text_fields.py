"""The text fields of a request in the console."""

from __future__ import annotations

from msgspec.inspect import Metadata, NoneType, StrType, StructType, UnionType, type_info

from gatepost_api.console.views.request_text_fields import REQUEST_TEXTS
from gatepost_api.deployments.requests import DeploymentCreate

CHOICES = {"service", "environment", "version"}
"""The fields that are chosen from a list."""


def test_the_console_has_every_text_field_of_a_request() -> None:
    """The table has each text field that the API accepts, except choices and the requester."""
    body = type_info(DeploymentCreate)
    assert isinstance(body, StructType)
    texts = {field.name for field in body.fields if is_text(field.type)}

    assert {text.name for text in REQUEST_TEXTS} == texts - CHOICES - {"requester"}


def is_text(kind: object) -> bool:
    """Return whether a field contains text or, optionally, nothing."""
    match kind:
        case Metadata():
            return is_text(kind.type)
        case UnionType():
            return all(is_text(part) for part in kind.types if not isinstance(part, NoneType))
        case _:
            return isinstance(kind, StrType)
