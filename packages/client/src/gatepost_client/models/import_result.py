from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ImportResult")


@_attrs_define
class ImportResult:
    """What became of the rows of a file."""

    differing: int
    """ How many of those told something else than what is kept; what is kept stays. """
    environments_created: int
    imported: int
    """ How many records were made. """
    repeated: int
    """ How many rows were known already by their `external_id`. """
    services_created: int
    versions_created: int

    def to_dict(self) -> dict[str, Any]:
        differing = self.differing

        environments_created = self.environments_created

        imported = self.imported

        repeated = self.repeated

        services_created = self.services_created

        versions_created = self.versions_created

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "differing": differing,
                "environments_created": environments_created,
                "imported": imported,
                "repeated": repeated,
                "services_created": services_created,
                "versions_created": versions_created,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        differing = d.pop("differing")

        environments_created = d.pop("environments_created")

        imported = d.pop("imported")

        repeated = d.pop("repeated")

        services_created = d.pop("services_created")

        versions_created = d.pop("versions_created")

        import_result = cls(
            differing=differing,
            environments_created=environments_created,
            imported=imported,
            repeated=repeated,
            services_created=services_created,
            versions_created=versions_created,
        )

        return import_result
