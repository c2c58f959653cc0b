from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.simulated_outcome import SimulatedOutcome
from ..plain_values import to_json

T = TypeVar("T", bound="SimulatedExecutor")


@_attrs_define
class SimulatedExecutor:
    """A simulated rollout: waits for the configured duration and ends as configured."""

    duration_s: int
    """ The duration of the simulated rollout in seconds. """
    failure_percent: int
    """ The percentage of deployments that fail regardless of `outcome`. """
    outcome: SimulatedOutcome
    """ The outcome of a simulated rollout. """
    seed: int
    """ A seed that, together with the deployment's number, determines which deployments fail. """
    kind: Literal["simulated"] = "simulated"
    """ Identifies which of the alternatives the object is. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        duration_s = self.duration_s

        failure_percent = self.failure_percent

        kind = self.kind

        outcome = to_json(self.outcome)

        seed = self.seed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "duration_s": duration_s,
                "failure_percent": failure_percent,
                "kind": kind,
                "outcome": outcome,
                "seed": seed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        duration_s = d.pop("duration_s")

        failure_percent = d.pop("failure_percent")

        kind = cast(Literal["simulated"], d.pop("kind"))
        if kind != "simulated":
            raise ValueError(f"kind must match const 'simulated', got '{kind}'")

        outcome = SimulatedOutcome(d.pop("outcome"))

        seed = d.pop("seed")

        simulated_executor = cls(
            duration_s=duration_s,
            failure_percent=failure_percent,
            kind=kind,
            outcome=outcome,
            seed=seed,
        )

        simulated_executor.additional_properties = d
        return simulated_executor

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
