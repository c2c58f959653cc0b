from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Login")


@_attrs_define
class Login:
    """The account at an identity provider with which a user signs in."""

    issuer: str
    linked_by: str
    """ The person who linked the account, or `system` if the identity provider created the user. Every four-eyes
    rule also attributes sign-ins with the account to this person. """
    subject: str

    def to_dict(self) -> dict[str, Any]:
        issuer = self.issuer

        linked_by = self.linked_by

        subject = self.subject

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "issuer": issuer,
                "linked_by": linked_by,
                "subject": subject,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        issuer = d.pop("issuer")

        linked_by = d.pop("linked_by")

        subject = d.pop("subject")

        login = cls(
            issuer=issuer,
            linked_by=linked_by,
            subject=subject,
        )

        return login
