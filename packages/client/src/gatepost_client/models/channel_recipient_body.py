from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.recipient_kind import RecipientKind
from ..plain_values import to_json

T = TypeVar("T", bound="ChannelRecipientBody")


@_attrs_define
class ChannelRecipientBody:
    """The user, group or team that the channel notifies."""

    kind: RecipientKind
    """ Whether a channel notifies a person, a group or a team. """
    name: str
    """ The name of the user, group or team. """

    def to_dict(self) -> dict[str, Any]:
        kind = to_json(self.kind)

        name = self.name

        field_dict: dict[str, Any] = {}

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

        channel_recipient_body = cls(
            kind=kind,
            name=name,
        )

        return channel_recipient_body
