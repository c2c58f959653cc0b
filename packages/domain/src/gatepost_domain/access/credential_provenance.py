"""Whom an actor counts as, and who else could have used the actor's credential."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Means(StrEnum):
    """How somebody else came to be able to use a credential."""

    ACCOUNT = "account"
    """They created the account or the token, or linked the login."""
    INVITATION = "invitation"
    """They sent the invitation by which the holder enrolled."""
    RESET = "reset"
    """They reset the holder's credentials."""


Provenance = Mapping[str, Means]
"""The other humans who could have used a credential, and how. Names are normalized. The server's
terminal and identity providers add nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The humans behind an action, or behind a credential. Names are normalized."""

    humans: tuple[str, ...] = ()
    """Whom the actor counts as, sorted: a person as themselves, a service account as everybody who
    created it or issued the token that was used."""
    provenance: Provenance = field(default_factory=dict[str, Means], hash=False)
    """Who else could have acted, at any depth, as recorded when it became possible."""

    @property
    def everybody(self) -> frozenset[str]:
        """Everybody who may have acted."""
        return frozenset((*self.humans, *self.provenance))

    def to_event_data(self) -> dict[str, object]:
        """Return the names as they are recorded in the data of an event."""
        return {"humans": list(self.humans), "provenance": dict(self.provenance)}


SYSTEM_NAME: Final = "system"
"""The name under which Gatepost itself and the server's terminal act."""


def build_identity(humans: Iterable[str], *origins: Identity | None) -> Identity:
    """Return the identity of these humans, with the provenance of all origins.

    If several origins name the same person, the last one says how.
    """
    counted = frozenset(humans) - {SYSTEM_NAME}
    merged = merge_provenance(*(origin.provenance for origin in origins if origin is not None))
    return Identity(
        humans=tuple(sorted(counted)),
        provenance={name: how for name, how in merged.items() if name not in counted},
    )


def merge_provenance(*provenances: Provenance) -> dict[str, Means]:
    """Return everybody in these provenances, sorted; the last one says how."""
    merged: dict[str, Means] = {}
    for provenance in provenances:
        merged |= provenance
    merged.pop(SYSTEM_NAME, None)
    return dict(sorted(merged.items()))


def provenance_from(identity: Identity, means: Means) -> dict[str, Means]:
    """Return what somebody adds to the provenance of a credential that they give to another."""
    return {name: means for name in sorted(identity.everybody) if name != SYSTEM_NAME}


def may_be_same_human(one: Identity, other: Identity) -> bool:
    """Return whether both count as the same human, who can thus never review the other's work."""
    return not frozenset(one.humans).isdisjoint(other.humans)


def are_independent(one: Identity, other: Identity) -> bool:
    """Return whether nobody could have acted as both."""
    return one.everybody.isdisjoint(other.everybody)


def shared_provenance(one: Identity, other: Identity) -> dict[Means, tuple[str, ...]]:
    """Return who could have acted as both, by how they could; the provenance of `one` comes first.

    Nobody if both count as the same human.
    """
    if may_be_same_human(one, other):
        return {}
    shared: dict[Means, list[str]] = {}
    for name in sorted(one.everybody & other.everybody):
        means = one.provenance.get(name) or other.provenance[name]
        shared.setdefault(means, []).append(name)
    return {means: tuple(names) for means, names in shared.items()}
