from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.worker_state import WorkerState
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.worker_claim import WorkerClaim


T = TypeVar("T", bound="Worker")


@_attrs_define
class Worker:
    """A worker that was seen within the last hour, or whose deployment has not ended."""

    claims: list[WorkerClaim]
    """ The deployments in progress that the worker was the last to claim. Their leases may have expired. """
    last_seen_at: datetime.datetime
    """ When the worker last claimed a task, renewed a claim or waited for a task, to within 5 seconds. """
    name: str
    """ The name of the worker. """
    state: WorkerState
    """ What a worker is doing. """
    version: None | str
    """ The release that the worker runs. Null if it did not report one. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        claims = []
        for claims_item_data in self.claims:
            claims_item = to_json(claims_item_data)
            claims.append(claims_item)

        last_seen_at = to_json(self.last_seen_at)

        name = self.name

        state = to_json(self.state)

        version: None | str
        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "claims": claims,
                "last_seen_at": last_seen_at,
                "name": name,
                "state": state,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.worker_claim import WorkerClaim  # noqa: PLC0415

        d = dict(src_dict)
        claims = []
        _claims = d.pop("claims")
        for claims_item_data in _claims:
            claims_item = WorkerClaim.from_dict(claims_item_data)

            claims.append(claims_item)

        last_seen_at = datetime.datetime.fromisoformat(d.pop("last_seen_at"))

        name = d.pop("name")

        state = WorkerState(d.pop("state"))

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version", None))

        worker = cls(
            claims=claims,
            last_seen_at=last_seen_at,
            name=name,
            state=state,
            version=version,
        )

        worker.additional_properties = d
        return worker

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
