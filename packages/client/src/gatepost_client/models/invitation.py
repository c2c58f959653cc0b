from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="Invitation")


@_attrs_define
class Invitation:
    """An invitation: a single-use link with which a person enrols."""

    expires_at: datetime.datetime
    """ When the link expires. """
    id: UUID
    """ The id of the invitation, which can be revoked like a token. """
    invited_by: str
    """ Who created the invitation. """
    url: None | str = _attrs_field(repr=False)
    """ The link to send to the person. Shown once and not stored. Null in a repeated response to the same
    idempotency key. """
    user: str
    """ The invited user. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expires_at = to_json(self.expires_at)

        id = str(self.id)

        invited_by = self.invited_by

        url: None | str
        url = self.url

        user = self.user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expires_at": expires_at,
                "id": id,
                "invited_by": invited_by,
                "url": url,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        id = UUID(d.pop("id"))

        invited_by = d.pop("invited_by")

        def _parse_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        url = _parse_url(d.pop("url", None))

        user = d.pop("user")

        invitation = cls(
            expires_at=expires_at,
            id=id,
            invited_by=invited_by,
            url=url,
            user=user,
        )

        invitation.additional_properties = d
        return invitation

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
