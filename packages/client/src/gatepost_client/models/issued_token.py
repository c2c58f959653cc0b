from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.token import Token


T = TypeVar("T", bound="IssuedToken")


@_attrs_define
class IssuedToken:
    """A newly created token."""

    secret: None | str
    """ The secret to send as a bearer token. Shown once and not stored. Null if the response is repeated for an
    idempotency key. """
    token: Token
    """ A token, without its secret. """

    def to_dict(self) -> dict[str, Any]:
        secret: None | str
        secret = self.secret

        token = self.token.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "secret": secret,
                "token": token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.token import Token  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_secret(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        secret = _parse_secret(d.pop("secret"))

        token = Token.from_dict(d.pop("token"))

        issued_token = cls(
            secret=secret,
            token=token,
        )

        return issued_token
