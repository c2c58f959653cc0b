from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.means import Means
from ..plain_values import to_json

T = TypeVar("T", bound="Dependence")


@_attrs_define
class Dependence:
    """Why a reviewer is not independent of another person behind the deployment."""

    by: Means
    """ How another person became able to use a credential. """
    of: str
    """ The other person: the requester, an earlier reviewer, or the person who used break-glass. """
    reviewer: str
    """ The reviewer who is not independent. """
    through: list[str]
    """ The people who could have acted both as `reviewer` and as `of`, with their names in lowercase. `reviewer`
    and `of` can themselves be among these people. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        by = to_json(self.by)

        of = self.of

        reviewer = self.reviewer

        through = self.through

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "by": by,
                "of": of,
                "reviewer": reviewer,
                "through": through,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        by = Means(d.pop("by"))

        of = d.pop("of")

        reviewer = d.pop("reviewer")

        through = cast(list[str], d.pop("through"))

        dependence = cls(
            by=by,
            of=of,
            reviewer=reviewer,
            through=through,
        )

        dependence.additional_properties = d
        return dependence

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
