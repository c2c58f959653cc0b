from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_kind import EventKind
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.webhook_message_data import WebhookMessageData


T = TypeVar("T", bound="WebhookMessage")


@_attrs_define
class WebhookMessage:
    """The body of a message in the format `gatepost`, as in Standard Webhooks."""

    data: WebhookMessageData
    """ The event that a message reports, and its deployment. """
    timestamp: datetime.datetime
    """ When the event happened. """
    type_: EventKind
    """ What happened, in the past tense. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        data = to_json(self.data)

        timestamp = to_json(self.timestamp)

        type_ = to_json(self.type_)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "data": data,
                "timestamp": timestamp,
                "type": type_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.webhook_message_data import WebhookMessageData  # noqa: PLC0415

        d = dict(src_dict)
        data = WebhookMessageData.from_dict(d.pop("data"))

        timestamp = datetime.datetime.fromisoformat(d.pop("timestamp"))

        type_ = EventKind(d.pop("type"))

        webhook_message = cls(
            data=data,
            timestamp=timestamp,
            type_=type_,
        )

        webhook_message.additional_properties = d
        return webhook_message

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
