from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="LoginBody")


@_attrs_define
class LoginBody:
    """An account at an identity provider."""

    issuer: str
    """ The issuer identifier of the provider, as in the `iss` claim of its tokens. """
    subject: str
    """ The `sub` claim of the account. """

    def to_dict(self) -> dict[str, Any]:
        issuer = self.issuer

        subject = self.subject

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "issuer": issuer,
                "subject": subject,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        issuer = d.pop("issuer")

        subject = d.pop("subject")

        login_body = cls(
            issuer=issuer,
            subject=subject,
        )

        return login_body
