from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.token_kind import TokenKind
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.grant import Grant


T = TypeVar("T", bound="Token")


@_attrs_define
class Token:
    """A token, without its secret."""

    created_at: datetime.datetime
    """ When the token was created. """
    expires_at: datetime.datetime | None
    """ When the token expires. Null if it never does. """
    id: UUID
    """ The id of the token. """
    issuer: str
    """ The person who created the token or, for an invitation, sent it; or `system`. """
    kind: TokenKind
    """ How a token was created, and where it is accepted. """
    label: None | str
    """ The purpose of the token. Null if none was given. """
    last_used_at: datetime.datetime | None
    """ When the token was last used, to the minute. Null if it never was. """
    revoked_at: datetime.datetime | None
    """ When the token was revoked. Null if it has not been revoked. """
    scopes: list[Grant] | None
    """ The grants the token is limited to. Null means all grants of its user. """
    user: str
    """ The user who holds the token. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = to_json(self.created_at)

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = to_json(self.expires_at)
        else:
            expires_at = self.expires_at

        id = str(self.id)

        issuer = self.issuer

        kind = to_json(self.kind)

        label: None | str
        label = self.label

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = to_json(self.last_used_at)
        else:
            last_used_at = self.last_used_at

        revoked_at: None | str
        if isinstance(self.revoked_at, datetime.datetime):
            revoked_at = to_json(self.revoked_at)
        else:
            revoked_at = self.revoked_at

        scopes: list[dict[str, Any]] | None
        if isinstance(self.scopes, list):
            scopes = []
            for scopes_type_0_item_data in self.scopes:
                scopes_type_0_item = to_json(scopes_type_0_item_data)
                scopes.append(scopes_type_0_item)

        else:
            scopes = self.scopes

        user = self.user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "expires_at": expires_at,
                "id": id,
                "issuer": issuer,
                "kind": kind,
                "label": label,
                "last_used_at": last_used_at,
                "revoked_at": revoked_at,
                "scopes": scopes,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant import Grant  # noqa: PLC0415

        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at", None))

        id = UUID(d.pop("id"))

        issuer = d.pop("issuer")

        kind = TokenKind(d.pop("kind"))

        def _parse_label(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        label = _parse_label(d.pop("label", None))

        def _parse_last_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at", None))

        def _parse_revoked_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                revoked_at_type_0 = datetime.datetime.fromisoformat(data)

                return revoked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        revoked_at = _parse_revoked_at(d.pop("revoked_at", None))

        def _parse_scopes(data: object) -> list[Grant] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                scopes_type_0 = []
                _scopes_type_0 = data
                for scopes_type_0_item_data in _scopes_type_0:
                    scopes_type_0_item = Grant.from_dict(scopes_type_0_item_data)

                    scopes_type_0.append(scopes_type_0_item)

                return scopes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Grant] | None, data)

        scopes = _parse_scopes(d.pop("scopes", None))

        user = d.pop("user")

        token = cls(
            created_at=created_at,
            expires_at=expires_at,
            id=id,
            issuer=issuer,
            kind=kind,
            label=label,
            last_used_at=last_used_at,
            revoked_at=revoked_at,
            scopes=scopes,
            user=user,
        )

        token.additional_properties = d
        return token

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
