"""Strict decoding of JSON request bodies."""

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
from gatepost_domain.text import END_OF_TEXT, RULES

T = TypeVar("T")

MAX_BODY_BYTES: Final = 256 * 1024

_JSON_MEDIA_TYPE: Final = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_ERROR_PATH: Final = re.compile(r" - at `\$?(?P<path>[^`]*)`$")
_FIELD_NAME: Final = re.compile(r"(?:required|unknown) field `(?P<field>[^`]*)`")

_RULE_BY_MESSAGE: Final = {
    f"Expected `str` matching regex {f'^{pattern}{END_OF_TEXT}'!r}": rule
    for pattern, rule in RULES.items()
}
"""What the patterns of text say, by the message of a text that does not match."""


class _DuplicateKey(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def decode_json_body(body: bytes, content_type: str, target_type: Hashable) -> Any:  # noqa: ANN401  # `target_type`
    """Decode a JSON body as `target_type`.

    Raises:
        BadInput: 415 if the content type is not JSON; 400 if the body is not valid JSON or repeats
            a key; 422 if it does not match the type. The pointer locates the error.
    """
    if not _JSON_MEDIA_TYPE.fullmatch(content_type.strip()):
        raise BadInput(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "header/Content-Type",
            f"Unsupported media type {content_type or '(none)'}; send application/json.",
        )
    _reject_ambiguous_json(body)
    try:
        return _decoder(target_type).decode(body)
    except msgspec.ValidationError as error:
        raise _invalid_input(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _malformed_input(str(error)) from error


def decode_form_fields(fields: Mapping[str, object], target_type: type[T]) -> T:
    """Convert form fields to `target_type`; numbers and times are read from text.

    Raises:
        BadInput: the fields do not match the type. The pointer names the field.
    """
    try:
        return msgspec.convert(fields, target_type, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid_input(error) from error


def to_utc(at: datetime, pointer: str) -> datetime:
    """Return the same time in UTC.

    Raises:
        BadInput: the time is outside the years 1 to 9999 in UTC.
    """
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid",
            pointer,
            "The time must be within the years 1 to 9999 in UTC.",
        ) from error


@cache
def _decoder(target_type: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(target_type)


def _reject_ambiguous_json(body: bytes) -> None:
    """Reject JSON that parsers could read differently: repeated keys or excessive nesting."""
    try:
        json.loads(
            body,
            object_pairs_hook=_reject_duplicate_keys,
            parse_int=str,
            parse_float=str,
            parse_constant=str,
        )
    except _DuplicateKey as error:
        raise _malformed_input(
            f"Duplicate key {error.key!r} in an object.", _json_pointer(error.key)
        ) from error
    except RecursionError as error:
        raise _malformed_input("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise _malformed_input(str(error)) from error


def _reject_duplicate_keys(members: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for key, _ in members:
        if key in seen:
            raise _DuplicateKey(key)
        seen.add(key)


def _invalid_input(error: msgspec.ValidationError) -> BadInput:
    pointer, detail = _split_error_message(str(error))
    return BadInput(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", pointer, detail)


def _malformed_input(detail: str, pointer: str = "#") -> BadInput:
    return BadInput(HTTPStatus.BAD_REQUEST, "malformed", pointer, detail)


def _split_error_message(message: str) -> tuple[str, str]:
    """Split a message like ``… - at `$.rules[0].required` `` into a JSON pointer and a sentence."""
    match = _ERROR_PATH.search(message)
    path = "" if match is None else match["path"]
    sentence = message if match is None else message[: match.start()]
    segments = [segment for segment in re.split(r"[.\[\]]+", path) if segment]
    field_match = _FIELD_NAME.search(sentence)
    if field_match is not None:
        segments.append(field_match["field"])
    if (rule := _RULE_BY_MESSAGE.get(sentence)) is not None:
        sentence = f"It must be {rule}"
    return _json_pointer(*segments), f"{sentence}."


def _json_pointer(*segments: str) -> str:
    """Return a JSON pointer as a URI fragment; lone surrogates are shown as `?`."""
    escaped = (segment.replace("~", "~0").replace("/", "~1") for segment in segments)
    return "#" + "".join(f"/{segment}" for segment in escaped).encode(errors="replace").decode()
