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
    outcome: SimulatedOutcome
    """ How a simulated rollout ends. """
    kind: Literal["simulated"] = "simulated"

    def to_dict(self) -> dict[str, Any]:
        duration_s = self.duration_s

        kind = self.kind

        outcome = self.outcome.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "duration_s": duration_s,
                "kind": kind,
                "outcome": outcome,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        duration_s = d.pop("duration_s")

        kind = cast(Literal["simulated"], d.pop("kind"))
        if kind != "simulated":
            raise ValueError(f"kind must match const 'simulated', got '{kind}'")

        outcome = SimulatedOutcome(d.pop("outcome"))

        simulated_executor = cls(
            duration_s=duration_s,
            kind=kind,
            outcome=outcome,
        )

        return simulated_executor
