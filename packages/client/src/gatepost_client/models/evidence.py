from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.consent import Consent
    from ..models.deployment import Deployment
    from ..models.event import Event
    from ..models.evidence_chain import EvidenceChain
    from ..models.gate_at_start import GateAtStart
    from ..models.policy import Policy
    from ..models.vouched_steps import VouchedSteps


T = TypeVar("T", bound="Evidence")


@_attrs_define
class Evidence:
    """Everything about one deployment at one point in time, verifiable offline."""

    chain: EvidenceChain
    """ How each hash is computed, and the end of the event log. """
    consent: Consent
    """ What was approved, and by whom. """
    deployment: Deployment
    """ One deployment from request to outcome. """
    events: list[Event]
    """ All events, oldest first. For an imported deployment, the import event comes first. """
    format_: str
    """ The format identifier, `gatepost-evidence-1`. """
    gates_at_start: list[GateAtStart] | None
    """ The state of each gate at the start. Null if the deployment never started, or started under a release that
    did not record gates. """
    generated_at: datetime.datetime
    policy: Policy
    """ One version of an environment's rules.

        A deployment keeps the version that was current when it was requested. """
    steps: VouchedSteps
    """ The steps that workers reported, and the event that contains their digest. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        chain = self.chain.to_dict()

        consent = self.consent.to_dict()

        deployment = self.deployment.to_dict()

        events = []
        for events_item_data in self.events:
            events_item = events_item_data.to_dict()
            events.append(events_item)

        format_ = self.format_

        gates_at_start: list[dict[str, Any]] | None
        if isinstance(self.gates_at_start, list):
            gates_at_start = []
            for gates_at_start_type_0_item_data in self.gates_at_start:
                gates_at_start_type_0_item = gates_at_start_type_0_item_data.to_dict()
                gates_at_start.append(gates_at_start_type_0_item)

        else:
            gates_at_start = self.gates_at_start

        generated_at = self.generated_at.isoformat()

        policy = self.policy.to_dict()

        steps = self.steps.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "chain": chain,
                "consent": consent,
                "deployment": deployment,
                "events": events,
                "format": format_,
                "gates_at_start": gates_at_start,
                "generated_at": generated_at,
                "policy": policy,
                "steps": steps,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consent import Consent  # noqa: PLC0415
        from ..models.deployment import Deployment  # noqa: PLC0415
        from ..models.event import Event  # noqa: PLC0415
        from ..models.evidence_chain import EvidenceChain  # noqa: PLC0415
        from ..models.gate_at_start import GateAtStart  # noqa: PLC0415
        from ..models.policy import Policy  # noqa: PLC0415
        from ..models.vouched_steps import VouchedSteps  # noqa: PLC0415

        d = dict(src_dict)
        chain = EvidenceChain.from_dict(d.pop("chain"))

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

        gates_at_start = _parse_gates_at_start(d.pop("gates_at_start"))

        generated_at = datetime.datetime.fromisoformat(d.pop("generated_at"))

        policy = Policy.from_dict(d.pop("policy"))

        steps = VouchedSteps.from_dict(d.pop("steps"))

        evidence = cls(
            chain=chain,
            consent=consent,
            deployment=deployment,
            events=events,
            format_=format_,
            gates_at_start=gates_at_start,
            generated_at=generated_at,
            policy=policy,
            steps=steps,
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
