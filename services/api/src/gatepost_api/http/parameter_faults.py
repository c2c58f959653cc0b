"""Checking the query parameters and headers of a request against its operation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, Final, get_args, get_origin

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import HeaderParameter, QueryParameter

from gatepost_api.http.constrained_parameters import CheckedParameter, InvalidValue
from gatepost_api.http.input_faults import (
    INVALID,
    IS_REQUIRED,
    MAX_NAME,
    UNKNOWN_PARAMETER,
    InputFault,
    suggest_similar_name,
    union_members,
)
from gatepost_api.http.instants import InvalidInstant, read_instant
from gatepost_api.http.type_mismatches import describe_mismatch

OPEN_PARAMETERS: Final = "open_parameters"
"""The key in a handler's options for the prefixes of parameters that are not declared
individually."""

_Connection = ASGIConnection[Any, Any, Any, Any]

_PERIODS: Final = {
    "since": "until",
    "deployed_since": "deployed_until",
    "dateFrom": "dateTo",
}
"""Maps the parameter that starts each period to the one that ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parameter:
    name: str
    annotation: object
    is_list: bool
    is_instant: bool
    is_required: bool
    check: Callable[[str], object] | None

    def find_faults(self, values: list[str], source: str) -> Iterator[InputFault]:
        """Yield the faults of the values that a request has for the parameter.

        If a parameter that takes one value is repeated, the last value counts.
        """
        if not values:
            if self.is_required:
                yield self._fault(IS_REQUIRED, source)
            return
        value: object = values if self.is_list else values[-1]
        try:
            msgspec.convert(value, self.annotation, strict=False)
            if self.is_instant:
                read_instant(values[-1])
            if self.check is not None:
                for each in values if self.is_list else values[-1:]:
                    self.check(each)
        except InvalidValue as error:
            yield self._fault(str(error), source, error.code)
        except msgspec.ValidationError:
            yield self._fault(self._mismatch(values), source)
        except InvalidInstant as error:
            yield self._fault(str(error), source)

    def _mismatch(self, values: list[str]) -> str:
        """Return what is wrong with the first value that does not match the type."""
        if not self.is_list:
            return describe_mismatch(values[-1], self.annotation)
        item = next(get_args(each)[0] for each in union_members(self.annotation) if get_args(each))
        return next(describe_mismatch(value, item) for value in values if not _matches(value, item))

    def _fault(self, predicate: str, source: str, code: str = INVALID) -> InputFault:
        return InputFault(
            pointer=f"{source}/{self.name}", name=f"`{self.name}`", predicate=predicate, code=code
        )


def _matches(value: str, annotation: object) -> bool:
    try:
        msgspec.convert(value, annotation, strict=False)
    except msgspec.ValidationError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parameters:
    """The parameters of one operation, keyed by name. Header names are in lowercase."""

    query: Mapping[str, _Parameter]
    headers: Mapping[bytes, _Parameter]
    open_prefixes: tuple[str, ...]

    @property
    def has_required_query_parameter(self) -> bool:
        """Whether any query parameter is required."""
        return any(parameter.is_required for parameter in self.query.values())


def find_parameter_faults(connection: _Connection) -> list[InputFault]:
    """Return the faults of the query parameters and headers of a request."""
    parameters = _parameters_of(connection.route_handler)
    faults = list(_query_faults(connection, parameters))
    for name, value in connection.scope["headers"]:
        if (parameter := parameters.headers.get(name)) is not None:
            faults += parameter.find_faults([value.decode("latin-1")], "header")
    return faults


def _query_faults(connection: _Connection, parameters: _Parameters) -> Iterator[InputFault]:
    if not connection.scope["query_string"] and not parameters.has_required_query_parameter:
        return
    values: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in connection.query_params.multi_items():
        values[name].append(value)
    for name in values.keys() - parameters.query.keys():
        if not name.startswith(parameters.open_prefixes):
            yield _unknown(name, parameters.query)
    valid = dict(values)
    for name, parameter in parameters.query.items():
        for fault in parameter.find_faults(values.get(name, []), "query"):
            valid.pop(name, None)
            yield fault
    for start, end in _PERIODS.items():
        if start in valid and end in valid and start in parameters.query:
            yield from _period_faults(start, valid[start][-1], end, valid[end][-1])


def _unknown(name: str, known: Mapping[str, object]) -> InputFault:
    shown = ascii(name[:MAX_NAME])[1:-1]
    hint = (
        suggest_similar_name(name, known) or f"; its parameters are: {', '.join(known) or 'none'}"
    )
    return InputFault(
        pointer=f"query/{shown}",
        name=f"`{shown}`",
        predicate=f"is not a parameter of this operation{hint}",
        code=UNKNOWN_PARAMETER,
    )


def _period_faults(start: str, start_text: str, end: str, end_text: str) -> Iterator[InputFault]:
    if read_instant(start_text) > read_instant(end_text):
        yield InputFault(
            pointer=f"query/{start}",
            name=f"`{start}`",
            predicate=f"is after `{end}`; choose an earlier start",
            code="since_after_until",
        )


@cache
def _parameters_of(handler: BaseRouteHandler) -> _Parameters:
    """Return the declared parameters of an operation."""
    query: dict[str, _Parameter] = {}
    headers: dict[bytes, _Parameter] = {}
    fields = {field.name: field for field in msgspec.structs.fields(handler.signature_model)}
    for name, definition in handler.parsed_fn_signature.parameters.items():
        declared = definition.kwarg_definition
        if not isinstance(declared, QueryParameter | HeaderParameter):
            continue
        field = fields[name]
        parameter = _Parameter(
            name=declared.name or name,
            annotation=_without_null(field.type),
            is_list=definition.is_non_string_sequence or _is_optional_list(field.type),
            is_instant=(declared.schema_extra or {}).get("format") == "date-time",
            is_required=field.required,
            check=declared.check if isinstance(declared, CheckedParameter) else None,
        )
        if isinstance(declared, QueryParameter):
            query[parameter.name] = parameter
        else:
            headers[parameter.name.lower().encode()] = parameter
    return _Parameters(
        query=query, headers=headers, open_prefixes=tuple(handler.opt.get(OPEN_PARAMETERS, ()))
    )


def _without_null(annotation: object) -> object:
    """Return the type without null, because `null` in a query is ordinary text."""
    present = [member for member in get_args(annotation) if member is not NoneType]
    is_optional = NoneType in get_args(annotation)
    return present[0] if is_optional and len(present) == 1 else annotation


def _is_optional_list(annotation: object) -> bool:
    return any(get_origin(member) is list for member in union_members(annotation))
