from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EvidenceChain")


@_attrs_define
class EvidenceChain:
    """How each hash is computed, and the end of the event log."""

    chain_rule: str
    """ How the hashes of the events are chained. """
    consent_rule: str
    """ How the digest in `consent` is computed. """
    deployment_hash: str
    """ The hash of the deployment's last event. 64 zeros if the deployment has no events of its own. """
    event_rule: str
    """ How the hash of an event is computed. """
    events: int
    """ The number of events in this document. """
    last_hash: str
    """ The hash of the event with the `seq` in `last_seq`. """
    last_seq: int
    """ The `seq` of the latest event at the time of the export. Together with `last_hash`, it forms a checkpoint
    that can be compared with a stored one. """
    state_rule: str
    """ How the digest in `state` is computed. """
    steps_rule: str
    """ How the digest in `steps` is computed. """
    tree_rule: str
    """ How the root hash of the log is computed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        chain_rule = self.chain_rule

        consent_rule = self.consent_rule

        deployment_hash = self.deployment_hash

        event_rule = self.event_rule

        events = self.events

        last_hash = self.last_hash

        last_seq = self.last_seq

        state_rule = self.state_rule

        steps_rule = self.steps_rule

        tree_rule = self.tree_rule

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "chain_rule": chain_rule,
                "consent_rule": consent_rule,
                "deployment_hash": deployment_hash,
                "event_rule": event_rule,
                "events": events,
                "last_hash": last_hash,
                "last_seq": last_seq,
                "state_rule": state_rule,
                "steps_rule": steps_rule,
                "tree_rule": tree_rule,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        chain_rule = d.pop("chain_rule")

        consent_rule = d.pop("consent_rule")

        deployment_hash = d.pop("deployment_hash")

        event_rule = d.pop("event_rule")

        events = d.pop("events")

        last_hash = d.pop("last_hash")

        last_seq = d.pop("last_seq")

        state_rule = d.pop("state_rule")

        steps_rule = d.pop("steps_rule")

        tree_rule = d.pop("tree_rule")

        evidence_chain = cls(
            chain_rule=chain_rule,
            consent_rule=consent_rule,
            deployment_hash=deployment_hash,
            event_rule=event_rule,
            events=events,
            last_hash=last_hash,
            last_seq=last_seq,
            state_rule=state_rule,
            steps_rule=steps_rule,
            tree_rule=tree_rule,
        )

        evidence_chain.additional_properties = d
        return evidence_chain

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
