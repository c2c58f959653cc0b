"""Refusals about settings changes."""

from __future__ import annotations

from uuid import UUID

from gatepost_domain.errors import Denied, Refusal


class DecisionNotIndependent(Denied):
    """The proposer and the person who decides must be independent of each other."""

    code = "not_independent"

    def __init__(self, actor: str, proposer: str) -> None:
        super().__init__(
            f"{actor} cannot approve this settings change, because {proposer} proposed it."
            if actor == proposer
            else f"{actor} cannot decide on this settings change: {proposer}, who proposed it, "
            f"is not independent of {actor}. Another admin has to decide."
        )
        self.actor = actor
        self.proposer = proposer


class DecisionByServiceAccount(Denied):
    """Only people can decide on settings changes."""

    code = "decision_by_service_account"

    def __init__(self, actor: str) -> None:
        super().__init__(
            f"{actor} is a service account; only people can decide on settings changes."
        )
        self.actor = actor


class ProposerUnknown(Denied):
    """A pipeline triggered by an unknown person may not change guarded settings or give access."""

    code = "proposer_unknown"

    def __init__(self, name: str, *, gives_access: bool = False) -> None:
        why = "This gives access" if gives_access else "These settings are guarded"
        super().__init__(
            f"{why}, and nobody knows who triggered this pipeline ({name}), so nobody can be shown "
            "to be independent of that person. Propose the change as a person, or let an admin add "
            "the login to that person's user."
        )
        self.name = name


class ProposerDisabled(Refusal):
    """The proposer of a settings change was disabled after proposing it."""

    code = "proposer_disabled"

    def __init__(self, proposer: str) -> None:
        super().__init__(
            f"{proposer}, who proposed the change, is disabled. Another admin can propose it again."
        )
        self.proposer = proposer


class SettingsChangeDecided(Refusal):
    """The settings change is no longer pending."""

    code = "settings_change_decided"

    def __init__(self, change: UUID, state: str, decided_by: str | None) -> None:
        super().__init__(f"Settings change {change} is already {state}, decided by {decided_by}.")
        self.change = change
        self.state = state


class SettingsChangeStale(Refusal):
    """Applying the approved settings change was refused. Its state is now `stale`."""

    code = "settings_change_stale"

    def __init__(self, change: UUID, detail: str) -> None:
        super().__init__(f"Settings change {change} could not be applied: {detail}")
        self.change = change
