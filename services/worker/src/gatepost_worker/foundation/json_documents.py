"""JSON values: strict parsing, JSON pointers (RFC 6901) and exact comparison."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn, TypeAlias, cast

from gatepost_worker.foundation.external_text import one_line_excerpt

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"

MAX_DEPTH: Final = 100
"""How deeply arrays and objects may be nested, so that a value can be walked recursively."""

_TOO_DEEP: Final = f"nested deeper than {MAX_DEPTH} levels"
_ARRAY_INDEX: Final = re.compile("0|[1-9][0-9]*")
"""An array index in a JSON pointer (RFC 6901 §4)."""


class InvalidJson(Exception):
    """A text is not valid JSON; the message is the reason."""


class PointerNotFound(Exception):
    """A JSON pointer does not match the value; the message says where it stops matching."""


def parse_json(text: bytes | str) -> Json:
    """Return the value of a JSON text; numbers keep every digit.

    Raises:
        InvalidJson: the text is not JSON, or exceeds the limits of the parser.
    """
    try:
        value = cast("Json", json.loads(text, parse_float=Decimal, parse_constant=_reject_constant))
    except RecursionError as error:
        raise InvalidJson(_TOO_DEEP) from error
    except InvalidOperation as error:
        raise InvalidJson("number out of range") from error
    except UnicodeDecodeError as error:
        raise InvalidJson("not encoded in UTF-8") from error
    except ValueError as error:
        raise InvalidJson(f"{error}") from error
    if _is_deeper(value, MAX_DEPTH):
        raise InvalidJson(_TOO_DEEP)
    return value


def resolve_pointer(value: Json, pointer: str) -> Json:
    """Return the part of the value that the JSON pointer refers to.

    Raises:
        PointerNotFound: there is no such part.
    """
    path = ""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        value = _child(value, key, path or "the root")
        path = f"{path}/{token}"
    return value


def json_equal(left: Json, right: Json) -> bool:
    """Return whether JSON values are equal: 1 equals 1.0 but not true; member order is ignored."""
    match left, right:
        case bool(), _:
            return left is right
        case _, bool():
            return False
        case list(), list():
            return len(left) == len(right) and all(map(json_equal, left, right))
        case dict(), dict():
            return left.keys() == right.keys() and all(
                json_equal(left[key], right[key]) for key in left
            )
        case _:
            return left == right


def format_json(value: Json) -> str:
    """Return the value as JSON text for messages."""
    return json.dumps(value, default=float)


def _child(value: Json, key: str, path: str) -> Json:
    match value:
        case dict():
            if key not in value:
                raise PointerNotFound(f"the object at {path} has no member {key!r}")
            return value[key]
        case list():
            # int() refuses numbers with too many digits, so a key that is too long is not parsed.
            if _ARRAY_INDEX.fullmatch(key) is None or len(key) > len(f"{len(value)}"):
                raise PointerNotFound(f"the array at {path} has no item {key!r}")
            if int(key) >= len(value):
                raise PointerNotFound(
                    f"the array at {path} has no item {key}; its length is {len(value)}"
                )
            return value[int(key)]
        case _:
            raise PointerNotFound(
                f"{one_line_excerpt(format_json(value))} at {path} has no members"
            )


def _is_deeper(value: Json, depth: int) -> bool:
    level = [value]
    for _ in range(depth + 1):
        level = [child for parent in level for child in _children(parent)]
    return bool(level)


def _children(value: Json) -> Iterable[Json]:
    match value:
        case list():
            return value
        case dict():
            return value.values()
        case _:
            return ()


def _reject_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON number")
