from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CountFigure")


@_attrs_define
class CountFigure:
    """A count of deployments."""

    count: int
    """ The number of deployments. """
    definition: str
    """ What is counted, in one sentence. """
    deployments: list[str]
    """ The counted deployments, most recently requested first: up to 200, or up to 20 in a bucket. """
    follows: None | str
    """ The published definition that the metric follows, and how the metric differs from it. Null if there is none.
    """
    more: bool
    """ Whether there are more deployments than are listed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        definition = self.definition

        deployments = self.deployments

        follows: None | str
        follows = self.follows

        more = self.more

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "definition": definition,
                "deployments": deployments,
                "follows": follows,
                "more": more,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        count = d.pop("count")

        definition = d.pop("definition")

        deployments = cast(list[str], d.pop("deployments"))

        def _parse_follows(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        follows = _parse_follows(d.pop("follows", None))

        more = d.pop("more")

        count_figure = cls(
            count=count,
            definition=definition,
            deployments=deployments,
            follows=follows,
            more=more,
        )

        count_figure.additional_properties = d
        return count_figure

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
