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
from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="SimulatedExecutorBody")


@_attrs_define
class SimulatedExecutorBody:
    """A simulated rollout: waits for the configured duration and ends as configured."""

    kind: Literal["simulated"] = "simulated"
    """ Identifies which of the alternatives the object is. """
    duration_s: int | Unset = UNSET
    """ The duration of the simulated rollout in seconds. """
    failure_percent: int | Unset = UNSET
    """ The percentage of deployments that fail regardless of `outcome`. """
    outcome: SimulatedOutcome | Unset = UNSET
    """ The outcome of a simulated rollout. """
    seed: int | Unset = UNSET
    """ A seed that, together with the deployment's number, determines which deployments fail. """

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind

        duration_s = self.duration_s

        failure_percent = self.failure_percent

        outcome: str | Unset = UNSET
        if not isinstance(self.outcome, Unset):
            outcome = to_json(self.outcome)

        seed = self.seed

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
            }
        )
        if duration_s is not UNSET:
            field_dict["duration_s"] = duration_s
        if failure_percent is not UNSET:
            field_dict["failure_percent"] = failure_percent
        if outcome is not UNSET:
            field_dict["outcome"] = outcome
        if seed is not UNSET:
            field_dict["seed"] = seed

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = cast(Literal["simulated"], d.pop("kind"))
        if kind != "simulated":
            raise ValueError(f"kind must match const 'simulated', got '{kind}'")

        duration_s = d.pop("duration_s", UNSET)

        failure_percent = d.pop("failure_percent", UNSET)

        _outcome = d.pop("outcome", UNSET)
        outcome: SimulatedOutcome | Unset
        if isinstance(_outcome, Unset):
            outcome = UNSET
        else:
            outcome = SimulatedOutcome(_outcome)

        seed = d.pop("seed", UNSET)

        simulated_executor_body = cls(
            kind=kind,
            duration_s=duration_s,
            failure_percent=failure_percent,
            outcome=outcome,
            seed=seed,
        )

        return simulated_executor_body
