from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.contract_file import ContractFile


T = TypeVar("T", bound="Contracts")


@_attrs_define
class Contracts:
    """The files generated for a service: infrastructure, runtime and pipelines."""

    digest: str
    """ The SHA-256 digest of the `sha256sum` listing of the files, ordered by path. Also the ETag. """
    files: list[ContractFile]
    """ The files, ordered by path. """
    template_version: str
    """ The version of the templates. Changes whenever the same input would produce different files. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        digest = self.digest

        files = []
        for files_item_data in self.files:
            files_item = to_json(files_item_data)
            files.append(files_item)

        template_version = self.template_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "digest": digest,
                "files": files,
                "template_version": template_version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contract_file import ContractFile  # noqa: PLC0415

        d = dict(src_dict)
        digest = d.pop("digest")

        files = []
        _files = d.pop("files")
        for files_item_data in _files:
            files_item = ContractFile.from_dict(files_item_data)

            files.append(files_item)

        template_version = d.pop("template_version")

        contracts = cls(
            digest=digest,
            files=files,
            template_version=template_version,
        )

        contracts.additional_properties = d
        return contracts

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
