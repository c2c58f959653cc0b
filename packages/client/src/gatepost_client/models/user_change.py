from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.grant_body import GrantBody
    from ..models.login_body import LoginBody


T = TypeVar("T", bound="UserChange")


@_attrs_define
class UserChange:
    """Changes to a user. Omitted fields are unchanged."""

    disabled: bool | None | Unset = UNSET
    """ `true` disables the user: all of the user's tokens are refused, starting with the next request. `false`
    enables the user again. """
    display_name: None | str | Unset = UNSET
    """ The new display name; an empty one removes it. """
    grants: list[GrantBody] | None | Unset = UNSET
    """ The new roles; they replace all others. """
    groups: list[str] | None | Unset = UNSET
    """ The new groups; they replace all others. """
    logins: list[LoginBody] | None | Unset = UNSET
    """ All external accounts that belong to the user; others are removed but remain in `former_logins`. Every four-
    eyes rule attributes sign-ins with an account to the user, to the person who linked it, and to everyone who had
    it previously. """
    reason: None | str | Unset = UNSET
    """ The reason for the change. Shown to the admin who has to approve the new roles and groups. """

    def to_dict(self) -> dict[str, Any]:
        disabled: bool | None | Unset
        if isinstance(self.disabled, Unset):
            disabled = UNSET
        else:
            disabled = self.disabled

        display_name: None | str | Unset
        if isinstance(self.display_name, Unset):
            display_name = UNSET
        else:
            display_name = self.display_name

        grants: list[dict[str, Any]] | None | Unset
        if isinstance(self.grants, Unset):
            grants = UNSET
        elif isinstance(self.grants, list):
            grants = []
            for grants_type_0_item_data in self.grants:
                grants_type_0_item = to_json(grants_type_0_item_data)
                grants.append(grants_type_0_item)

        else:
            grants = self.grants

        groups: list[str] | None | Unset
        if isinstance(self.groups, Unset):
            groups = UNSET
        elif isinstance(self.groups, list):
            groups = self.groups

        else:
            groups = self.groups

        logins: list[dict[str, Any]] | None | Unset
        if isinstance(self.logins, Unset):
            logins = UNSET
        elif isinstance(self.logins, list):
            logins = []
            for logins_type_0_item_data in self.logins:
                logins_type_0_item = to_json(logins_type_0_item_data)
                logins.append(logins_type_0_item)

        else:
            logins = self.logins

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if disabled is not UNSET:
            field_dict["disabled"] = disabled
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if grants is not UNSET:
            field_dict["grants"] = grants
        if groups is not UNSET:
            field_dict["groups"] = groups
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

        def _parse_disabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        disabled = _parse_disabled(d.pop("disabled", UNSET))

        def _parse_display_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        display_name = _parse_display_name(d.pop("display_name", UNSET))

        def _parse_grants(data: object) -> list[GrantBody] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                grants_type_0 = []
                _grants_type_0 = data
                for grants_type_0_item_data in _grants_type_0:
                    grants_type_0_item = GrantBody.from_dict(grants_type_0_item_data)

                    grants_type_0.append(grants_type_0_item)

                return grants_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[GrantBody] | None | Unset, data)

        grants = _parse_grants(d.pop("grants", UNSET))

        def _parse_groups(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                groups_type_0 = cast(list[str], data)

                return groups_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        groups = _parse_groups(d.pop("groups", UNSET))

        def _parse_logins(data: object) -> list[LoginBody] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                logins_type_0 = []
                _logins_type_0 = data
                for logins_type_0_item_data in _logins_type_0:
                    logins_type_0_item = LoginBody.from_dict(logins_type_0_item_data)

                    logins_type_0.append(logins_type_0_item)

                return logins_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[LoginBody] | None | Unset, data)

        logins = _parse_logins(d.pop("logins", UNSET))

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        user_change = cls(
            disabled=disabled,
            display_name=display_name,
            grants=grants,
            groups=groups,
            logins=logins,
            reason=reason,
        )

        return user_change
