from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="LoginBody")


@_attrs_define
class LoginBody:
    """An external account: at an identity provider or, for pipelines, a CI system.

    Either `subject` or `name` is required.

    """

    issuer: str
    """ The issuer's identifier, as in the `iss` claim of the issuer's tokens. """
    name: None | str | Unset = UNSET
    """ The name of the account, such as a GitHub login, as reported by pipelines that this account triggered. """
    subject: None | str | Unset = UNSET
    """ The `sub` claim of the account with which the user signs in at the identity provider. """

    def to_dict(self) -> dict[str, Any]:
        issuer = self.issuer

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        subject: None | str | Unset
        if isinstance(self.subject, Unset):
            subject = UNSET
        else:
            subject = self.subject

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "issuer": issuer,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if subject is not UNSET:
            field_dict["subject"] = subject

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        issuer = d.pop("issuer")

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_subject(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        subject = _parse_subject(d.pop("subject", UNSET))

        login_body = cls(
            issuer=issuer,
            name=name,
            subject=subject,
        )

        return login_body
