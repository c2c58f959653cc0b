"""Forms: what was filled in, read as the API reads a body, and carried out as the API does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeVar

from gatepost_api.console.rendering.page import PageError
from gatepost_api.http.execution import WriteResponse
from gatepost_api.http.json_body import decode_form_fields
from gatepost_api.http.problem_codes import STATUS_BY_REFUSAL
from gatepost_api.http.problems import BadInput
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import RequestModel
from gatepost_domain.errors import IdempotencyKeyReused, Refusal, ValidationFailed
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.storage_errors import StorageError

T = TypeVar("T")
Body = TypeVar("Body", bound=RequestModel)

FORM_ERRORS: Final = (Refusal, BadInput, StorageError)
"""All that can keep what a form asks for from being done."""
KEY_FIELD: Final = "_key"
"""The field that makes two clicks one act."""

_KEY_PATTERN: Final = re.compile(r"[\w-]{8,64}")
_MISSING_FIELD: Final = re.compile(r"missing required field")
_INVALID_TEXT: Final = re.compile(r"matching regex|of length")
_KEY_REUSED: Final = (
    "This form was already submitted with different values. Check the result, or submit it again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What was filled in; what was left empty is not there."""

    fields: Mapping[str, str]
    key: str | None

    def get(self, name: str) -> str:
        """What stands in a field; nothing where it was left empty."""
        return self.fields.get(name, "")

    def lines(self, name: str) -> list[str]:
        """The lines of a field that has several."""
        return [line.strip() for line in self.get(name).splitlines() if line.strip()]

    def read(self, body_type: type[Body], *names: str, **derived: object) -> Body:
        """The fields of these names, and what was made of others, as a body of the API.

        Raises:
            BadInput: the API would refuse it.
        """
        filled_in = {name: self.fields[name] for name in names if name in self.fields}
        derived_values = {
            name: value for name, value in derived.items() if value not in (None, "", [])
        }
        return decode_form_fields({**filled_in, **derived_values}, body_type)

    def read_body(self, body_type: type[Body]) -> Body:
        """The fields as a body of the API, each field of the body by its own name.

        Raises:
            BadInput: the API would refuse it.
        """
        return self.read(
            body_type, *(name for name in body_type.__struct_fields__ if name != "actor")
        )


async def read_form(request: ApiRequest) -> Form:
    """The form that was sent."""
    form_data = await request.form()
    fields = {
        name: text
        for name, value in form_data.multi_items()
        if (text := str(value).replace("\r\n", "\n").strip()) and name != KEY_FIELD
    }
    key = str(form_data.get(KEY_FIELD, ""))
    return Form(fields=fields, key=key if _KEY_PATTERN.fullmatch(key) else None)


def redirect_to(url_of: Callable[[T], str]) -> Callable[[UnitOfWork, T], WriteResponse]:
    """Respond with a redirect to a page (303, RFC 9110 §15.4.4): reloading it repeats nothing."""

    def respond(_: UnitOfWork, result: T) -> WriteResponse:
        headers = (("Location", url_of(result)),)
        return WriteResponse(status=HTTPStatus.SEE_OTHER, body=b"", headers=headers)

    return respond


def to_page_error(error: Exception) -> PageError:
    """Why it was not done, and which fields are at fault."""
    if isinstance(error, BadInput):
        faults = {
            field_error.pointer.removeprefix("#/"): _field_message(field_error.detail)
            for field_error in error.errors
        }
        sentence = " ".join(faults.values()) if faults else str(error)
        return PageError(sentence=sentence, status=error.status, faults=faults)
    status = STATUS_BY_REFUSAL.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    if isinstance(error, ValidationFailed):
        faults = {fault.field: fault.detail for fault in error.errors}
        return PageError(sentence=str(error), status=status, faults=faults)
    sentence = _KEY_REUSED if isinstance(error, IdempotencyKeyReused) else str(error)
    return PageError(sentence=sentence, status=status)


def _field_message(detail: str) -> str:
    """What the framework says of a field, for whoever filled it in."""
    if _MISSING_FIELD.search(detail):
        return "This field is required."
    if _INVALID_TEXT.search(detail):
        return "Too long, or contains characters that are not allowed."
    return detail.replace("`", "")
