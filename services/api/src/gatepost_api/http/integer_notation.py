"""Integers that a client wrote with a fraction or an exponent, such as 4.0 or 1e3.

JSON does not distinguish integers from other numbers, and in JSON Schema, 4.0 is an integer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import msgspec

_MAX_DIGITS: Final = 100
"""More digits than any integer of the API has."""
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def write_as_integers(body: bytes, pointers: Iterable[str]) -> bytes | None:
    """Return a JSON body in which whole numbers at these pointers are written as integers.

    Return None if the body contains no such number. All other numbers keep their exact values.
    """
    document = json.loads(body, parse_float=Decimal, parse_int=_read_integer)
    replaced = [_replace(document, pointer) for pointer in pointers]
    return _ENCODER.encode(document) if any(replaced) else None


def _read_integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _MAX_DIGITS else Decimal(digits)


def _replace(document: Any, pointer: str) -> bool:  # noqa: ANN401  # any JSON document
    """Replace the number at a pointer in place; return whether it is a whole number."""
    *parents, last = [_key(segment) for segment in pointer.split("/")[1:]] or [""]
    for key in parents:
        document = _item(document, key)
    value, key = _item(document, last), last
    if not isinstance(value, Decimal) or not _is_whole(value):
        return False
    document[int(key) if isinstance(document, list) else key] = int(value)
    return True


def _is_whole(value: Decimal) -> bool:
    return abs(value.adjusted()) <= _MAX_DIGITS and value == value.to_integral_value()


def _key(segment: str) -> str:
    return segment.replace("~1", "/").replace("~0", "~")


def _item(container: Any, key: str) -> Any:  # noqa: ANN401  # any part of a document
    if isinstance(container, list) and key.isdecimal():
        return container[int(key)]
    return container.get(key) if isinstance(container, dict) else None
