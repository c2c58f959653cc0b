"""A history in which every kind of row was stored and every kind of change was made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.access import sign_in, users
from gatepost_domain.actions.catalog import create
from gatepost_domain.actions.deployments import rollback
from gatepost_domain.actions.deployments.block_and_hold_removal import release_hold, unblock_version
from gatepost_domain.actions.deployments.overrides_and_break_glass import override_gate
from gatepost_domain.actions.freezes import freezes
from gatepost_domain.actions.incidents import incidents
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.blocks_and_holds import VersionBlock
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.step import StepKind, StepState
from gatepost_domain.errors import Refusal
from gatepost_domain.freezes.freeze import Effect, FreezeRequest, FreezeScope
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.incidents.incident import IncidentReport
from gatepost_domain.ports.unit_of_work import Ledger, UnitOfWork
from gatepost_domain.status_transitions import Action
from tests.support.builders import (
    NOON,
    a_command,
    a_user,
    a_version,
    an_account,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.claims import a_step, claim_task, finish, report
from tests.support.domain.sessions import a_new_token
from tests.support.domain.tracking import (
    create_record,
    hide_deployment,
    history_row,
    import_rows,
    retire_lane,
)
from tests.support.storage.complete_catalog import change_catalog
from tests.support.storage.complete_check_runs import run_checks
from tests.support.storage.complete_ingest import ingest
from tests.support.storage.complete_notifications import use_notifications
from tests.support.storage.complete_policies import DORA, MAX, POLICIES, QUINN
from tests.support.storage.complete_settings import a_stored_response, propose_settings_changes
from tests.support.storage.complete_webhooks import use_webhooks
from tests.support.storage.dependent_people import approve_dependently, enrol_and_reset
from tests.support.storage.own_passkeys import use_passkeys

T = TypeVar("T")


@dataclass(kw_only=True)
class CompleteHistory:
    """Stores the history in a ledger. Every action happens a minute after the previous one."""

    ledger: Ledger
    now: datetime = NOON
    ids: dict[str, str] = field(default_factory=dict[str, str])
    """The ids, and the numbers of events, that tests need, by the name of what they identify."""
    knows_provenance: bool = True
    """Whether reviewers can depend on the requester."""
    knows_consent: bool = True
    """Whether reviewers can withdraw their approval, and lose it when they are disabled."""

    async def store(self) -> None:
        """Store the whole history."""
        await create_catalog(
            self.ledger, services=("shop", "cart"), versions=("1", "2", "3"), policies=POLICIES
        )
        await change_catalog(self)
        await self._change_users()
        await self._deploy_and_promote()
        await self._roll_back()
        await self._use_emergency_measures()
        await self._end_in_other_ways()
        await self._run_workers()
        if self.knows_consent:
            await self._disable_a_user()
        await self._track_external_deployments()
        await self._use_newest_features()
        await self._run_checks()
        await self._ingest()
        await self._report_incident()
        await self._use_webhooks()
        await self._use_notifications()
        await self._store_responses()

    def tick(self) -> datetime:
        """Advance the clock by a minute, and return the time."""
        self.now += timedelta(minutes=1)
        return self.now

    async def perform(
        self, action: Callable[..., T], by: Actor | str = "root", **arguments: Any
    ) -> T:
        """Perform an action on the ledger now."""
        command = a_command(by, at=self.tick(), note="It must be.")
        return await self.ledger.perform(partial(action, command=command, **arguments))

    async def act(
        self, action: Action, deployment: Deployment, by: Actor | str = "olga"
    ) -> Deployment:
        """Perform an action on a deployment now."""
        return await perform_action(self.ledger, action, deployment.id, by, at=self.tick())

    async def request(self, environment: str, version: str = "1", **changes: Any) -> Deployment:
        """Request a deployment now."""
        return await request_deployment(
            self.ledger, environment=environment, version=version, at=self.tick(), **changes
        )

    async def approve(self, deployment: Deployment) -> None:
        """Approve a deployment to production."""
        await self.act(Action.APPROVE, deployment, QUINN)
        await self.act(Action.APPROVE, deployment, DORA)

    async def complete(self, deployment: Deployment) -> Deployment:
        """Start a deployment, and complete it."""
        await self.act(Action.START, deployment)
        return await self.act(Action.SUCCEED, deployment)

    async def deploy(self, environment: str, version: str = "1", **changes: Any) -> None:
        """Request a deployment that needs no approval, and complete it."""
        await self.complete(await self.request(environment, version, **changes))

    async def _change_users(self) -> None:
        for user in (
            a_user("quinn", groups=("qa",), grants=(Grant(role=Role.REVIEWER),)),
            a_user("dora", groups=("devops",), grants=(Grant(role=Role.REVIEWER, service="shop"),)),
            a_user("zed"),
            a_user("max", groups=("qa",), grants=(Grant(role=Role.REVIEWER),)),
        ):
            await self.perform(users.add_user, user=user)
        await self._change_user("dora", groups=("devops", "sre"))
        await self._change_user("zed", disabled=True)
        for name, holder in (("token", "quinn"), ("revoked", "dora")):
            token = await self.perform(
                partial(users.issue_token, id=an_id()),
                holder,
                name=holder,
                digest=f"{an_id().int:064x}",
                label="laptop",
                scopes=(Grant(role=Role.REVIEWER),),
                expires_at=self.now + timedelta(days=30),
            )
            self.ids[name] = str(token.id)
            self.ids[f"session_of_{name}"] = str(await self._open_session(token.id))
        revoked = UUID(self.ids["revoked"])
        await self.perform(users.revoke_token, name="dora", token=revoked)

    async def _change_user(self, name: str, **changes: Any) -> None:
        unchanged: dict[str, Any] = dict.fromkeys(("grants", "groups", "disabled", "revision"))
        await self.perform(partial(users.change_user, **(unchanged | changes)), name=name)

    async def _open_session(self, presented_token_id: Any) -> Any:
        session = await self.ledger.perform(
            lambda uow: sign_in.open_session(uow, presented_token_id, a_new_token(), self.tick())
        )
        return session.id

    async def _deploy_and_promote(self) -> None:
        """Store DEP-1 and its automatic promotion DEP-2, which people whom ada invited approve."""
        await self.deploy("test", notes="For the sale.")
        await approve_dependently(self, promoted := await self._get(2), QUINN, DORA)
        await self.complete(promoted)

    async def _roll_back(self) -> None:
        """Store DEP-3 and its promotion DEP-4, which DEP-5 rolls back, and DEP-6 to DEP-9.

        DEP-7 is rolled back by DEP-8, which is cancelled. One block and one promotion hold of
        production are removed, and others stay.
        """
        await self.deploy("test", "2")
        promoted = await self._get(4)
        await self.approve(promoted)
        await self.complete(promoted)
        await self._roll_back_deployment(promoted, redeploy=True)
        redeployment = await self._get(5)
        await self.approve(redeployment)
        await self.complete(redeployment)
        await self._unblock("2")
        await self._deploy_to_production("3")
        await self.perform(release_hold, service="shop", environment="production", new_id=an_id)
        again = await self._deploy_to_production("2")
        await self._roll_back_deployment(again, redeploy=True)
        await self.act(Action.CANCEL, await self._get(8), "ada")
        await self._deploy_to_production("4")

    async def _deploy_to_production(self, version: str) -> Deployment:
        await self.approve(deployment := await self.request("production", version))
        return await self.complete(deployment)

    async def _roll_back_deployment(self, deployment: Deployment, *, redeploy: bool) -> None:
        await self.perform(
            rollback.roll_back_deployment,
            reference=deployment.id,
            revision=None,
            new_id=an_id,
            redeploy=redeploy,
        )

    async def _unblock(self, version: str) -> VersionBlock:
        return await self.perform(
            unblock_version,
            service="shop",
            version=version,
            environment="production",
            new_id=an_id,
        )

    async def _use_emergency_measures(self) -> None:
        """Store DEP-10, started during a freeze, and DEP-11 and DEP-12, approved by break-glass.

        The after-review of DEP-11 is closed, and that of DEP-12 is open.
        """
        self.ids["lifted_freeze"] = await self._freeze(FreezeScope(tier=Tier.STAGING))
        deployment = await self.request("staging")
        await self.act(Action.APPROVE, deployment, QUINN)
        await self.perform(
            override_gate,
            by="eve",
            reference=deployment.id,
            gate=GateKind.FREEZE,
            revision=None,
            new_id=an_id,
        )
        await self.complete(deployment)
        freeze = UUID(self.ids["lifted_freeze"])
        await self.perform(freezes.lift_freeze, freeze=freeze, new_id=an_id)
        self.ids["freeze"] = await self._freeze(
            FreezeScope(service="cart", environment="production"),
            rrule="FREQ=WEEKLY;BYDAY=FR",
            duration=timedelta(hours=8),
        )
        for version in ("1", "3"):
            urgent = await self.request("production", version)
            with suppress(Refusal):  # the attempt is recorded
                await self.act(Action.APPROVE, urgent, "ada")
            await self.act(Action.BREAK_GLASS, urgent, "eve")
            await self.complete(urgent)
            if version == "1":
                await self.act(Action.AFTER_REVIEW, urgent, QUINN)

    async def _freeze(self, scope: FreezeScope, **changes: Any) -> str:
        request = FreezeRequest(effect=Effect.DENY, scope=scope, reason="The sale.", **changes)
        freeze = await self.perform(
            freezes.impose_freeze, request=request, id=an_id(), new_id=an_id
        )
        return str(freeze.id)

    async def _end_in_other_ways(self) -> None:
        """Store DEP-13 rejected, 14 cancelled, 15 failed, 16 approved, 17 pending, 18 started.

        DEP-17 has one of its two approvals.
        """
        await self.act(Action.REJECT, await self.request("staging"), QUINN)
        await self.act(Action.CANCEL, await self.request("staging"), "ada")
        failed = await self.request("staging")
        await self.act(Action.APPROVE, failed, QUINN)
        await self.act(Action.START, failed)
        await self.act(Action.FAIL, failed)
        approved = await self.request("staging", "2")
        await self.act(Action.APPROVE, approved, QUINN)
        if self.knows_consent:
            await self.act(Action.WITHDRAW, approved, QUINN)
            await self.act(Action.APPROVE, approved, MAX)
        await self.act(Action.APPROVE, await self.request("production", service="cart"), QUINN)
        await self.act(Action.START, await self.request("test", service="cart"))

    async def _run_workers(self) -> None:
        """Store DEP-19, which a second worker took over and completed, and DEP-20, in the queue."""
        rollout = await self.request("farm")
        await self.act(Action.START, rollout)
        first = (await claim_task(self.ledger, "berlin-1", at=self.tick())).claim
        await report(self.ledger, first, a_step(state=StepState.RUNNING, took_ms=None), at=self.now)
        self.now += timedelta(minutes=10)
        second = (await claim_task(self.ledger, "berlin-2", at=self.tick())).claim
        await report(self.ledger, second, a_step(at=self.now), at=self.now)
        checks = [a_step(kind=StepKind.CHECK, name="health", detail="All is well.", at=self.now)]
        await finish(self.ledger, second, at=self.tick(), steps=checks)
        self.ids |= {"first_claim": str(first.id), "second_claim": str(second.id)}
        await self.request("farm", "2", requester="max", auto_start=True)

    async def _disable_a_user(self) -> None:
        """End the consent of max to DEP-16 and DEP-20, which become what they were before."""
        await self._change_user("max", disabled=True)
        await self.act(Action.APPROVE, await self._get(16), QUINN)
        await self.act(Action.START, await self._get(20))

    async def _track_external_deployments(self) -> None:
        """Store the records DEP-21 and DEP-22, which is hidden, and import DEP-23 to DEP-27."""
        at = self.tick()
        await create_record(
            self.ledger, version="1", environment="staging", at=at, external_id="x-1", notes="Ours."
        )
        hidden = await create_record(
            self.ledger,
            service="cart",
            version="1",
            environment="staging",
            at=self.tick(),
            deployed_by="otto",
        )
        await hide_deployment(self.ledger, hidden.id, at=self.tick())
        created = [
            history_row(number, service="legacy", environment="lab", version=str(number))
            for number in (2, 3, 4)
        ]
        tiers, at = {"lab": Tier.DEVELOPMENT}, self.tick()
        await import_rows(self.ledger, created, at=at, create_missing=True, tiers=tiers)
        self.ids["first_import"] = await self._last_event()
        known = [
            history_row(2, service="cart", version="1", external_id="i-1", deployed_by="otto"),
            history_row(3, service="cart", version="2", notes="By hand."),
        ]
        await import_rows(self.ledger, known, at=self.tick())
        self.ids["second_import"] = await self._last_event()
        await retire_lane(self.ledger, "legacy", "lab", now=self.tick())
        self.ids["retirement"] = await self._last_event()

    async def _run_checks(self) -> None:
        await run_checks(self)

    async def _ingest(self) -> None:
        await ingest(self)

    async def _report_incident(self) -> None:
        """Report an incident that DEP-1 caused, and that was resolved."""
        at = self.tick()
        report = IncidentReport(
            service="shop",
            environment="test",
            title="It is slow.",
            external_id="PD-1",
            url="https://incidents.example/1",
            started_at=at,
            detected_at=at,
        )
        incident = await self.perform(incidents.open_incident, report=report, id=an_id())
        await self.perform(incidents.link_incident, incident=incident.id, deployment=1)
        await self.perform(incidents.resolve_incident, incident=incident.id, resolved_at=None)
        self.ids["incident"] = str(incident.id)

    async def _use_webhooks(self) -> None:
        await use_webhooks(self)

    async def _use_notifications(self) -> None:
        await use_notifications(self)

    async def _use_newest_features(self) -> None:
        await self._change_user("dora", accounts=(an_account("d-1"),))
        await self._change_user("dora", accounts=())
        await self._change_user("quinn", accounts=(an_account("q-1"),))
        link = await self.ledger.perform(
            lambda uow: sign_in.create_sign_in_link(uow, "quinn", a_new_token(), self.tick())
        )
        session = await self._open_session(link.id)
        await self.ledger.perform(lambda uow: sign_in.close_session(uow, session, self.tick()))
        self.ids["closed_session"] = str(session)
        await enrol_and_reset(self)
        await propose_settings_changes(self)
        await use_passkeys(self)

    async def _store_responses(self) -> None:
        """Store one response with what its request changed, and one on its own."""

        def register(uow: UnitOfWork) -> None:
            command = a_command("ada", at=self.now)
            create.register_version(uow, a_version("5"), command)
            uow.idempotency_records.save(a_stored_response("with", at=self.now), expire_before=NOON)

        self.tick()
        await self.ledger.perform(register)
        self.tick()
        await self.ledger.perform(
            lambda uow: uow.idempotency_records.save(
                a_stored_response("alone", at=self.now), expire_before=NOON
            )
        )

    async def _last_event(self) -> str:
        entry = await self.ledger.perform(lambda uow: uow.event_log.last_entry())
        return "" if entry is None else str(entry.seq)

    async def _get(self, number: int) -> Deployment:
        return await self.ledger.perform(lambda uow: uow.deployments.get(number))
