from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.check_state import CheckState
from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="CheckResultBody")


@_attrs_define
class CheckResultBody:
    """The result of one check, as observed by the worker that ran the check."""

    at: datetime.datetime
    """ When the final attempt ended, by the worker's clock. """
    name: str
    """ The name of the check in the target's settings. """
    state: CheckState
    """ The outcome of one check in a check run. """
    took_ms: int
    """ The duration of the final attempt, in milliseconds. """
    attempts: int | Unset = UNSET
    """ The number of attempts made. """
    detail: str | Unset = UNSET
    """ Text with any number of lines. Control and format characters are replaced by U+FFFD, except tabs and line
    breaks. """

    def to_dict(self) -> dict[str, Any]:
        at = to_json(self.at)

        name = self.name

        state = to_json(self.state)

        took_ms = self.took_ms

        attempts = self.attempts

        detail = self.detail

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "at": at,
                "name": name,
                "state": state,
                "took_ms": took_ms,
            }
        )
        if attempts is not UNSET:
            field_dict["attempts"] = attempts
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        name = d.pop("name")

        state = CheckState(d.pop("state"))

        took_ms = d.pop("took_ms")

        attempts = d.pop("attempts", UNSET)

        detail = d.pop("detail", UNSET)

        check_result_body = cls(
            at=at,
            name=name,
            state=state,
            took_ms=took_ms,
            attempts=attempts,
            detail=detail,
        )

        return check_result_body
