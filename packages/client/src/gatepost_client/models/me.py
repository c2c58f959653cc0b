from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.grant import Grant
    from ..models.token import Token
    from ..models.user import User


T = TypeVar("T", bound="Me")


@_attrs_define
class Me:
    """The caller and the grants of the token used."""

    grants: list[Grant]
    """ The effective grants: those of the user, limited to the scopes of the token. """
    token: Token
    """ A token, without its secret. """
    user: User
    """ A person or service account that can hold tokens. """

    def to_dict(self) -> dict[str, Any]:
        grants = []
        for grants_item_data in self.grants:
            grants_item = grants_item_data.to_dict()
            grants.append(grants_item)

        token = self.token.to_dict()

        user = self.user.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "grants": grants,
                "token": token,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grant import Grant  # noqa: PLC0415
        from ..models.token import Token  # noqa: PLC0415
        from ..models.user import User  # noqa: PLC0415

        d = dict(src_dict)
        grants = []
        _grants = d.pop("grants")
        for grants_item_data in _grants:
            grants_item = Grant.from_dict(grants_item_data)

            grants.append(grants_item)

        token = Token.from_dict(d.pop("token"))

        user = User.from_dict(d.pop("user"))

        me = cls(
            grants=grants,
            token=token,
            user=user,
        )

        return me
