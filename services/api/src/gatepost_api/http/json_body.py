"""Reading a request's body strictly: one JSON document of the declared shape, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Mapping
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any, Final, TypeVar

import msgspec

from gatepost_api.http.problems import BadInput

T = TypeVar("T")

MAX_BODY_BYTES: Final = 256 * 1024

_JSON_MEDIA_TYPE: Final = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_ERROR_PATH: Final = re.compile(r" - at `\$?(?P<path>[^`]*)`$")
_FIELD_NAME: Final = re.compile(r"(?:required|unknown) field `(?P<field>[^`]*)`")


class _DuplicateKey(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def decode_json_body(body: bytes, content_type: str, shape: Hashable) -> Any:  # noqa: ANN401  # `shape`
    """Read a body as `shape`.

    Raises:
        BadInput: 415 if it is not declared as JSON; 400 if it is not one JSON value whose objects
            name each key once; 422 if it has another shape. The pointer names the place.
    """
    if not _JSON_MEDIA_TYPE.fullmatch(content_type.strip()):
        raise BadInput(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "header/Content-Type",
            f"Send application/json, not {content_type or 'a body without a Content-Type'}.",
        )
    _check_well_formed(body)
    try:
        return _decoder(shape).decode(body)
    except msgspec.ValidationError as error:
        raise _validation_problem(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed_problem(str(error)) from error


def decode_form_fields(fields: Mapping[str, object], shape: type[T]) -> T:
    """Read what a form's fields say as `shape`; a number or a time is told as a text.

    Raises:
        BadInput: it has another shape. The pointer names the field.
    """
    try:
        return msgspec.convert(fields, shape, strict=False)
    except msgspec.ValidationError as error:
        raise _validation_problem(error) from error


def to_utc(at: datetime, pointer: str) -> datetime:
    """The same instant in UTC.

    Raises:
        BadInput: there it is out of the calendar, before the year 1 or after 9999.
    """
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid",
            pointer,
            "In UTC, this time is not in the years 1 to 9999.",
        ) from error


@cache
def _decoder(shape: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


def _check_well_formed(body: bytes) -> None:
    """Refuse what two readers could read differently: keys given twice, or nested without end."""
    try:
        json.loads(
            body,
            object_pairs_hook=_reject_duplicate_keys,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
        )
    except _DuplicateKey as error:
        raise _malformed_problem(
            f"The key {error.key!r} is given twice.", _json_pointer(error.key)
        ) from error
    except RecursionError as error:
        raise _malformed_problem("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise _malformed_problem(str(error)) from error


def _reject_duplicate_keys(pairs: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise _DuplicateKey(key)
        seen.add(key)


def _validation_problem(error: msgspec.ValidationError) -> BadInput:
    pointer, detail = _split_error_message(str(error))
    return BadInput(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", pointer, detail)


def _malformed_problem(detail: str, pointer: str = "#") -> BadInput:
    return BadInput(HTTPStatus.BAD_REQUEST, "malformed", pointer, detail)


def _split_error_message(message: str) -> tuple[str, str]:
    """Make a JSON pointer and a sentence of a message like ``… - at `$.rules[0].required` ``."""
    at = _ERROR_PATH.search(message)
    path = "" if at is None else at["path"]
    sentence = message if at is None else message[: at.start()]
    steps = [step for step in re.split(r"[.\[\]]+", path) if step]
    field = _FIELD_NAME.search(sentence)
    if field is not None:
        steps.append(field["field"])
    return _json_pointer(*steps), f"{sentence}."


def _json_pointer(*steps: str) -> str:
    """A JSON pointer as a URI fragment; what is no Unicode text is shown as `?`."""
    escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
    return "#" + "".join(f"/{step}" for step in escaped).encode(errors="replace").decode()
