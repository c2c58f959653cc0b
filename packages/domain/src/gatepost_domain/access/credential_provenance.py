"""Credential provenance: the people behind an actor, and who else could have used its credential.

The four-eyes rule compares these people. A person counts as themselves, and a service account as
everybody who created it or issued the token used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Means(StrEnum):
    """How another person became able to use a credential."""

    ACCOUNT = "account"
    """The person created the account or the token, or linked the login."""
    INVITATION = "invitation"
    """The person sent the invitation with which the holder enrolled."""
    RESET = "reset"
    """The person reset the holder's credentials."""


Provenance = Mapping[str, Means]
"""The other people who could have used a credential, and how, by normalized name. Accounts
and credentials from the server's terminal or an identity provider add nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The people behind an action or a credential, by normalized name."""

    humans: tuple[str, ...] = ()
    """The people that the actor counts as in the four-eyes rule, sorted by name."""
    provenance: Provenance = field(default_factory=dict[str, Means], hash=False)
    """The other people who could have acted with the credential, directly or through others, as
    recorded when this became possible."""

    @property
    def possible_actors(self) -> frozenset[str]:
        """Everybody who may have acted."""
        return frozenset((*self.humans, *self.provenance))

    def to_event_data(self) -> dict[str, object]:
        """Return the names as they are recorded in event data."""
        return {"humans": list(self.humans), "provenance": dict(self.provenance)}


SYSTEM_NAME: Final = "system"
"""The name under which Gatepost itself and the server's terminal act."""


def build_identity(humans: Iterable[str], *origins: Identity | None) -> Identity:
    """Return the identity of these people, with the provenance of all origins.

    If several origins name the same person, the last of them determines the means.
    """
    counted = frozenset(humans) - {SYSTEM_NAME}
    merged = merge_provenance(*(origin.provenance for origin in origins if origin is not None))
    return Identity(
        humans=tuple(sorted(counted)),
        provenance={name: how for name, how in merged.items() if name not in counted},
    )


def merge_provenance(*provenances: Provenance) -> dict[str, Means]:
    """Merge provenances, sorted by name; for the same name, the last argument takes precedence."""
    merged: dict[str, Means] = {}
    for provenance in provenances:
        merged |= provenance
    merged.pop(SYSTEM_NAME, None)
    return dict(sorted(merged.items()))


def added_provenance(identity: Identity, means: Means) -> dict[str, Means]:
    """Return what an identity adds to the provenance of a credential that it gives to a user."""
    return {name: means for name in sorted(identity.possible_actors) if name != SYSTEM_NAME}


def may_be_same_human(one: Identity, other: Identity) -> bool:
    """Return whether both identities count as the same person.

    If so, neither can review the work of the other.
    """
    return not frozenset(one.humans).isdisjoint(other.humans)


def are_independent(one: Identity, other: Identity) -> bool:
    """Return whether nobody could have acted as both identities."""
    return one.possible_actors.isdisjoint(other.possible_actors)


def shared_provenance(one: Identity, other: Identity) -> dict[Means, tuple[str, ...]]:
    """Return who could have acted as both, grouped by means; the means in `one` take precedence.

    The result is empty if both identities count as the same person.
    """
    if may_be_same_human(one, other):
        return {}
    shared: dict[Means, list[str]] = {}
    for name in sorted(one.possible_actors & other.possible_actors):
        means = one.provenance.get(name) or other.provenance[name]
        shared.setdefault(means, []).append(name)
    return {means: tuple(names) for means, names in shared.items()}
