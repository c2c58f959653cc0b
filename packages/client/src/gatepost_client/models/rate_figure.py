from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RateFigure")


@_attrs_define
class RateFigure:
    """A proportion of deployments."""

    definition: str
    """ What the numerator and the denominator count, in one sentence. """
    denominator: int
    """ The number of deployments in the denominator. """
    deployments: list[str]
    """ The deployments in the numerator, most recently requested first: up to 200, or up to 20 in a bucket. """
    follows: None | str
    """ The published definition that the metric follows, and how the metric differs from it. Null if there is none.
    """
    more: bool
    """ Whether there are more deployments than are listed. """
    numerator: int
    """ The number of deployments in the numerator. """
    rate: float | None
    """ `numerator` divided by `denominator`, from 0 to 1. Null if `denominator` is 0. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        definition = self.definition

        denominator = self.denominator

        deployments = self.deployments

        follows: None | str
        follows = self.follows

        more = self.more

        numerator = self.numerator

        rate: float | None
        rate = self.rate

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "definition": definition,
                "denominator": denominator,
                "deployments": deployments,
                "follows": follows,
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

        def _parse_follows(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        follows = _parse_follows(d.pop("follows", None))

        more = d.pop("more")

        numerator = d.pop("numerator")

        def _parse_rate(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        rate = _parse_rate(d.pop("rate", None))

        rate_figure = cls(
            definition=definition,
            denominator=denominator,
            deployments=deployments,
            follows=follows,
            more=more,
            numerator=numerator,
            rate=rate,
        )

        rate_figure.additional_properties = d
        return rate_figure

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
