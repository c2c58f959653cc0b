from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.check_state import CheckState
from ..plain_values import to_json

T = TypeVar("T", bound="CheckRunResult")


@_attrs_define
class CheckRunResult:
    """The result of one check in a check run."""

    at: datetime.datetime | None
    """ When the final attempt ended, by the worker's clock. Null if the check was skipped. """
    attempts: int
    """ The number of attempts made. """
    detail: str
    """ What the worker observed. Empty if the check was skipped. """
    name: str
    """ The name of the check. """
    required: bool
    """ Whether the run fails if this check fails. """
    state: CheckState
    """ The outcome of one check in a check run. """
    took_ms: int | None
    """ The duration of the final attempt, in milliseconds. Null if the check was skipped. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at: None | str
        if isinstance(self.at, datetime.datetime):
            at = to_json(self.at)
        else:
            at = self.at

        attempts = self.attempts

        detail = self.detail

        name = self.name

        required = self.required

        state = to_json(self.state)

        took_ms: int | None
        took_ms = self.took_ms

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "attempts": attempts,
                "detail": detail,
                "name": name,
                "required": required,
                "state": state,
                "took_ms": took_ms,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                at_type_0 = datetime.datetime.fromisoformat(data)

                return at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        at = _parse_at(d.pop("at", None))

        attempts = d.pop("attempts")

        detail = d.pop("detail")

        name = d.pop("name")

        required = d.pop("required")

        state = CheckState(d.pop("state"))

        def _parse_took_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        took_ms = _parse_took_ms(d.pop("took_ms", None))

        check_run_result = cls(
            at=at,
            attempts=attempts,
            detail=detail,
            name=name,
            required=required,
            state=state,
            took_ms=took_ms,
        )

        check_run_result.additional_properties = d
        return check_run_result

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
