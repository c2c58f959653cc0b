from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.step_kind import StepKind
from ..models.step_state import StepState
from ..plain_values import to_json

T = TypeVar("T", bound="DeploymentStep")


@_attrs_define
class DeploymentStep:
    """One rollout step reported by a worker."""

    at: datetime.datetime
    """ When the step reached this state, by the worker's clock. """
    attempt: int
    """ The number of the rollout attempt. More than 1 if a worker was lost. """
    detail: str
    """ A human-readable description of what happened. """
    kind: StepKind
    """ The part of a rollout that a step belongs to. """
    name: str
    """ The name of the step. """
    state: StepState
    """ Whether a step is in progress and, if it is not, how it ended. """
    took_ms: int | None
    """ The duration since the step started, in milliseconds. Null while it is running. """
    tried: int
    """ How many times the step had been tried in this rollout attempt when it reached this state. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = to_json(self.at)

        attempt = self.attempt

        detail = self.detail

        kind = to_json(self.kind)

        name = self.name

        state = to_json(self.state)

        took_ms: int | None
        took_ms = self.took_ms

        tried = self.tried

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "attempt": attempt,
                "detail": detail,
                "kind": kind,
                "name": name,
                "state": state,
                "took_ms": took_ms,
                "tried": tried,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        attempt = d.pop("attempt")

        detail = d.pop("detail")

        kind = StepKind(d.pop("kind"))

        name = d.pop("name")

        state = StepState(d.pop("state"))

        def _parse_took_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        took_ms = _parse_took_ms(d.pop("took_ms", None))

        tried = d.pop("tried")

        deployment_step = cls(
            at=at,
            attempt=attempt,
            detail=detail,
            kind=kind,
            name=name,
            state=state,
            took_ms=took_ms,
            tried=tried,
        )

        deployment_step.additional_properties = d
        return deployment_step

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
