from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="DurationFigure")


@_attrs_define
class DurationFigure:
    """How long it took, in seconds."""

    definition: str
    """ What is measured, in one sentence. """
    deployments: list[str]
    """ Those measured, the latest asked for first: up to 200, in a bucket up to 20. """
    measured: int
    """ How many deployments were measured. """
    median_s: float | None
    """ Half took no longer; of an even number, the mean of the two in the middle. """
    more: bool
    """ Whether there are others besides. """
    p90_s: float | None
    """ The shortest that at least nine in ten did not exceed. """

    def to_dict(self) -> dict[str, Any]:
        definition = self.definition

        deployments = self.deployments

        measured = self.measured

        median_s: float | None
        median_s = self.median_s

        more = self.more

        p90_s: float | None
        p90_s = self.p90_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "definition": definition,
                "deployments": deployments,
                "measured": measured,
                "median_s": median_s,
                "more": more,
                "p90_s": p90_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        definition = d.pop("definition")

        deployments = cast(list[str], d.pop("deployments"))

        measured = d.pop("measured")

        def _parse_median_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        median_s = _parse_median_s(d.pop("median_s"))

        more = d.pop("more")

        def _parse_p90_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p90_s = _parse_p90_s(d.pop("p90_s"))

        duration_figure = cls(
            definition=definition,
            deployments=deployments,
            measured=measured,
            median_s=median_s,
            more=more,
            p90_s=p90_s,
        )

        return duration_figure
