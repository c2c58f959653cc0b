from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FrequencyFigure")


@_attrs_define
class FrequencyFigure:
    """The average number of deployments per day, and the deployments counted."""

    count: int
    """ The number of deployments counted. """
    days: float
    """ The length of the period in days. """
    definition: str
    """ What is counted, in one sentence. """
    follows: None | str
    """ The published definition that the metric follows, and how the metric differs from it. Null if there is none.
    """
    per_day: float | None
    """ `count` divided by `days`. Null if the period is empty. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        days = self.days

        definition = self.definition

        follows: None | str
        follows = self.follows

        per_day: float | None
        per_day = self.per_day

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "days": days,
                "definition": definition,
                "follows": follows,
                "per_day": per_day,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        count = d.pop("count")

        days = d.pop("days")

        definition = d.pop("definition")

        def _parse_follows(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        follows = _parse_follows(d.pop("follows", None))

        def _parse_per_day(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        per_day = _parse_per_day(d.pop("per_day", None))

        frequency_figure = cls(
            count=count,
            days=days,
            definition=definition,
            follows=follows,
            per_day=per_day,
        )

        frequency_figure.additional_properties = d
        return frequency_figure

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
