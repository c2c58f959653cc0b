"""Finding the field in a response that a generated model could not read."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, cast

import attrs

_PARSE: Final = "from_dict"
"""The generated method that removes one field at a time from a copy of its argument."""


def faulty_field(error: BaseException) -> str | None:
    """Return the path of the field that raised the error, such as `items.hidden`.

    Return None if the error was not raised while a field was being read.
    """
    names: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        name = _field_in_frame(trace)
        if name is not None:
            names.append(name)
        trace = trace.tb_next
    if not names:
        return None
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        names[-1] = error.args[0]
    return ".".join(names)


def _field_in_frame(trace: TracebackType) -> str | None:
    """Return the field that a generated parser was reading: the last one it took from its input.

    Return None if the frame is not that of a generated parser.
    """
    variables = trace.tb_frame.f_locals
    model, given, left = variables.get("cls"), variables.get("src_dict"), variables.get("d")
    if (
        trace.tb_frame.f_code.co_name != _PARSE
        or not (isinstance(model, type) and attrs.has(model))
        or not (isinstance(given, Mapping) and isinstance(left, dict))
    ):
        return None
    fields = [each.name.rstrip("_") for each in attrs.fields(model)]
    present, remaining = cast("Mapping[str, Any]", given), cast("dict[str, Any]", left)
    taken = [name for name in present if name not in remaining and name in fields]
    return max(taken, key=fields.index, default="?")
