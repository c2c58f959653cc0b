"""JSON as values: read strictly, pointed into (RFC 6901), compared exactly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn, TypeAlias, cast

from gatepost_worker.foundation.text import quoted

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"

DEEPEST: Final = 100
"""How many lists and objects may stand within each other: what is read can be walked through."""

TOO_DEEP: Final = f"it is nested deeper than {DEEPEST}"
_INDEX: Final = re.compile("0|[1-9][0-9]*")
"""RFC 6901 §4."""


class InvalidJson(Exception):
    """A text is no JSON; the message says what is wrong with it."""


class PointerNotFound(Exception):
    """A pointer leads nowhere in a value; the message says where it ends."""


def read(text: bytes | str) -> Json:
    """The value of a JSON text; numbers keep every digit.

    Raises:
        InvalidJson: it is none, or one that no reader could hold.
    """
    try:
        value = cast("Json", json.loads(text, parse_float=Decimal, parse_constant=_refuse))
    except RecursionError as error:
        raise InvalidJson(TOO_DEEP) from error
    except InvalidOperation as error:
        raise InvalidJson("it holds a number beyond all bounds") from error
    except UnicodeDecodeError as error:
        raise InvalidJson("it is not in UTF-8") from error
    except ValueError as error:
        raise InvalidJson(f"{error}") from error
    if _is_deeper(value, DEEPEST):
        raise InvalidJson(TOO_DEEP)
    return value


def point(value: Json, pointer: str) -> Json:
    """What stands there.

    Raises:
        PointerNotFound: nothing does.
    """
    where = ""
    for token in pointer.split("/")[1:]:
        value = _step(value, token.replace("~1", "/").replace("~0", "~"), where or "the top")
        where = f"{where}/{token}"
    return value


def same(one: Json, other: Json) -> bool:
    """Whether they are one JSON value: 1 is 1.0 but not true; members have no order."""
    match one, other:
        case bool(), _:
            return one is other
        case _, bool():
            return False
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case dict(), dict():
            return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
        case _:
            return one == other


def shown(value: Json) -> str:
    """The value as JSON text, for people."""
    return json.dumps(value, default=float)


def _step(value: Json, token: str, where: str) -> Json:
    match value:
        case dict():
            if token not in value:
                raise PointerNotFound(f"there is no {token!r} at {where}")
            return value[token]
        case list():
            if _INDEX.fullmatch(token) is None or len(token) > len(f"{len(value)}"):
                raise PointerNotFound(f"the list at {where} has no {token!r}")
            if int(token) >= len(value):
                raise PointerNotFound(f"the list at {where} has {len(value)} items, no {token}")
            return value[int(token)]
        case _:
            raise PointerNotFound(f"{quoted(shown(value))} at {where} has nothing below it")


def _is_deeper(value: Json, deepest: int) -> bool:
    level = [value]
    for _ in range(deepest + 1):
        level = [below for each in level for below in _below(each)]
    return bool(level)


def _below(value: Json) -> Iterable[Json]:
    match value:
        case list():
            return value
        case dict():
            return value.values()
        case _:
            return ()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")
