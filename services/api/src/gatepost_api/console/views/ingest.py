"""Badges and names for the ingest page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.console.views.labels import Icon, Label, Tone
from gatepost_domain.ingest.delivery import IngestState
from gatepost_domain.ingest.source import IngestSourceKind

DELIVERY_STATE: Final[Mapping[IngestState, Label]] = {
    IngestState.APPLIED: Label(text="Applied", tone=Tone.GOOD, icon=Icon.CHECK),
    IngestState.IGNORED: Label(text="Ignored", tone=Tone.MUTED, icon=Icon.SKIP),
    IngestState.FAILED: Label(text="Failed", tone=Tone.BAD, icon=Icon.ALERT),
}
"""The badges for states of deliveries."""

SOURCE_NAMES: Final[Mapping[IngestSourceKind, str]] = {
    IngestSourceKind.GITHUB: "GitHub",
    IngestSourceKind.GITLAB: "GitLab",
    IngestSourceKind.CDEVENTS: "CDEvents",
    IngestSourceKind.ARGOCD: "Argo CD",
    IngestSourceKind.GENERIC: "Generic",
}
"""The display names of the kinds of sources."""
