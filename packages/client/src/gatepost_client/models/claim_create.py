from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.task_kind import TaskKind
from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="ClaimCreate")


@_attrs_define
class ClaimCreate:
    """The worker that requests a task, and how long it is willing to wait."""

    worker: str
    """ The name of the worker, which should be unique. """
    kinds: list[TaskKind] | Unset = UNSET
    """ The kinds of tasks that the worker understands. Defaults to deployments only. """
    lease_s: int | Unset = UNSET
    """ The lease duration of the claim and of each renewal, in seconds. """
    version: None | str | Unset = UNSET
    """ The release that the worker runs, shown in the list of workers. """
    wait_s: int | Unset = UNSET
    """ How long to wait for a task, in seconds. Defaults to 0. """

    def to_dict(self) -> dict[str, Any]:
        worker = self.worker

        kinds: list[str] | Unset = UNSET
        if not isinstance(self.kinds, Unset):
            kinds = []
            for kinds_item_data in self.kinds:
                kinds_item = to_json(kinds_item_data)
                kinds.append(kinds_item)

        lease_s = self.lease_s

        version: None | str | Unset
        if isinstance(self.version, Unset):
            version = UNSET
        else:
            version = self.version

        wait_s = self.wait_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "worker": worker,
            }
        )
        if kinds is not UNSET:
            field_dict["kinds"] = kinds
        if lease_s is not UNSET:
            field_dict["lease_s"] = lease_s
        if version is not UNSET:
            field_dict["version"] = version
        if wait_s is not UNSET:
            field_dict["wait_s"] = wait_s

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        worker = d.pop("worker")

        _kinds = d.pop("kinds", UNSET)
        kinds: list[TaskKind] | Unset = UNSET
        if _kinds is not UNSET:
            kinds = []
            for kinds_item_data in _kinds:
                kinds_item = TaskKind(kinds_item_data)

                kinds.append(kinds_item)

        lease_s = d.pop("lease_s", UNSET)

        def _parse_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        version = _parse_version(d.pop("version", UNSET))

        wait_s = d.pop("wait_s", UNSET)

        claim_create = cls(
            worker=worker,
            kinds=kinds,
            lease_s=lease_s,
            version=version,
            wait_s=wait_s,
        )

        return claim_create
