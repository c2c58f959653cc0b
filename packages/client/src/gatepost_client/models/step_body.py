from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.step_kind import StepKind
from ..models.step_state import StepState
from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="StepBody")


@_attrs_define
class StepBody:
    """One rollout step to report."""

    at: datetime.datetime
    """ When the step reached this state, by the worker's clock. """
    kind: StepKind
    """ The part of a rollout that a step belongs to. """
    name: str
    """ The name of the check. For other steps, the executor kind or `ready`. """
    state: StepState
    """ Whether a step is in progress and, if it is not, how it ended. """
    detail: str | Unset = UNSET
    """ Text with any number of lines. Control and format characters are replaced by U+FFFD, except tabs and line
    breaks. """
    took_ms: int | None | Unset = UNSET
    """ The duration since the step started, in milliseconds. Null while it is running. """
    tried: int | Unset = UNSET
    """ How many times the step had been tried in this rollout attempt when it reached this state. """

    def to_dict(self) -> dict[str, Any]:
        at = to_json(self.at)

        kind = to_json(self.kind)

        name = self.name

        state = to_json(self.state)

        detail = self.detail

        took_ms: int | None | Unset
        if isinstance(self.took_ms, Unset):
            took_ms = UNSET
        else:
            took_ms = self.took_ms

        tried = self.tried

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "at": at,
                "kind": kind,
                "name": name,
                "state": state,
            }
        )
        if detail is not UNSET:
            field_dict["detail"] = detail
        if took_ms is not UNSET:
            field_dict["took_ms"] = took_ms
        if tried is not UNSET:
            field_dict["tried"] = tried

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        kind = StepKind(d.pop("kind"))

        name = d.pop("name")

        state = StepState(d.pop("state"))

        detail = d.pop("detail", UNSET)

        def _parse_took_ms(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        took_ms = _parse_took_ms(d.pop("took_ms", UNSET))

        tried = d.pop("tried", UNSET)

        step_body = cls(
            at=at,
            kind=kind,
            name=name,
            state=state,
            detail=detail,
            took_ms=took_ms,
            tried=tried,
        )

        return step_body
