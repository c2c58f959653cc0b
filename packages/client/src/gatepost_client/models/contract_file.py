from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ContractFile")


@_attrs_define
class ContractFile:
    """A generated file."""

    digest: str
    """ The SHA-256 digest of the file in lowercase hexadecimal. """
    path: str

    def to_dict(self) -> dict[str, Any]:
        digest = self.digest

        path = self.path

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "digest": digest,
                "path": path,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        digest = d.pop("digest")

        path = d.pop("path")

        contract_file = cls(
            digest=digest,
            path=path,
        )

        return contract_file
