from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.execution_state import ExecutionState
from ..plain_values import to_json

T = TypeVar("T", bound="DeploymentExecution")


@_attrs_define
class DeploymentExecution:
    """The rollout of a deployment by an operator or by workers."""

    attempt: int
    """ The number of times the rollout was started. More than 1 if a worker was lost; 0 while the rollout is
    queued. """
    state: ExecutionState
    """ The state of a rollout, in the terms that build servers use. """
    worker: None | str
    """ The worker that carries out or carried out the rollout. Null if an operator did, and while the rollout is
    queued. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt

        state = to_json(self.state)

        worker: None | str
        worker = self.worker

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "state": state,
                "worker": worker,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempt = d.pop("attempt")

        state = ExecutionState(d.pop("state"))

        def _parse_worker(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        worker = _parse_worker(d.pop("worker", None))

        deployment_execution = cls(
            attempt=attempt,
            state=state,
            worker=worker,
        )

        deployment_execution.additional_properties = d
        return deployment_execution

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
