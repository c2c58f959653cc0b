from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.deployment import Deployment
    from ..models.event import Event


T = TypeVar("T", bound="WebhookMessageData")


@_attrs_define
class WebhookMessageData:
    """The event that a message reports, and its deployment."""

    deployment: Deployment | None
    """ The deployment that the event is about, as it was when the message was sent. Null if the event is about
    something else. """
    event: Event
    """ An immutable record of an action. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.deployment import Deployment  # noqa: PLC0415

        deployment: dict[str, Any] | None
        if isinstance(self.deployment, Deployment):
            deployment = to_json(self.deployment)
        else:
            deployment = self.deployment

        event = to_json(self.event)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deployment": deployment,
                "event": event,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deployment import Deployment  # noqa: PLC0415
        from ..models.event import Event  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_deployment(data: object) -> Deployment | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                deployment_type_0 = Deployment.from_dict(data)

                return deployment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Deployment | None, data)

        deployment = _parse_deployment(d.pop("deployment", None))

        event = Event.from_dict(d.pop("event"))

        webhook_message_data = cls(
            deployment=deployment,
            event=event,
        )

        webhook_message_data.additional_properties = d
        return webhook_message_data

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
