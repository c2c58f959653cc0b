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
    """Nothing is rolled out: time passes, and the outcome is the one set here."""

    duration_s: int
    failure_percent: int
    """ How many of a hundred deployments fail, whatever `outcome` is for the others. """
    outcome: SimulatedOutcome
    """ How a simulated rollout ends. """
    seed: int
    """ Which ones those are follows from it and their numbers. """
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
