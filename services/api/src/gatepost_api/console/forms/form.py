"""Submitted forms, decoded and validated like API request bodies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeVar

import msgspec
from litestar.datastructures import UploadFile

from gatepost_api.console.rendering.page import PageError
from gatepost_api.http.action_execution import WriteResponse
from gatepost_api.http.form_fields import read_form_fields
from gatepost_api.http.input_faults import IS_REQUIRED, InvalidInput, find_all_faults
from gatepost_api.http.problem_statuses_and_codes import STATUS_BY_REFUSAL
from gatepost_api.http.problems import BadInput
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import RequestModel
from gatepost_domain.errors import IdempotencyKeyReused, Refusal, ValidationFailed
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.settings_changes.settings_change import SettingsChange
from gatepost_domain.settings_changes.snapshot import Settings
from gatepost_domain.storage_errors import StorageError

T = TypeVar("T")
Body = TypeVar("Body", bound=RequestModel)

FORM_ERRORS: Final = (Refusal, BadInput, StorageError)
"""The errors that a page shows beside its form."""
KEY_FIELD: Final = "_key"
"""The form field with the idempotency key, which prevents a double click from submitting twice."""

_UPLOAD_MEDIA_TYPE: Final = "multipart/form-data"
_IDENTITY_FIELDS: Final = frozenset({"actor", "requester"})
"""API body fields that forms never send: in the console, people act only for themselves."""
_KEY_PATTERN: Final = re.compile(r"[\w-]{8,64}")
_KEY_REUSED: Final = (
    "This form was already submitted with different values. Check the result, or submit it again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A submitted form; empty fields are omitted."""

    fields: Mapping[str, str]
    key: str | None

    def get(self, name: str) -> str:
        """Return the value of a field, or an empty string if it is missing."""
        return self.fields.get(name, "")

    def lines(self, name: str) -> list[str]:
        """Return the non-blank lines of a field."""
        return [line.strip() for line in self.get(name).splitlines() if line.strip()]

    def decode_fields(self, body_type: type[Body], *names: str, **derived: object) -> Body:
        """Decode the named fields and the derived values as an API request body.

        Raises:
            BadInput: the API would refuse the body.
        """
        submitted = {name: self.fields[name] for name in names if name in self.fields}
        derived_values = {
            name: value for name, value in derived.items() if value not in (None, "", [])
        }
        return decode_form_fields({**submitted, **derived_values}, body_type)

    def decode_all_fields(self, body_type: type[Body], **derived: object) -> Body:
        """Decode the form as an API request body: all fields of the body, and the derived values.

        Raises:
            BadInput: the API would refuse the body.
        """
        excluded = _IDENTITY_FIELDS | derived.keys()
        names = (name for name in body_type.__struct_fields__ if name not in excluded)
        return self.decode_fields(body_type, *names, **derived)


EMPTY_FORM: Final = Form(fields={}, key=None)


def decode_form_fields(fields: Mapping[str, object], target_type: type[T]) -> T:
    """Convert form fields to `target_type`; numbers and times are read from text.

    Raises:
        BadInput: the fields do not match the type. The pointer names the field.
    """
    try:
        return msgspec.convert(fields, target_type, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInput(find_all_faults(fields, target_type, strict=False)) from error


async def read_form(request: ApiRequest) -> Form:
    """Read the form from the body of a request.

    Raises:
        BadInput: the body is not a form, or has too many fields.
    """
    submitted = await read_form_fields(request)
    fields = {
        name: text
        for name, value in submitted
        if (text := value.replace("\r\n", "\n").strip()) and name != KEY_FIELD
    }
    key = next((value for name, value in submitted if name == KEY_FIELD), "")
    return Form(fields=fields, key=key if _KEY_PATTERN.fullmatch(key) else None)


async def read_upload(request: ApiRequest, name: str) -> tuple[Form, bytes]:
    """Read a form that includes a file (`multipart/form-data`), and the content of the file.

    Raises:
        BadInput: the body is not a valid form of this type.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _UPLOAD_MEDIA_TYPE:
        raise BadInput(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "header/Content-Type",
            f"Unsupported media type {media_type or '(none)'}; send {_UPLOAD_MEDIA_TYPE}.",
        )
    submitted = (await request.form()).multi_items()
    content, fields = b"", dict[str, str]()
    for field, value in submitted:
        if isinstance(value, UploadFile):
            content = await value.read() if field == name else content
        elif text := str(value).strip():
            fields[field] = text
    key = fields.pop(KEY_FIELD, "")
    return Form(fields=fields, key=key if _KEY_PATTERN.fullmatch(key) else None), content


def redirect_to(url_of: Callable[[T], str]) -> Callable[[UnitOfWork, T], WriteResponse]:
    """Redirect to a page (303, RFC 9110 §15.4.4), so reloading it does not resubmit the form."""

    def respond(_: UnitOfWork, result: T) -> WriteResponse:
        headers = (("Location", url_of(result)),)
        return WriteResponse(status=HTTPStatus.SEE_OTHER, body=b"", headers=headers)

    return respond


def redirect_after_settings_change(
    url_of: Callable[[Settings], str], *, waiting: str
) -> Callable[[UnitOfWork, Settings | SettingsChange], WriteResponse]:
    """Redirect to the page, or to `waiting` if another admin must first approve the change."""
    return redirect_to(
        lambda result: (
            f"{waiting}?done=waiting" if isinstance(result, SettingsChange) else url_of(result)
        )
    )


def to_page_error(error: Exception) -> PageError:
    """Convert an error to its message, status and invalid fields."""
    if isinstance(error, BadInput):
        faults = {
            field_error.pointer.removeprefix("#/"): _field_message(field_error.detail)
            for field_error in error.errors
        }
        sentence = " ".join(dict.fromkeys(faults.values())) if faults else str(error)
        return PageError(sentence=sentence, status=error.status, faults=faults)
    status = STATUS_BY_REFUSAL.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    if isinstance(error, ValidationFailed):
        faults = {fault.field: fault.detail for fault in error.errors}
        return PageError(sentence=str(error), status=status, faults=faults)
    sentence = _KEY_REUSED if isinstance(error, IdempotencyKeyReused) else str(error)
    return PageError(sentence=sentence, status=status)


def _field_message(detail: str) -> str:
    """Return the message to show beside a field."""
    return "This field is required." if detail == f"It {IS_REQUIRED}." else detail.replace("`", "")
