from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.import_conflict import ImportConflict


T = TypeVar("T", bound="ImportResult")


@_attrs_define
class ImportResult:
    """How many rows were imported, repeated or skipped, and what else the import created."""

    conflicts: list[ImportConflict]
    """ The repeated rows that differ from the stored record; at most the first 1,000. """
    differing: int
    """ The number of repeated rows that differ from the stored record, which is unchanged. Always 0 unless
    `on_conflict=skip`. """
    environments_created: int
    """ The number of environments that the import created. """
    imported: int
    """ The number of records created. """
    repeated: int
    """ The number of rows that were not stored, because a record or an earlier row has the same `external_id` or,
    without one, the same values. """
    repeated_in_file: int
    """ The number of repeated rows that have no `external_id` and equal an earlier row of the file. """
    repeated_records: int
    """ The number of repeated rows that have no `external_id` and equal a record that existed before the import.
    """
    services_created: int
    """ The number of services that the import created. """
    skipped: int
    """ The number of rows from an export that were not imported because their deployment never went live, or has
    since been rolled back, hidden or retired. """
    versions_created: int
    """ The number of versions that the import created. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        conflicts = []
        for conflicts_item_data in self.conflicts:
            conflicts_item = to_json(conflicts_item_data)
            conflicts.append(conflicts_item)

        differing = self.differing

        environments_created = self.environments_created

        imported = self.imported

        repeated = self.repeated

        repeated_in_file = self.repeated_in_file

        repeated_records = self.repeated_records

        services_created = self.services_created

        skipped = self.skipped

        versions_created = self.versions_created

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "conflicts": conflicts,
                "differing": differing,
                "environments_created": environments_created,
                "imported": imported,
                "repeated": repeated,
                "repeated_in_file": repeated_in_file,
                "repeated_records": repeated_records,
                "services_created": services_created,
                "skipped": skipped,
                "versions_created": versions_created,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.import_conflict import ImportConflict  # noqa: PLC0415

        d = dict(src_dict)
        conflicts = []
        _conflicts = d.pop("conflicts")
        for conflicts_item_data in _conflicts:
            conflicts_item = ImportConflict.from_dict(conflicts_item_data)

            conflicts.append(conflicts_item)

        differing = d.pop("differing")

        environments_created = d.pop("environments_created")

        imported = d.pop("imported")

        repeated = d.pop("repeated")

        repeated_in_file = d.pop("repeated_in_file")

        repeated_records = d.pop("repeated_records")

        services_created = d.pop("services_created")

        skipped = d.pop("skipped")

        versions_created = d.pop("versions_created")

        import_result = cls(
            conflicts=conflicts,
            differing=differing,
            environments_created=environments_created,
            imported=imported,
            repeated=repeated,
            repeated_in_file=repeated_in_file,
            repeated_records=repeated_records,
            services_created=services_created,
            skipped=skipped,
            versions_created=versions_created,
        )

        import_result.additional_properties = d
        return import_result

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
