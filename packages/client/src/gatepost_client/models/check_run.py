from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.check_run_state import CheckRunState
from ..models.check_state import CheckState
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.check_run_result import CheckRunResult


T = TypeVar("T", bound="CheckRun")


@_attrs_define
class CheckRun:
    """One run of a target's checks outside a deployment."""

    attempt: int
    """ How many times the run has been claimed. More than 1 if a worker was lost. """
    claimed_at: datetime.datetime | None
    """ When the run was most recently claimed. Null while it is queued. """
    ended_at: datetime.datetime | None
    """ When the run finished or was lost. Null until then. """
    environment: str
    """ The environment of the target. """
    id: UUID
    """ The id of the run. """
    note: None | str
    """ Why the run was lost, and what to do. Null if it was not lost. """
    outcome: CheckState | None
    """ The worst result of the required checks: `passed`, `failed` or `errored`. Null until the run finishes, and
    if it is lost. """
    requested_at: datetime.datetime
    """ When the run was requested. """
    requested_by: str
    """ Who requested the run. """
    results: list[CheckRunResult]
    """ One result for each check, in the order of the settings. Empty until the run finishes. """
    service: str
    """ The service of the target. """
    state: CheckRunState
    """ Whether a check run is waiting, running, finished or lost. """
    target_version: int
    """ The version of the target's settings that defines the checks. """
    version: None | str
    """ The version that was live when the checks started. Null until they start, or if no version was live. """
    worker: None | str
    """ The worker that most recently claimed the run. Null while it is queued. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt

        claimed_at: None | str
        if isinstance(self.claimed_at, datetime.datetime):
            claimed_at = to_json(self.claimed_at)
        else:
            claimed_at = self.claimed_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = to_json(self.ended_at)
        else:
            ended_at = self.ended_at

        environment = self.environment

        id = str(self.id)

        note: None | str
        note = self.note

        outcome: None | str
        if isinstance(self.outcome, CheckState):
            outcome = to_json(self.outcome)
        else:
            outcome = self.outcome

        requested_at = to_json(self.requested_at)

        requested_by = self.requested_by

        results = []
        for results_item_data in self.results:
            results_item = to_json(results_item_data)
            results.append(results_item)

        service = self.service

        state = to_json(self.state)

        target_version = self.target_version

        version: None | str
        version = self.version

        worker: None | str
        worker = self.worker

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "claimed_at": claimed_at,
                "ended_at": ended_at,
                "environment": environment,
                "id": id,
                "note": note,
                "outcome": outcome,
                "requested_at": requested_at,
                "requested_by": requested_by,
                "results": results,
                "service": service,
                "state": state,
                "target_version": target_version,
                "version": version,
                "worker": worker,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.check_run_result import CheckRunResult  # noqa: PLC0415

        d = dict(src_dict)
        attempt = d.pop("attempt")

        def _parse_claimed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                claimed_at_type_0 = datetime.datetime.fromisoformat(data)

                return claimed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        claimed_at = _parse_claimed_at(d.pop("claimed_at", None))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at", None))

        environment = d.pop("environment")

        id = UUID(d.pop("id"))

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note", None))

        def _parse_outcome(data: object) -> CheckState | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                outcome_type_0 = CheckState(data)

                return outcome_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CheckState | None, data)

        outcome = _parse_outcome(d.pop("outcome", None))

        requested_at = datetime.datetime.fromisoformat(d.pop("requested_at"))

        requested_by = d.pop("requested_by")

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = CheckRunResult.from_dict(results_item_data)

            results.append(results_item)

        service = d.pop("service")

        state = CheckRunState(d.pop("state"))

        target_version = d.pop("target_version")

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version", None))

        def _parse_worker(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        worker = _parse_worker(d.pop("worker", None))

        check_run = cls(
            attempt=attempt,
            claimed_at=claimed_at,
            ended_at=ended_at,
            environment=environment,
            id=id,
            note=note,
            outcome=outcome,
            requested_at=requested_at,
            requested_by=requested_by,
            results=results,
            service=service,
            state=state,
            target_version=target_version,
            version=version,
            worker=worker,
        )

        check_run.additional_properties = d
        return check_run

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
