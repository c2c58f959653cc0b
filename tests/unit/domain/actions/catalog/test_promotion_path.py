"""Which environments a policy may require or promote to."""

from functools import partial
from typing import Any

import pytest

from gatepost_domain.actions.catalog.create import create_environment
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import FieldError, ValidationFailed
from tests.support.builders import a_command, a_policy, an_environment, create_catalog
from tests.support.domain.promotion import set_policy
from tests.support.memory.ledger import InMemoryLedger


async def a_ledger() -> InMemoryLedger:
    """Return a ledger in which test promotes to staging, and staging to production.

    Test promotes automatically, and production requires both environments.
    """
    ledger = InMemoryLedger()
    places = {
        "test": a_policy(promotes_to="staging", auto_promote=True),
        "staging": a_policy(promotes_to="production", requires=("test",)),
        "production": a_policy(requires=("staging",)),
    }
    await create_catalog(
        ledger, policies={name: (Tier.TEST, policy) for name, policy in places.items()}
    )
    return ledger


def unknown(field: str) -> FieldError:
    detail = "There is no environment nowhere."
    return FieldError(field=field, code="unknown_environment", detail=detail)


def itself(field: str) -> FieldError:
    detail = "test cannot require itself or promote to itself."
    return FieldError(field=field, code="leads_to_itself", detail=detail)


def circle(field: str, first: str) -> FieldError:
    detail = f"This creates a cycle: the policies of {first} lead back to test."
    return FieldError(field=field, code="leads_in_a_circle", detail=detail)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (
            {"requires": ("staging", "nowhere")},
            [unknown("requires/1"), circle("requires", "staging and nowhere")],
        ),
        ({"promotes_to": "nowhere"}, [unknown("promotes_to")]),
        ({"promotes_to": "nowhere", "auto_promote": True}, [unknown("promotes_to")]),
        ({"requires": ("test",)}, [itself("requires/0")]),
        ({"promotes_to": "test"}, [itself("promotes_to")]),
        ({"promotes_to": "test", "auto_promote": True}, [itself("promotes_to")]),
        (
            {"requires": ("nowhere", "test"), "promotes_to": "test"},
            [unknown("requires/0"), itself("requires/1"), itself("promotes_to")],
        ),
        ({"requires": ("staging",)}, [circle("requires", "staging")]),
        ({"requires": ("production",)}, [circle("requires", "production")]),
        (
            {"requires": ("production", "staging")},
            [circle("requires", "production and staging")],
        ),
    ],
)
async def test_policy_with_an_unknown_environment_or_cycle_is_refused(
    changes: dict[str, Any], faults: list[FieldError]
) -> None:
    """All errors are listed at once, each with its field."""
    ledger = await a_ledger()

    with pytest.raises(ValidationFailed) as refusal:
        await set_policy(ledger, "test", a_policy(**changes))

    assert list(refusal.value.errors) == faults


async def test_automatic_promotion_cannot_form_a_cycle() -> None:
    """A policy that would complete a cycle of automatic promotions is refused."""
    ledger = await a_ledger()

    with pytest.raises(ValidationFailed) as refusal:
        await set_policy(ledger, "staging", a_policy(promotes_to="test", auto_promote=True))

    (fault,) = refusal.value.errors
    assert (fault.field, fault.code) == ("promotes_to", "leads_in_a_circle")
    assert fault.detail == "This creates a cycle: the policies of test lead back to staging."


@pytest.mark.parametrize(
    ("environment", "policy"),
    [
        ("staging", a_policy(promotes_to="test")),
        ("production", a_policy(promotes_to="test", auto_promote=True)),
        ("production", a_policy(requires=("staging", "test"))),
        ("test", a_policy()),
    ],
)
async def test_valid_promotion_paths_are_accepted(environment: str, policy: Policy) -> None:
    """A cycle is allowed if a person must decide at one of its steps."""
    ledger = await a_ledger()

    await set_policy(ledger, environment, policy)

    stored = await ledger.environment(environment)
    assert stored.policy_version == 2


async def test_policy_may_name_planned_environments() -> None:
    """A policy may name environments that are planned but do not exist yet."""
    ledger, command = InMemoryLedger(), a_command("owner")
    policy = a_policy(requires=("later",), promotes_to="never")
    making = partial(
        create_environment,
        environment=an_environment("first"),
        policy=policy,
        command=command,
        planned={"later"},
    )

    with pytest.raises(ValidationFailed) as refusal:
        await ledger.perform(making)

    assert [(fault.field, fault.code) for fault in refusal.value.errors] == [
        ("promotes_to", "unknown_environment")
    ]
    await ledger.perform(partial(making, planned={"later", "never"}))
