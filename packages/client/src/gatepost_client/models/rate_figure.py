from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RateFigure")


@_attrs_define
class RateFigure:
    """How many of how many."""

    definition: str
    """ What is counted, and among what, in one sentence. """
    denominator: int
    deployments: list[str]
    """ Those of the numerator, the latest asked for first: up to 200, in a bucket up to 20. """
    more: bool
    """ Whether there are others besides. """
    numerator: int
    rate: float | None
    """ The numerator divided by the denominator, from 0 to 1; none of none is no rate. """

    def to_dict(self) -> dict[str, Any]:
        definition = self.definition

        denominator = self.denominator

        deployments = self.deployments

        more = self.more

        numerator = self.numerator

        rate: float | None
        rate = self.rate

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "definition": definition,
                "denominator": denominator,
                "deployments": deployments,
                "more": more,
                "numerator": numerator,
                "rate": rate,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        definition = d.pop("definition")

        denominator = d.pop("denominator")

        deployments = cast(list[str], d.pop("deployments"))

        more = d.pop("more")

        numerator = d.pop("numerator")

        def _parse_rate(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        rate = _parse_rate(d.pop("rate"))

        rate_figure = cls(
            definition=definition,
            denominator=denominator,
            deployments=deployments,
            more=more,
            numerator=numerator,
            rate=rate,
        )

        return rate_figure
