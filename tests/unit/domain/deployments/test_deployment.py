"""Request validation, the consent digest and references to deployments."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import (
    BlockedAutoPromotion,
    Deployment,
    DeploymentKind,
    HideDecision,
    Independence,
    consent_digest,
    format_number,
    parse_reference,
    validate_request,
)
from gatepost_domain.deployments.emergency_record import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
)
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.status_transitions import CancelReason, Status
from tests.support.builders import NOON, a_deployment, a_request, an_id
from tests.support.domain.lifecycle import deployment_with_status

BELOW_PRODUCTION = [tier for tier in Tier if tier is not Tier.PRODUCTION]


@pytest.mark.parametrize("field", ["service", "environment", "version", "rollback_plan"])
@pytest.mark.parametrize("value", ["", " ", "\t\n"])
@pytest.mark.parametrize("tier", Tier)
def test_request_without_a_required_field_is_refused(field: str, value: str, tier: Tier) -> None:
    """Every tier requires a service, environment, version and rollback plan."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_request(a_request(**{field: value}), tier)

    assert refusal.value.code == f"{field}_required"
    assert [fault.field for fault in refusal.value.errors] == [field]


@pytest.mark.parametrize("count", [0, 21])
def test_too_few_or_too_many_work_references_are_refused(count: int) -> None:
    """A deployment must have 1 to 20 work references."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_request(a_request(work_references=references(count)), Tier.TEST)

    assert refusal.value.code == "work_references_required"
    assert [fault.field for fault in refusal.value.errors] == ["work_references"]


def test_each_blank_work_reference_is_an_error() -> None:
    """Each error contains the position of the blank reference."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_request(a_request(work_references=("", "SHOP-1", "  ")), Tier.TEST)

    assert refusal.value.code == "work_reference_blank"
    assert [fault.field for fault in refusal.value.errors] == [
        "work_references/0",
        "work_references/2",
    ]


@pytest.mark.parametrize("risk", [None, "", " "])
def test_production_requires_risk_notes(risk: str | None) -> None:
    """A request for production without risk notes is refused."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_request(a_request(risk=risk), Tier.PRODUCTION)

    assert refusal.value.code == "risk_required"
    assert [fault.field for fault in refusal.value.errors] == ["risk"]


def test_all_errors_of_a_request_are_listed_at_once() -> None:
    """All errors are reported together so that they can be corrected together."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("service", "environment", "version", "rollback_plan"), ""
    )

    with pytest.raises(ValidationFailed) as refusal:
        validate_request(a_request(**nothing, work_references=(), risk=None), Tier.PRODUCTION)

    assert [fault.code for fault in refusal.value.errors] == [
        "service_required",
        "environment_required",
        "version_required",
        "rollback_plan_required",
        "work_references_required",
        "risk_required",
    ]
    assert str(refusal.value) == " ".join(fault.detail for fault in refusal.value.errors)


@pytest.mark.parametrize("count", [1, 20])
def test_one_to_twenty_work_references_are_accepted(count: int) -> None:
    """Both 1 and 20 references are allowed."""
    validate_request(a_request(work_references=references(count)), Tier.PRODUCTION)


@pytest.mark.parametrize("tier", BELOW_PRODUCTION)
@pytest.mark.parametrize("risk", [None, "", "Some."])
def test_risk_notes_are_optional_below_production(tier: Tier, risk: str | None) -> None:
    """The tier of the environment decides, not its name."""
    validate_request(a_request(risk=risk, environment="production-like"), tier)


APPROVED_FIELDS: list[tuple[str, object]] = [
    ("service", "shop2"),
    ("environment", "staging"),
    ("version", "1.0.1"),
    ("artifact_digest", "sha256:abc"),
    ("risk", None),
    ("risk", "Another."),
    ("rollback_plan", "Pray."),
    ("work_references", ("SHOP-1", "SHOP-2")),
    ("work_references", ()),
    ("policy_version", 2),
    ("target_version", 2),
    ("target_digest", "12" * 32),
]


@pytest.mark.parametrize(("field", "other"), APPROVED_FIELDS)
def test_consent_digest_depends_on_everything_approved(field: str, other: object) -> None:
    """A change to any approved field changes the digest."""
    deployment = replace(a_deployment(), target_version=1, target_digest="01" * 32)
    changes: dict[str, Any] = {field: other}

    assert consent_digest(replace(deployment, **changes)) != consent_digest(deployment)


def test_consent_digest_depends_on_the_order_of_work_references() -> None:
    """Reordering the work references changes the digest."""
    one = a_deployment(work_references=("SHOP-1", "SHOP-2"))

    assert consent_digest(one) != consent_digest(replace(one, work_references=("SHOP-2", "SHOP-1")))


@pytest.mark.parametrize("name", sorted(Deployment.__dataclass_fields__))
def test_consent_digest_ignores_all_other_fields(name: str) -> None:
    """The progress of a deployment does not invalidate its approvals."""
    deployment = a_deployment()
    others = others_of(deployment)

    if name in {field for field, _ in APPROVED_FIELDS}:
        assert name not in others
    else:
        changed = replace(deployment, **{name: others[name]})
        assert changed != deployment
        assert consent_digest(changed) == consent_digest(deployment)


def test_consent_digest_is_reproducible() -> None:
    """The digest is the SHA-256 of a JSON document, and must not change with a release."""
    text = (
        '{"artifact_digest":null,"environment":"production","policy_version":1,'
        '"risk":"Größer.","rollback_plan":"Redeploy the version before.","service":"shop",'
        '"version":"1.0.0","work_references":["SHOP-1"]}'
    )

    assert consent_digest(a_deployment(risk="Größer.")) == sha256(text.encode()).hexdigest()


def test_consent_digest_with_a_target_is_reproducible() -> None:
    """The target's version and digest are part of it, and left out if there is no target."""
    deployment = replace(a_deployment(), target_version=3, target_digest="ab" * 32)
    text = (
        '{"artifact_digest":null,"environment":"production","policy_version":1,'
        f'"risk":"{deployment.risk}","rollback_plan":"Redeploy the version before.",'
        f'"service":"shop","target_digest":"{"ab" * 32}","target_version":3,'
        '"version":"1.0.0","work_references":["SHOP-1"]}'
    )

    assert consent_digest(deployment) == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DEP-",
        "DEP",
        "-42",
        "DEP--42",
        "DEP-DEP-42",
        "4 2",
        " 42",
        "42\n",
        "4.2",
        "0x2a",
        "1_000",
        "+42",
        "٤٢",
        "DEP-４２",
        "²",
        "1" * 19,
        "DEP-" + "1" * 19,
        "nonsense",
        "g" * 36,
        "00000000000070000000000000000001",
        "{00000000000070000000000000000001}--",
        "urn:00000000000070000000000000000001",
        "00000000-0000-7000-00000000-00000001",
        "0000_000-0000-7000-0000-000000000001",
        "０0000000-0000-7000-0000-000000000001",
        "00000000-0000-7000-0000-00000000000 ",
    ],
)
def test_invalid_reference_is_none(text: str) -> None:
    """Parsing text that is not a valid reference returns None."""
    assert parse_reference(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("DEP-42", 42),
        ("dep-42", 42),
        ("Dep-42", 42),
        ("42", 42),
        ("0042", 42),
        ("0", 0),
        ("9" * 18, 10**18 - 1),
    ],
)
def test_number_is_parsed_with_or_without_its_prefix(text: str, number: int) -> None:
    """Both DEP-42 and 42 refer to deployment 42."""
    assert parse_reference(text) == number


@given(st.uuids())
def test_id_is_parsed_in_either_case(id_: UUID) -> None:
    """The hexadecimal digits of an id may be in upper or lower case."""
    assert parse_reference(str(id_)) == parse_reference(str(id_).upper()) == id_


@given(st.integers(min_value=1, max_value=10**18 - 1))
def test_formatted_number_is_parsed_back(number: int) -> None:
    """Parsing a formatted number returns the same number."""
    assert parse_reference(format_number(number)) == number


@given(st.text(max_size=40))
def test_parsing_a_reference_never_fails(text: str) -> None:
    """Any text is parsed as a reference or as None."""
    reference = parse_reference(text)

    assert reference is None or isinstance(reference, UUID | int)


def references(count: int) -> tuple[str, ...]:
    return tuple(f"SHOP-{number}" for number in range(count))


def others_of(deployment: Deployment) -> dict[str, Any]:
    """Return other values for all fields that are not covered by the digest."""
    later = NOON + timedelta(days=1)
    times = ("approved_at", "queued_at", "started_at", "finished_at", "deployed_at")
    return {
        "id": an_id(),
        "number": deployment.number + 1,
        "kind": DeploymentKind.ROLLBACK,
        "tier": Tier.TEST,
        "requester": "eve",
        "on_behalf_of": "eve",
        "identities": (Identity(humans=("eve",)),),
        "triggered_by": "eve-gh",
        "unmapped_issuer": "https://ci.example",
        "trigger_mapped_to": Identity(humans=("eve",)),
        "former_triggers": (Identity(humans=("eve",)),),
        "current_name_by_key": {"zo\u00eb": "zo-"},
        "notes": "Other.",
        "auto_start": not deployment.auto_start,
        "target_set_at": later,
        "created_at": later,
        "revision": deployment.revision + 1,
        "status": Status.APPROVED,
        "cancel_reason": CancelReason.EXPIRED,
        "superseded_by": an_id(),
        "approvals": deployment_with_status(Status.APPROVED).approvals,
        "approved_stage": "qa",
        "independence": Independence(dependent=()),
        "reviewed_by": "quinn",
        "reviewed_at": later,
        "build_id": an_id(),
        "attempt": 1,
        "worker": "worker:one",
        "started_in_production": True,
        "deployed_by": "worker:one",
        "rolled_back_at": later,
        "external_id": "run-17",
        "recorded_rollback": True,
        "unreviewed": True,
        "import_seq": 7,
        "promoted_from": an_id(),
        "automatic": True,
        "rolls_back": an_id(),
        "rolled_back_by": an_id(),
        "overrides": (
            Override(gate=GateKind.FREEZE, code="frozen", actor="eve", at=later, reason="Now."),
        ),
        "break_glass": BreakGlass(
            actor="eve",
            at=later,
            reason="The shop is down.",
            incident="INC-1",
            identity=Identity(humans=("eve",)),
        ),
        "after_review": AfterReview(state=AfterReviewState.OPEN, due_at=later),
        "promotion_blocked": BlockedAutoPromotion(environment="live", code="held", reason="Held."),
        "expires_at": later,
        "hidden": HideDecision(actor="eve", at=later, reason="A typo."),
        **dict.fromkeys(times, later),
    }
