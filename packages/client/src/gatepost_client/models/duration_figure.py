from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DurationFigure")


@_attrs_define
class DurationFigure:
    """A distribution of durations, in seconds."""

    definition: str
    """ What is measured, in one sentence. """
    deployments: list[str]
    """ The measured deployments, most recently requested first: up to 200, or up to 20 in a bucket. """
    follows: None | str
    """ The published definition that the metric follows, and how the metric differs from it. Null if there is none.
    """
    measured: int
    """ The number of deployments measured. """
    median_s: float | None
    """ The median, in seconds. For an even number of values, the mean of the middle two. Null if nothing was
    measured. """
    more: bool
    """ Whether there are more deployments than are listed. """
    p90_s: float | None
    """ The 90th percentile (nearest rank), in seconds. Null if nothing was measured. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        definition = self.definition

        deployments = self.deployments

        follows: None | str
        follows = self.follows

        measured = self.measured

        median_s: float | None
        median_s = self.median_s

        more = self.more

        p90_s: float | None
        p90_s = self.p90_s

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "definition": definition,
                "deployments": deployments,
                "follows": follows,
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

        def _parse_follows(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        follows = _parse_follows(d.pop("follows", None))

        measured = d.pop("measured")

        def _parse_median_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        median_s = _parse_median_s(d.pop("median_s", None))

        more = d.pop("more")

        def _parse_p90_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p90_s = _parse_p90_s(d.pop("p90_s", None))

        duration_figure = cls(
            definition=definition,
            deployments=deployments,
            follows=follows,
            measured=measured,
            median_s=median_s,
            more=more,
            p90_s=p90_s,
        )

        duration_figure.additional_properties = d
        return duration_figure

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
