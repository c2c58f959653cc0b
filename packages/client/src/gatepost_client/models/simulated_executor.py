from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.simulated_outcome import SimulatedOutcome

T = TypeVar("T", bound="SimulatedExecutor")


@_attrs_define
class SimulatedExecutor:
    """A simulated rollout: waits for the configured duration and ends as configured."""

    duration_s: int
    """ The duration of the simulated rollout in seconds. """
    failure_percent: int
    """ The percentage of deployments that fail regardless of `outcome`. """
    outcome: SimulatedOutcome
    """ How a simulated rollout ends. """
    seed: int
    """ Determines, together with the deployment's number, which deployments fail. """
    kind: Literal["simulated"] = "simulated"

    def to_dict(self) -> dict[str, Any]:
        duration_s = self.duration_s

        failure_percent = self.failure_percent

        kind = self.kind

        outcome = self.outcome.value

        seed = self.seed

        field_dict: dict[str, Any] = {}

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

        return simulated_executor
