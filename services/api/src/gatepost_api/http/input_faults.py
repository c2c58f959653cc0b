"""Finding all faults in an input, each with its location and a message in Gatepost's words.

The decoder stops at the first fault and has its own wording. When it refuses an input, a second
pass here compares every field with its type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from http import HTTPStatus
from types import UnionType
from typing import Annotated, Final, Union, get_args, get_origin

import msgspec

from gatepost_api.http.problems import BadInput, ProblemError
from gatepost_api.http.type_mismatches import describe_mismatch

UNKNOWN_PARAMETER: Final = "unknown_parameter"
INVALID: Final = "invalid"
IS_REQUIRED: Final = "is required"

_RAW_EXPECTED: Final = "Expected `raw`"
"""The beginning of the decoder's message that a value is not raw JSON."""

MAX_FAULTS: Final = 50
"""The maximum number of faults that a response lists."""
MAX_NAME: Final = 100
"""The maximum length of a name in a sentence, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFault:
    """What is wrong with one field of a body, a parameter or a header."""

    pointer: str
    name: str
    """The name of the field in a sentence, such as `checks[0].path`."""
    predicate: str
    """The sentence about the field without its subject, such as `must be true or false`."""
    code: str = INVALID

    @property
    def sentence(self) -> str:
        """The fault as a complete sentence, which begins with the field's name."""
        return f"{self.name} {self.predicate}."


class InvalidInput(BadInput):
    """An invalid input with all its faults (422). The error code is that of the first fault."""

    def __init__(self, faults: Iterable[InputFault]) -> None:
        self.faults = listed = list(faults)[:MAX_FAULTS]
        super().__init__(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            listed[0].code,
            listed[0].pointer,
            " ".join(fault.sentence for fault in listed),
        )
        self.errors = [
            ProblemError(pointer=fault.pointer, detail=f"It {fault.predicate}.") for fault in listed
        ]


def suggest_similar_name(name: str, known: Iterable[str]) -> str:
    """Return a question that suggests a similar known name, or an empty string if there is none."""
    similar = get_close_matches(name, known, n=1)
    return f" (did you mean `{similar[0]}`?)" if similar else ""


Path = tuple[str | int, ...]


def find_all_faults(value: object, annotation: object, *, strict: bool = True) -> list[InputFault]:
    """Return the faults of an input that the decoder refused: at least one."""
    return list(_find_faults(value, annotation, strict=strict)) or [_fault((), "is invalid")]


def _find_faults(
    value: object, annotation: object, path: Path = (), *, strict: bool = True
) -> Iterator[InputFault]:
    """Yield the ways in which a value, read from JSON or a form, does not match its type.

    Without `strict`, numbers and times can be text, as in a form. A field for raw JSON accepts any
    value; the fact that a decoded value cannot be converted to raw JSON is not a fault.
    """
    try:
        msgspec.convert(value, annotation, strict=strict)
    except msgspec.ValidationError as error:
        inner = list(_inner_faults(value, annotation, path, strict=strict))
        if inner or not str(error).startswith(_RAW_EXPECTED):
            yield from inner or [_fault(path, describe_mismatch(value, annotation))]


def _inner_faults(
    value: object, annotation: object, path: Path, *, strict: bool
) -> Iterator[InputFault]:
    """Yield the faults inside an object or a list, or nothing if the value itself is the fault."""
    members = list(union_members(annotation))
    if isinstance(value, Mapping):
        structs = [member for member in members if isinstance(member, type(msgspec.Struct))]
        if structs:
            yield from _object_faults(value, structs, path, strict=strict)
            return
    for member in members:
        if isinstance(value, Mapping) and get_origin(member) in {dict, Mapping}:
            for key, item in value.items():
                yield from _find_faults(item, get_args(member)[1], (*path, key), strict=strict)
        elif isinstance(value, list) and get_origin(member) is list:
            for index, item in enumerate(value):
                yield from _find_faults(item, get_args(member)[0], (*path, index), strict=strict)


def union_members(annotation: object) -> Iterator[object]:
    """Yield the members of a union, or a type that is not a union, without annotations."""
    if get_origin(annotation) is Annotated:
        yield from union_members(get_args(annotation)[0])
    elif get_origin(annotation) in {Union, UnionType}:
        for member in get_args(annotation):
            yield from union_members(member)
    else:
        yield annotation


def _object_faults(
    value: Mapping[str, object],
    structs: Sequence[type[msgspec.Struct]],
    path: Path,
    *,
    strict: bool,
) -> Iterator[InputFault]:
    """Yield the faults of an object; its tag selects one of several types."""
    tag_field = structs[0].__struct_config__.tag_field
    if tag_field is None:
        yield from _struct_faults(value, structs[0], path, strict=strict)
        return
    by_tag = {struct.__struct_config__.tag: struct for struct in structs}
    tag = value.get(tag_field)
    if isinstance(tag, str) and tag in by_tag:
        yield from _struct_faults(value, by_tag[tag], path, strict=strict)
    else:
        tags = ", ".join(sorted(map(str, by_tag)))
        yield _fault((*path, tag_field), f"must be one of {tags}")


def _struct_faults(
    value: Mapping[str, object], struct: type[msgspec.Struct], path: Path, *, strict: bool
) -> Iterator[InputFault]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    known = {*fields, struct.__struct_config__.tag_field}
    for name in (name for name in value if name not in known):
        yield _fault((*path, name), f"is unknown{suggest_similar_name(name, fields)}")
    for name, field in fields.items():
        if name in value:
            yield from _find_faults(value[name], field.type, (*path, name), strict=strict)
        elif field.required:
            yield _fault((*path, name), IS_REQUIRED)


def _fault(path: Path, predicate: str) -> InputFault:
    return InputFault(pointer=json_pointer(*path), name=_name(path), predicate=predicate)


def _name(path: Path) -> str:
    """Return the name of a field in a sentence, such as `checks[0].path`."""
    if not path:
        return "The body"
    text = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return f"`{ascii(text.removeprefix('.')[:MAX_NAME])[1:-1]}`"


def json_pointer(*segments: str | int) -> str:
    """Return a JSON pointer as a URI fragment; lone surrogates are shown as `?`."""
    escaped = (str(segment).replace("~", "~0").replace("/", "~1") for segment in segments)
    return "#" + "".join(f"/{segment}" for segment in escaped).encode(errors="replace").decode()
