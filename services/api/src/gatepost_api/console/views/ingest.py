"""Badges, names and sentences for the ingest page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.console.views.labels import Icon, Label, Tone
from gatepost_domain.ingest.delivery import IngestState
from gatepost_domain.ingest.github_protection_answer import AnswerState, ProtectionAnswer
from gatepost_domain.ingest.source import IngestSourceKind

DELIVERY_STATE: Final[Mapping[IngestState, Label]] = {
    IngestState.APPLIED: Label(text="Applied", tone=Tone.GOOD, icon=Icon.CHECK),
    IngestState.IGNORED: Label(text="Ignored", tone=Tone.MUTED, icon=Icon.SKIP),
    IngestState.FAILED: Label(text="Failed", tone=Tone.BAD, icon=Icon.ALERT),
}
"""The badges for the states of deliveries."""

SOURCE_NAMES: Final[Mapping[IngestSourceKind, str]] = {
    IngestSourceKind.GITHUB: "GitHub",
    IngestSourceKind.GITLAB: "GitLab",
    IngestSourceKind.CDEVENTS: "CDEvents",
    IngestSourceKind.ARGOCD: "Argo CD",
    IngestSourceKind.GENERIC: "Generic",
}
"""The display names of the kinds of sources."""


def describe_answer(answer: ProtectionAnswer) -> str:
    """Return a sentence about the progress of the answer to a waiting GitHub job."""
    match answer.state:
        case AnswerState.SENT:
            return f"The job was answered: {answer.verdict}."
        case AnswerState.FAILED:
            return (
                f"The job was not answered. {_fault_of(answer)} Replay the delivery to try again."
            )
        case AnswerState.WAITING if answer.attempts:
            return f"The job has not been answered yet. {_fault_of(answer)}"
        case AnswerState.WAITING:
            return "The job is waiting for this deployment."


def _fault_of(answer: ProtectionAnswer) -> str:
    return "" if answer.last_attempt is None else answer.last_attempt.detail
