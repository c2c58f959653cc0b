from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RateFigure")


@_attrs_define
class RateFigure:
    """A proportion of deployments."""

    definition: str
    """ What the numerator and the denominator count, in one sentence. """
    denominator: int
    deployments: list[str]
    """ The deployments in the numerator, most recently requested first: up to 200, or up to 20 in a bucket. """
    more: bool
    """ Whether there are more deployments than listed. """
    numerator: int
    rate: float | None
    """ `numerator` divided by `denominator`, from 0 to 1. Null if `denominator` is 0. """

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
