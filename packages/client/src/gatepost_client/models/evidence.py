from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.consent import Consent
    from ..models.consented_target import ConsentedTarget
    from ..models.deployment import Deployment
    from ..models.event import Event
    from ..models.event_inclusion import EventInclusion
    from ..models.evidence_chain import EvidenceChain
    from ..models.gate_at_start import GateAtStart
    from ..models.policy import Policy
    from ..models.recorded_state import RecordedState
    from ..models.recording_event import RecordingEvent
    from ..models.signed_checkpoint import SignedCheckpoint
    from ..models.vouched_steps import VouchedSteps


T = TypeVar("T", bound="Evidence")


@_attrs_define
class Evidence:
    """Everything about one deployment at one point in time, verifiable offline."""

    chain: EvidenceChain
    """ How each hash is computed, and the end of the event log. """
    checkpoint: SignedCheckpoint
    """ A signed statement of the number of events and the root hash of their tree. """
    consent: Consent
    """ What was approved, and by whom. """
    deployment: Deployment
    """ One deployment from request to outcome. """
    events: list[Event]
    """ All events, oldest first. For an imported deployment, the import event comes first. """
    format_: str
    """ The format identifier, `gatepost-evidence-2`. """
    gates_at_start: list[GateAtStart] | None
    """ The state of each gate when the deployment started. Null if it never started, or started under a release
    that did not record gates. """
    generated_at: datetime.datetime
    """ When the document was exported. """
    inclusion: list[EventInclusion]
    """ The proofs that the events in `events`, the event that set the policy and the last event of the log are part
    of the log, in the order of `seq`. """
    policy: Policy
    """ One version of an environment's rules.

    A deployment keeps the version that was current when it was requested. """
    policy_event: Event | None
    """ The event that set this version of the policy. Null if it cannot be determined. """
    recorded_by: None | RecordingEvent
    """ Who recorded the deployment. Null if it was requested in Gatepost. """
    state: RecordedState
    """ The deployment as stored, in the form from which the digest in events is computed. """
    steps: VouchedSteps
    """ The steps that workers reported, and the event that contains their digest. """
    target: ConsentedTarget | None
    """ The target's settings stored with the deployment. Null if there are none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.consented_target import ConsentedTarget  # noqa: PLC0415
        from ..models.event import Event  # noqa: PLC0415
        from ..models.recording_event import RecordingEvent  # noqa: PLC0415

        chain = to_json(self.chain)

        checkpoint = to_json(self.checkpoint)

        consent = to_json(self.consent)

        deployment = to_json(self.deployment)

        events = []
        for events_item_data in self.events:
            events_item = to_json(events_item_data)
            events.append(events_item)

        format_ = self.format_

        gates_at_start: list[dict[str, Any]] | None
        if isinstance(self.gates_at_start, list):
            gates_at_start = []
            for gates_at_start_type_0_item_data in self.gates_at_start:
                gates_at_start_type_0_item = to_json(gates_at_start_type_0_item_data)
                gates_at_start.append(gates_at_start_type_0_item)

        else:
            gates_at_start = self.gates_at_start

        generated_at = to_json(self.generated_at)

        inclusion = []
        for inclusion_item_data in self.inclusion:
            inclusion_item = to_json(inclusion_item_data)
            inclusion.append(inclusion_item)

        policy = to_json(self.policy)

        policy_event: dict[str, Any] | None
        if isinstance(self.policy_event, Event):
            policy_event = to_json(self.policy_event)
        else:
            policy_event = self.policy_event

        recorded_by: dict[str, Any] | None
        if isinstance(self.recorded_by, RecordingEvent):
            recorded_by = to_json(self.recorded_by)
        else:
            recorded_by = self.recorded_by

        state = to_json(self.state)

        steps = to_json(self.steps)

        target: dict[str, Any] | None
        if isinstance(self.target, ConsentedTarget):
            target = to_json(self.target)
        else:
            target = self.target

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "chain": chain,
                "checkpoint": checkpoint,
                "consent": consent,
                "deployment": deployment,
                "events": events,
                "format": format_,
                "gates_at_start": gates_at_start,
                "generated_at": generated_at,
                "inclusion": inclusion,
                "policy": policy,
                "policy_event": policy_event,
                "recorded_by": recorded_by,
                "state": state,
                "steps": steps,
                "target": target,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consent import Consent  # noqa: PLC0415
        from ..models.consented_target import ConsentedTarget  # noqa: PLC0415
        from ..models.deployment import Deployment  # noqa: PLC0415
        from ..models.event import Event  # noqa: PLC0415
        from ..models.event_inclusion import EventInclusion  # noqa: PLC0415
        from ..models.evidence_chain import EvidenceChain  # noqa: PLC0415
        from ..models.gate_at_start import GateAtStart  # noqa: PLC0415
        from ..models.policy import Policy  # noqa: PLC0415
        from ..models.recorded_state import RecordedState  # noqa: PLC0415
        from ..models.recording_event import RecordingEvent  # noqa: PLC0415
        from ..models.signed_checkpoint import SignedCheckpoint  # noqa: PLC0415
        from ..models.vouched_steps import VouchedSteps  # noqa: PLC0415

        d = dict(src_dict)
        chain = EvidenceChain.from_dict(d.pop("chain"))

        checkpoint = SignedCheckpoint.from_dict(d.pop("checkpoint"))

        consent = Consent.from_dict(d.pop("consent"))

        deployment = Deployment.from_dict(d.pop("deployment"))

        events = []
        _events = d.pop("events")
        for events_item_data in _events:
            events_item = Event.from_dict(events_item_data)

            events.append(events_item)

        format_ = d.pop("format")

        def _parse_gates_at_start(data: object) -> list[GateAtStart] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                gates_at_start_type_0 = []
                _gates_at_start_type_0 = data
                for gates_at_start_type_0_item_data in _gates_at_start_type_0:
                    gates_at_start_type_0_item = GateAtStart.from_dict(
                        gates_at_start_type_0_item_data
                    )

                    gates_at_start_type_0.append(gates_at_start_type_0_item)

                return gates_at_start_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[GateAtStart] | None, data)

        gates_at_start = _parse_gates_at_start(d.pop("gates_at_start", None))

        generated_at = datetime.datetime.fromisoformat(d.pop("generated_at"))

        inclusion = []
        _inclusion = d.pop("inclusion")
        for inclusion_item_data in _inclusion:
            inclusion_item = EventInclusion.from_dict(inclusion_item_data)

            inclusion.append(inclusion_item)

        policy = Policy.from_dict(d.pop("policy"))

        def _parse_policy_event(data: object) -> Event | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                policy_event_type_0 = Event.from_dict(data)

                return policy_event_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Event | None, data)

        policy_event = _parse_policy_event(d.pop("policy_event", None))

        def _parse_recorded_by(data: object) -> None | RecordingEvent:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                recorded_by_type_0 = RecordingEvent.from_dict(data)

                return recorded_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RecordingEvent, data)

        recorded_by = _parse_recorded_by(d.pop("recorded_by", None))

        state = RecordedState.from_dict(d.pop("state"))

        steps = VouchedSteps.from_dict(d.pop("steps"))

        def _parse_target(data: object) -> ConsentedTarget | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                target_type_0 = ConsentedTarget.from_dict(data)

                return target_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ConsentedTarget | None, data)

        target = _parse_target(d.pop("target", None))

        evidence = cls(
            chain=chain,
            checkpoint=checkpoint,
            consent=consent,
            deployment=deployment,
            events=events,
            format_=format_,
            gates_at_start=gates_at_start,
            generated_at=generated_at,
            inclusion=inclusion,
            policy=policy,
            policy_event=policy_event,
            recorded_by=recorded_by,
            state=state,
            steps=steps,
            target=target,
        )

        evidence.additional_properties = d
        return evidence

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
