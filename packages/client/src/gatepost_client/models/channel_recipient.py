from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.recipient_kind import RecipientKind
from ..plain_values import to_json

T = TypeVar("T", bound="ChannelRecipient")


@_attrs_define
class ChannelRecipient:
    """The user, group or team that the channel notifies."""

    kind: RecipientKind
    """ Whether a channel notifies a person, a group or a team. """
    name: str
    """ The name of the user, group or team. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = to_json(self.kind)

        name = self.name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "name": name,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = RecipientKind(d.pop("kind"))

        name = d.pop("name")

        channel_recipient = cls(
            kind=kind,
            name=name,
        )

        channel_recipient.additional_properties = d
        return channel_recipient

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
