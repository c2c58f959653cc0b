from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.means import Means

T = TypeVar("T", bound="UserProvenance")


@_attrs_define
class UserProvenance:
    """The other people who could have acted as the user, directly or through other accounts, and how: they created an
    account, a token or a login, sent an invitation, or reset the credentials. Names are in lowercase.

    """

    additional_properties: dict[str, Means] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:

        field_dict: dict[str, Any] = {}
        for prop_name, prop in self.additional_properties.items():
            field_dict[prop_name] = prop.value

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        user_provenance = cls()

        additional_properties = {}
        for prop_name, prop_dict in d.items():
            additional_property = Means(prop_dict)

            additional_properties[prop_name] = additional_property

        user_provenance.additional_properties = additional_properties
        return user_provenance

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Means:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Means) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
