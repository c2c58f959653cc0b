from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NotificationFinishBody")


@_attrs_define
class NotificationFinishBody:
    """The result of an attempt to send a message to a channel."""

    fencing_token: int
    """ The fencing token of the claim. A token lower than the current one is refused. """
    sent: bool
    """ Whether the message was sent. """
    detail: str | Unset = UNSET
    """ Text with any number of lines. Control and format characters are replaced by U+FFFD, except tabs and line
    breaks. """

    def to_dict(self) -> dict[str, Any]:
        fencing_token = self.fencing_token

        sent = self.sent

        detail = self.detail

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fencing_token": fencing_token,
                "sent": sent,
            }
        )
        if detail is not UNSET:
            field_dict["detail"] = detail

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        fencing_token = d.pop("fencing_token")

        sent = d.pop("sent")

        detail = d.pop("detail", UNSET)

        notification_finish_body = cls(
            fencing_token=fencing_token,
            sent=sent,
            detail=detail,
        )

        return notification_finish_body
