from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.user_kind import UserKind
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.grant_body import GrantBody
    from ..models.login_body import LoginBody


T = TypeVar("T", bound="UserCreate")


@_attrs_define
class UserCreate:
    """A user to add."""

    name: str
    """ A user name: ASCII letters, digits and the characters `. _ - + @`, starting with a letter or digit.
    Uppercase letters are converted to lowercase. """
    display_name: None | str | Unset = UNSET
    """ The display name. Default: the user's name. """
    grants: list[GrantBody] | Unset = UNSET
    """ The roles of the user, each with its scope. """
    groups: list[str] | Unset = UNSET
    """ The groups for which the user can approve. """
    kind: UserKind | Unset = UNSET
    """ Whether a user is a person or a program. """
    logins: list[LoginBody] | Unset = UNSET
    """ The external accounts with which the user signs in or triggers pipelines. No two users can have the same
    account. """
    reason: None | str | Unset = UNSET
    """ The reason for adding the user. Shown to the admin who has to approve the user's roles and groups. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        display_name: None | str | Unset
        if isinstance(self.display_name, Unset):
            display_name = UNSET
        else:
            display_name = self.display_name

        grants: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.grants, Unset):
            grants = []
            for grants_item_data in self.grants:
                grants_item = to_json(grants_item_data)
                grants.append(grants_item)

        groups: list[str] | Unset = UNSET
        if not isinstance(self.groups, Unset):
            groups = self.groups

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = to_json(self.kind)

        logins: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.logins, Unset):
            logins = []
            for logins_item_data in self.logins:
                logins_item = to_json(logins_item_data)
                logins.append(logins_item)

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if grants is not UNSET:
            field_dict["grants"] = grants
        if groups is not UNSET:
            field_dict["groups"] = groups
        if kind is not UNSET:
            field_dict["kind"] = kind
        if logins is not UNSET:
            field_dict["logins"] = logins
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant_body import GrantBody  # noqa: PLC0415
        from ..models.login_body import LoginBody  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        def _parse_display_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        display_name = _parse_display_name(d.pop("display_name", UNSET))

        _grants = d.pop("grants", UNSET)
        grants: list[GrantBody] | Unset = UNSET
        if _grants is not UNSET:
            grants = []
            for grants_item_data in _grants:
                grants_item = GrantBody.from_dict(grants_item_data)

                grants.append(grants_item)

        groups = cast(list[str], d.pop("groups", UNSET))

        _kind = d.pop("kind", UNSET)
        kind: UserKind | Unset
        if isinstance(_kind, Unset):
            kind = UNSET
        else:
            kind = UserKind(_kind)

        _logins = d.pop("logins", UNSET)
        logins: list[LoginBody] | Unset = UNSET
        if _logins is not UNSET:
            logins = []
            for logins_item_data in _logins:
                logins_item = LoginBody.from_dict(logins_item_data)

                logins.append(logins_item)

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        user_create = cls(
            name=name,
            display_name=display_name,
            grants=grants,
            groups=groups,
            kind=kind,
            logins=logins,
            reason=reason,
        )

        return user_create
