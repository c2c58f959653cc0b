from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="RenewBody")


@_attrs_define
class RenewBody:
    """The fencing token of the claim to renew."""

    fencing_token: int
    """ The fencing token of the claim. A token lower than the current one is refused. """

    def to_dict(self) -> dict[str, Any]:
        fencing_token = self.fencing_token

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fencing_token": fencing_token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        fencing_token = d.pop("fencing_token")

        renew_body = cls(
            fencing_token=fencing_token,
        )

        return renew_body
