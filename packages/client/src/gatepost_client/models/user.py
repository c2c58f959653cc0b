from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.user_kind import UserKind
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.grant import Grant
    from ..models.login import Login
    from ..models.user_provenance import UserProvenance


T = TypeVar("T", bound="User")


@_attrs_define
class User:
    """A person or service account that can hold tokens."""

    created_at: datetime.datetime
    """ When the user was added. """
    created_by: str
    """ Who added the user. """
    disabled: bool
    """ Whether the user is disabled. No one can sign in as a disabled user. """
    display_name: None | str
    """ The display name. Null if none was given. """
    former_logins: list[Login]
    """ The logins that were removed. Nobody can sign in with such an account until an admin adds it to a user
    again. The user who formerly had these logins can never review requests from pipelines that were triggered under
    their names. """
    former_name: None | str
    """ The user's name in an older release, if that name is no longer valid. Null otherwise. """
    grants: list[Grant]
    """ The roles of the user, each with its scope. """
    groups: list[str]
    """ The groups of the user, which approval rules can name. """
    human: str
    """ The person that the user counts as in every four-eyes rule: the user or, for a service account, its creator.
    A service account also counts as the person who issued its token. """
    kind: UserKind
    """ Whether a user is a person or a program. """
    logins: list[Login]
    """ The external accounts with which the user signs in or triggers pipelines. """
    name: str
    """ The name, which never changes. """
    provenance: UserProvenance
    """ The other people who could have acted as the user, directly or through other accounts, and how: they created
    an account, a token or a login, sent an invitation, or reset the credentials. Names are in lowercase. """
    revision: int
    """ The revision number: starts at 1 and increases with every change. Also the ETag. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = to_json(self.created_at)

        created_by = self.created_by

        disabled = self.disabled

        display_name: None | str
        display_name = self.display_name

        former_logins = []
        for former_logins_item_data in self.former_logins:
            former_logins_item = to_json(former_logins_item_data)
            former_logins.append(former_logins_item)

        former_name: None | str
        former_name = self.former_name

        grants = []
        for grants_item_data in self.grants:
            grants_item = to_json(grants_item_data)
            grants.append(grants_item)

        groups = self.groups

        human = self.human

        kind = to_json(self.kind)

        logins = []
        for logins_item_data in self.logins:
            logins_item = to_json(logins_item_data)
            logins.append(logins_item)

        name = self.name

        provenance = to_json(self.provenance)

        revision = self.revision

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "created_by": created_by,
                "disabled": disabled,
                "display_name": display_name,
                "former_logins": former_logins,
                "former_name": former_name,
                "grants": grants,
                "groups": groups,
                "human": human,
                "kind": kind,
                "logins": logins,
                "name": name,
                "provenance": provenance,
                "revision": revision,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant import Grant  # noqa: PLC0415
        from ..models.login import Login  # noqa: PLC0415
        from ..models.user_provenance import UserProvenance  # noqa: PLC0415

        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        disabled = d.pop("disabled")

        def _parse_display_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        display_name = _parse_display_name(d.pop("display_name", None))

        former_logins = []
        _former_logins = d.pop("former_logins")
        for former_logins_item_data in _former_logins:
            former_logins_item = Login.from_dict(former_logins_item_data)

            former_logins.append(former_logins_item)

        def _parse_former_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        former_name = _parse_former_name(d.pop("former_name", None))

        grants = []
        _grants = d.pop("grants")
        for grants_item_data in _grants:
            grants_item = Grant.from_dict(grants_item_data)

            grants.append(grants_item)

        groups = cast(list[str], d.pop("groups"))

        human = d.pop("human")

        kind = UserKind(d.pop("kind"))

        logins = []
        _logins = d.pop("logins")
        for logins_item_data in _logins:
            logins_item = Login.from_dict(logins_item_data)

            logins.append(logins_item)

        name = d.pop("name")

        provenance = UserProvenance.from_dict(d.pop("provenance"))

        revision = d.pop("revision")

        user = cls(
            created_at=created_at,
            created_by=created_by,
            disabled=disabled,
            display_name=display_name,
            former_logins=former_logins,
            former_name=former_name,
            grants=grants,
            groups=groups,
            human=human,
            kind=kind,
            logins=logins,
            name=name,
            provenance=provenance,
            revision=revision,
        )

        user.additional_properties = d
        return user

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
