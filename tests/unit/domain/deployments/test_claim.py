"""The digest of a deployment's reported steps."""

from dataclasses import fields, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from gatepost_domain.deployments.step import Step, StepKind, StepState, steps_digest
from tests.support.builders import NOON
from tests.support.domain.claims import a_step

OTHER: dict[str, Any] = {
    "kind": StepKind.CHECK,
    "name": "simulated ",
    "state": StepState.FAILED,
    "attempt": 2,
    "tried": 2,
    "detail": "x",
    "at": NOON + timedelta(microseconds=1),
    "took_ms": None,
}


def test_every_field_of_a_step_changes_the_digest() -> None:
    """A change to any field of a step is detectable."""
    whole = steps_digest([a_step()])

    assert OTHER.keys() == {field.name for field in fields(Step)}
    changed = {steps_digest([replace(a_step(), **{name: OTHER[name]})]) for name in OTHER}
    assert len(changed | {whole}) == len(OTHER) + 1


@pytest.mark.parametrize(
    "others",
    [[], [a_step()] * 2, [a_step(), a_step(tried=2)]],
)
def test_number_of_steps_changes_the_digest(others: list[Step]) -> None:
    """A removed or added step is detectable."""
    assert steps_digest(others) != steps_digest([a_step()])


def test_order_of_steps_changes_the_digest() -> None:
    """A moved step is detectable."""
    one, other = a_step(), a_step(tried=2)

    assert steps_digest([one, other]) != steps_digest([other, one])


def test_digest_of_steps_is_reproducible() -> None:
    """The digest is the SHA-256 of one line of canonical JSON per step."""
    line = (
        b'{"at":"2026-11-21T12:00:00.000000Z","attempt":1,"detail":"","kind":"executor",'
        b'"name":"simulated","state":"passed","took_ms":12,"tried":1}\n'
    )

    assert steps_digest([]) == sha256(b"").hexdigest()
    assert steps_digest([a_step(), a_step()]) == sha256(line + line).hexdigest()
