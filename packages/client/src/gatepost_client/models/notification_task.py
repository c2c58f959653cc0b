from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="NotificationTask")


@_attrs_define
class NotificationTask:
    """A claimed notification channel, with a message to send once."""

    body: str
    """ The message in plain text. """
    fencing_token: int
    """ The fencing token to send with the result. A result with a superseded token is refused. """
    id: UUID
    """ The channel's id. """
    leased_until: datetime.datetime
    """ When the lease expires and another worker can send the message. """
    outgoing_allow: list[str]
    """ The hosts and networks that the setting `GATEPOST_OUTGOING_ALLOW` permits. """
    timeout_s: int
    """ How long sending may take, in seconds. """
    title: str
    """ The title or subject of the message. """
    url: str
    """ The channel's Apprise URL. It contains passwords and keys. """
    kind: Literal["notification"] = "notification"
    """ Identifies which of the alternatives the object is. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        body = self.body

        fencing_token = self.fencing_token

        id = str(self.id)

        kind = self.kind

        leased_until = to_json(self.leased_until)

        outgoing_allow = self.outgoing_allow

        timeout_s = self.timeout_s

        title = self.title

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "body": body,
                "fencing_token": fencing_token,
                "id": id,
                "kind": kind,
                "leased_until": leased_until,
                "outgoing_allow": outgoing_allow,
                "timeout_s": timeout_s,
                "title": title,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        body = d.pop("body")

        fencing_token = d.pop("fencing_token")

        id = UUID(d.pop("id"))

        kind = cast(Literal["notification"], d.pop("kind"))
        if kind != "notification":
            raise ValueError(f"kind must match const 'notification', got '{kind}'")

        leased_until = datetime.datetime.fromisoformat(d.pop("leased_until"))

        outgoing_allow = cast(list[str], d.pop("outgoing_allow"))

        timeout_s = d.pop("timeout_s")

        title = d.pop("title")

        url = d.pop("url")

        notification_task = cls(
            body=body,
            fencing_token=fencing_token,
            id=id,
            kind=kind,
            leased_until=leased_until,
            outgoing_allow=outgoing_allow,
            timeout_s=timeout_s,
            title=title,
            url=url,
        )

        notification_task.additional_properties = d
        return notification_task

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
