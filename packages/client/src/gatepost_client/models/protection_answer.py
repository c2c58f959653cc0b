from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.answer_state import AnswerState
from ..models.answer_verdict import AnswerVerdict
from ..plain_values import to_json

T = TypeVar("T", bound="ProtectionAnswer")


@_attrs_define
class ProtectionAnswer:
    """The answer to a waiting GitHub job. A deployment's status determines the verdict."""

    attempted_at: datetime.datetime | None
    """ When the latest attempt ended. Null before the end of the first attempt. """
    attempts: int
    """ The number of attempts that have ended. """
    deployment_id: UUID
    """ The id of the deployment on which the answer depends. """
    detail: None | str
    """ What went wrong in the latest attempt. Null if nothing went wrong. """
    ended_at: datetime.datetime | None
    """ When the answer was sent or failed. Null until then. """
    environment_name: str
    """ The name of the environment on GitHub. """
    id: UUID
    """ The id of the answer. """
    next_attempt_at: datetime.datetime | None
    """ When the next attempt can begin, once the deployment is decided. Null if there will be no further attempt.
    """
    response_status: int | None
    """ The HTTP status with which GitHub responded to the latest attempt. Null if there was no response. """
    state: AnswerState
    """ Whether an answer to a GitHub job is waiting, was sent or has failed. """
    verdict: AnswerVerdict | None
    """ The verdict of the latest attempt. Null before the first attempt. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempted_at: None | str
        if isinstance(self.attempted_at, datetime.datetime):
            attempted_at = to_json(self.attempted_at)
        else:
            attempted_at = self.attempted_at

        attempts = self.attempts

        deployment_id = str(self.deployment_id)

        detail: None | str
        detail = self.detail

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = to_json(self.ended_at)
        else:
            ended_at = self.ended_at

        environment_name = self.environment_name

        id = str(self.id)

        next_attempt_at: None | str
        if isinstance(self.next_attempt_at, datetime.datetime):
            next_attempt_at = to_json(self.next_attempt_at)
        else:
            next_attempt_at = self.next_attempt_at

        response_status: int | None
        response_status = self.response_status

        state = to_json(self.state)

        verdict: None | str
        if isinstance(self.verdict, AnswerVerdict):
            verdict = to_json(self.verdict)
        else:
            verdict = self.verdict

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempted_at": attempted_at,
                "attempts": attempts,
                "deployment_id": deployment_id,
                "detail": detail,
                "ended_at": ended_at,
                "environment_name": environment_name,
                "id": id,
                "next_attempt_at": next_attempt_at,
                "response_status": response_status,
                "state": state,
                "verdict": verdict,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_attempted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                attempted_at_type_0 = datetime.datetime.fromisoformat(data)

                return attempted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        attempted_at = _parse_attempted_at(d.pop("attempted_at", None))

        attempts = d.pop("attempts")

        deployment_id = UUID(d.pop("deployment_id"))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail", None))

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

        environment_name = d.pop("environment_name")

        id = UUID(d.pop("id"))

        def _parse_next_attempt_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_attempt_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_attempt_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_attempt_at = _parse_next_attempt_at(d.pop("next_attempt_at", None))

        def _parse_response_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        response_status = _parse_response_status(d.pop("response_status", None))

        state = AnswerState(d.pop("state"))

        def _parse_verdict(data: object) -> AnswerVerdict | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                verdict_type_0 = AnswerVerdict(data)

                return verdict_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AnswerVerdict | None, data)

        verdict = _parse_verdict(d.pop("verdict", None))

        protection_answer = cls(
            attempted_at=attempted_at,
            attempts=attempts,
            deployment_id=deployment_id,
            detail=detail,
            ended_at=ended_at,
            environment_name=environment_name,
            id=id,
            next_attempt_at=next_attempt_at,
            response_status=response_status,
            state=state,
            verdict=verdict,
        )

        protection_answer.additional_properties = d
        return protection_answer

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
