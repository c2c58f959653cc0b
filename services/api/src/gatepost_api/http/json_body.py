"""Strict decoding of JSON request bodies."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Hashable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from math import inf
from typing import Any, Final, NoReturn, TypeVar

import msgspec

from gatepost_api.http.input_faults import InvalidInput, find_all_faults, json_pointer
from gatepost_api.http.integer_notation import write_as_integers
from gatepost_api.http.problems import BadInput

T = TypeVar("T")

MAX_BODY_BYTES: Final = 256 * 1024
_MAX_DIGITS: Final = 100

_JSON_MEDIA_TYPE: Final = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)


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
    body = body.removeprefix(BOM_UTF8)  # a parser may ignore it (RFC 8259, section 8.1)
    _reject_ambiguous_json(body)
    try:
        return _decoder(target_type).decode(body)
    except msgspec.ValidationError as error:
        faults = find_all_faults(_plain_values(body), target_type)
        corrected = write_as_integers(body, (fault.pointer for fault in faults))
        if corrected is None:
            raise InvalidInput(faults) from error
        return _decode_corrected(corrected, target_type)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _malformed_input("The body is not valid JSON.") from error


def _decode_corrected(body: bytes, target_type: Hashable) -> Any:  # noqa: ANN401  # `target_type`
    """Decode a body in which whole numbers, such as 4.0, have been rewritten as integers."""
    try:
        return _decoder(target_type).decode(body)
    except msgspec.ValidationError as error:
        raise InvalidInput(find_all_faults(_plain_values(body), target_type)) from error


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


def _plain_values(body: bytes) -> object:
    """Return the content of a JSON body. An integer too large for any field becomes infinity."""
    return json.loads(
        body, parse_int=lambda digits: int(digits) if len(digits) <= _MAX_DIGITS else inf
    )


def _reject_ambiguous_json(body: bytes) -> None:
    """Reject JSON that parsers could interpret differently: repeated keys or excessive nesting."""
    try:
        _AMBIGUITY_CHECK.decode(body.decode())
    except _DuplicateKey as error:
        raise _malformed_input(
            f"Duplicate key {error.key!r} in an object.", json_pointer(error.key)
        ) from error
    except RecursionError as error:
        raise _malformed_input("The JSON is nested too deeply.") from error
    except UnicodeDecodeError as error:
        raise _malformed_input(
            f"The body is not valid UTF-8: the first error is at byte {error.start}."
        ) from error
    except json.JSONDecodeError as error:
        raise _malformed_input(
            "The body is not valid JSON: the first error is in line "
            f"{error.lineno}, column {error.colno}."
        ) from error


def _reject_duplicate_keys(members: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for key, _ in members:
        if key in seen:
            raise _DuplicateKey(key)
        seen.add(key)


def _reject_constant(name: str) -> NoReturn:
    raise _malformed_input(f"The body is not valid JSON: JSON does not allow {name}.")


_AMBIGUITY_CHECK: Final = json.JSONDecoder(
    object_pairs_hook=_reject_duplicate_keys,
    parse_int=str,
    parse_float=str,
    parse_constant=_reject_constant,
)


def _malformed_input(detail: str, pointer: str = "#") -> BadInput:
    return BadInput(HTTPStatus.BAD_REQUEST, "malformed", pointer, detail)
