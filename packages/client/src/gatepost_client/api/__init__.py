"""The client classes, with one method per operation, in the order of the API contract."""

import datetime
from io import BytesIO

from ..base_client import AsyncBaseClient, BaseClient, or_unset
from ..models.action_body import ActionBody
from ..models.after_review_body import AfterReviewBody
from ..models.approve_body import ApproveBody
from ..models.break_glass_body import BreakGlassBody
from ..models.bucket import Bucket
from ..models.claim_create import ClaimCreate
from ..models.claim_lease import ClaimLease
from ..models.contracts import Contracts
from ..models.current_state import CurrentState
from ..models.delivery_report import DeliveryReport
from ..models.deployment import Deployment
from ..models.deployment_create import DeploymentCreate
from ..models.deployment_gates import DeploymentGates
from ..models.deployment_kind import DeploymentKind
from ..models.deployment_page import DeploymentPage
from ..models.deployment_preview import DeploymentPreview
from ..models.deployment_status import DeploymentStatus
from ..models.deployment_steps import DeploymentSteps
from ..models.environment import Environment
from ..models.environment_change import EnvironmentChange
from ..models.environment_create import EnvironmentCreate
from ..models.environment_page import EnvironmentPage
from ..models.event_page import EventPage
from ..models.evidence import Evidence
from ..models.finish_body import FinishBody
from ..models.freeze import Freeze
from ..models.freeze_create import FreezeCreate
from ..models.freeze_page import FreezePage
from ..models.health import Health
from ..models.hide_body import HideBody
from ..models.hold import Hold
from ..models.import_result import ImportResult
from ..models.issued_token import IssuedToken
from ..models.lift_body import LiftBody
from ..models.list_order import ListOrder
from ..models.me import Me
from ..models.override_body import OverrideBody
from ..models.pipeline_proof import PipelineProof
from ..models.policy import Policy
from ..models.policy_body import PolicyBody
from ..models.policy_page import PolicyPage
from ..models.promote_body import PromoteBody
from ..models.reason_body import ReasonBody
from ..models.record_create import RecordCreate
from ..models.registered_service import RegisteredService
from ..models.release_body import ReleaseBody
from ..models.renew_body import RenewBody
from ..models.restrictions import Restrictions
from ..models.retired_target import RetiredTarget
from ..models.rollback_body import RollbackBody
from ..models.service import Service
from ..models.service_change import ServiceChange
from ..models.service_create import ServiceCreate
from ..models.service_health import ServiceHealth
from ..models.service_page import ServicePage
from ..models.stats import Stats
from ..models.steps_body import StepsBody
from ..models.target import Target
from ..models.target_body import TargetBody
from ..models.target_page import TargetPage
from ..models.task import Task
from ..models.tier import Tier
from ..models.token import Token
from ..models.token_create import TokenCreate
from ..models.token_page import TokenPage
from ..models.unblock_body import UnblockBody
from ..models.user import User
from ..models.user_change import UserChange
from ..models.user_create import UserCreate
from ..models.user_page import UserPage
from ..models.version import Version
from ..models.version_block import VersionBlock
from ..models.version_create import VersionCreate
from ..models.version_page import VersionPage
from ..types import File, FileTypes
from .deployments import (
    approve_deployment,
    break_glass,
    cancel_deployment,
    close_after_review,
    create_deployment,
    fail_deployment,
    get_deployment,
    get_deployment_evidence,
    get_deployment_evidence_zip,
    get_deployment_gates,
    list_deployment_checks,
    list_deployment_events,
    list_deployment_steps,
    list_deployments,
    list_inbox,
    override_gate,
    preview_deployment,
    promote_deployment,
    reject_deployment,
    rollback_deployment,
    start_deployment,
    succeed_deployment,
)
from .environments import (
    change_environment,
    create_environment,
    get_environment,
    get_policy,
    list_environments,
    list_policy_versions,
    put_policy,
)
from .events import list_events
from .freezes import get_freeze, impose_freeze, lift_freeze, list_freezes
from .health import get_liveness, get_readiness
from .people import (
    add_user,
    change_user,
    exchange_token,
    get_me,
    get_user,
    issue_token,
    list_tokens,
    list_users,
    revoke_token,
)
from .services import (
    change_service,
    get_contract_file,
    get_contracts,
    get_contracts_zip,
    get_service,
    get_service_health,
    get_target,
    get_version,
    list_restrictions,
    list_services,
    list_targets,
    list_versions,
    put_target,
    register_service,
    register_version,
    release_hold,
    unblock_version,
)
from .tracking import (
    get_current_in_environment,
    get_current_of_service,
    get_current_state,
    get_delivery_report,
    get_stats,
    hide_deployment,
    import_history,
    list_environment_history,
    list_service_history,
    record_deployment,
    retire_target,
)
from .workers import claim_task, finish_claim, renew_claim, report_steps

__all__ = ["AsyncGatepost", "Gatepost"]


class Gatepost(BaseClient):
    """A client for a Gatepost server, with one method per operation.

    A method returns the documented response, or raises a `GatepostError`: usually a
    `GatepostProblem`, if the server refused the request. Arguments that are None are not sent.
    """

    def exchange_token(
        self,
        body: PipelineProof,
    ) -> IssuedToken:
        """Exchange a pipeline's proof for a token.

        Give the OIDC token of a pipeline and get a token of ours, for 15 minutes.

        It acts as the service account, and within the scopes, that the operator trusts the
        pipeline with by its repository, ref and environment. A proof makes one token only.
        """
        return self._call(
            exchange_token._get_kwargs(
                body=body,
            ),
            exchange_token._parse_response,
        )

    def get_me(
        self,
    ) -> Me:
        """Tell who the caller is.

        Who you are to Gatepost, and what the token you sent allows.
        """
        return self._call(
            get_me._get_kwargs(),
            get_me._parse_response,
        )

    def list_users(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> UserPage:
        """List users.

        All users, by name.

        Args:
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_users._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_users._parse_response,
        )

    def add_user(
        self,
        body: UserCreate,
        *,
        idempotency_key: str | None = None,
    ) -> User:
        """Add a user.

        Make a person or a service account known, with what they may do.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            add_user._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            add_user._parse_response,
        )

    def get_user(
        self,
        user: str,
    ) -> User:
        """Get a user.

        One user, by name.

        Args:
            user: The user's name.
        """
        return self._call(
            get_user._get_kwargs(
                user=user,
            ),
            get_user._parse_response,
        )

    def change_user(
        self,
        user: str,
        body: UserChange,
        *,
        if_match: str | None = None,
    ) -> User:
        """Change a user.

        Change what a user may do, or whether they may do anything; it holds at once.

        Args:
            user: The user's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            change_user._get_kwargs(
                user=user,
                body=body,
                if_match=or_unset(if_match),
            ),
            change_user._parse_response,
        )

    def list_tokens(
        self,
        user: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TokenPage:
        """List the tokens of a user.

        Your own tokens or, as an admin, another's; the latest first, without their secrets.

        Args:
            user: The user's name.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_tokens._get_kwargs(
                user=user,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_tokens._parse_response,
        )

    def issue_token(
        self,
        user: str,
        body: TokenCreate,
        *,
        idempotency_key: str | None = None,
    ) -> IssuedToken:
        """Issue a token.

        Have a token made, for yourself or, as an admin, for another.

        Whoever has a token made counts as behind it, and behind whatever replaces it, in every
        four-eyes rule; tokens of nobody but their holder come from the server's terminal. The
        secret is shown this once.

        Args:
            user: The user's name.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            issue_token._get_kwargs(
                user=user,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            issue_token._parse_response,
        )

    def revoke_token(
        self,
        user: str,
        token: str,
    ) -> Token:
        """Revoke a token.

        Make a token worthless from the next request on: your own or, as an admin, another's.

        Args:
            user: The user's name.
            token: The token's id.
        """
        return self._call(
            revoke_token._get_kwargs(
                user=user,
                token=token,
            ),
            revoke_token._parse_response,
        )

    def list_deployments(
        self,
        *,
        service: list[str] | None = None,
        environment: list[str] | None = None,
        tier: list[Tier] | None = None,
        status: list[DeploymentStatus] | None = None,
        kind: list[DeploymentKind] | None = None,
        requester: list[str] | None = None,
        version: list[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        deployed_since: datetime.datetime | None = None,
        deployed_until: datetime.datetime | None = None,
        order: ListOrder | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List deployments.

        Deployments in the order they were asked for, the newest first unless told otherwise.

        Each filter can be given several times and then holds any of its values; different filters
        must all hold. Pages stay right while deployments are added.

        Args:
            service: Of any of these services.
            environment: In any of these environments.
            tier: In any of these tiers.
            status: In any of these statuses.
            kind: Of any of these kinds.
            requester: Asked for by any of these people.
            version: Of any of these versions.
            since: Created at this instant or later.
            until: Created before this instant.
            deployed_since: Stood in its environment from this instant or later.
            deployed_until: Stood in its environment from before this instant.
            order: Which end of a list comes first.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_deployments._get_kwargs(
                service=or_unset(service),
                environment=or_unset(environment),
                tier=or_unset(tier),
                status=or_unset(status),
                kind=or_unset(kind),
                requester=or_unset(requester),
                version=or_unset(version),
                since=or_unset(since),
                until=or_unset(until),
                deployed_since=or_unset(deployed_since),
                deployed_until=or_unset(deployed_until),
                order=or_unset(order),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_deployments._parse_response,
        )

    def create_deployment(
        self,
        body: DeploymentCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Ask for a deployment.

        Ask for a version in an environment.

        It waits for the reviewers whom the environment's policy names; where it names none, it is
        approved at once. What is asked for can never be changed: to change it, ask again.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            create_deployment._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            create_deployment._parse_response,
        )

    def preview_deployment(
        self,
        body: DeploymentCreate,
    ) -> DeploymentPreview:
        """Preview a deployment.

        Say what would become of a request, without making it.

        The body is that of a request, and is refused as that would be. The answer tells the review
        that it would need, every gate as it stands now, and what the caller could do.
        """
        return self._call(
            preview_deployment._get_kwargs(
                body=body,
            ),
            preview_deployment._parse_response,
        )

    def get_deployment(
        self,
        deployment: str,
    ) -> Deployment:
        """Get a deployment.

        One deployment, by its id or its number (`DEP-42` or `42`).

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return self._call(
            get_deployment._get_kwargs(
                deployment=deployment,
            ),
            get_deployment._parse_response,
        )

    def close_after_review(
        self,
        deployment: str,
        body: AfterReviewBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Close an after-review.

        Judge a break-glass afterwards, as a reviewer whom the policy asks for.

        Never one's own request, and never a glass that one broke oneself. An attempt that may not
        count is refused, and recorded.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            close_after_review._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            close_after_review._parse_response,
        )

    def approve_deployment(
        self,
        deployment: str,
        body: ApproveBody | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Approve a deployment.

        Consent, as a reviewer, in the stage that is open.

        Never to one's own request. The deployment is approved when the last stage is satisfied. An
        attempt that may not count is refused, and recorded.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            approve_deployment._get_kwargs(
                deployment=deployment,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            approve_deployment._parse_response,
        )

    def break_glass(
        self,
        deployment: str,
        body: BreakGlassBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Break the glass.

        Approve, in an emergency, without the reviewers; they judge it afterwards.

        It needs the role emergency, and is told for ever. Its after-review falls due as the policy
        says; while one is overdue in the environment, the glass is not broken there again. An
        attempt that is denied is recorded.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            break_glass._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            break_glass._parse_response,
        )

    def cancel_deployment(
        self,
        deployment: str,
        body: ReasonBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Cancel a deployment.

        Take it back before it has started.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            cancel_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            cancel_deployment._parse_response,
        )

    def list_deployment_checks(
        self,
        deployment: str,
    ) -> DeploymentSteps:
        """List the checks of a deployment.

        Every attempt at every check of it, and at readiness before them, as they came.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return self._call(
            list_deployment_checks._get_kwargs(
                deployment=deployment,
            ),
            list_deployment_checks._parse_response,
        )

    def list_deployment_events(
        self,
        deployment: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EventPage:
        """List the events of a deployment.

        What happened to it, oldest first. Events are never changed and never removed.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_deployment_events._get_kwargs(
                deployment=deployment,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_deployment_events._parse_response,
        )

    def get_deployment_evidence(
        self,
        deployment: str,
    ) -> Evidence:
        """Hand over the evidence of a deployment.

        Everything about one deployment in one document, all of it as of the same instant.

        What was asked for, the policy it was asked under, who approved exactly what, how each gate
        stood at the start, what workers told, and every event with its hashes. The archive also
        holds a program of nothing but Python's standard library that recomputes all of them without
        a server: unpack it and run `python3 verify.py`.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return self._call(
            get_deployment_evidence._get_kwargs(
                deployment=deployment,
            ),
            get_deployment_evidence._parse_response,
        )

    def fail_deployment(
        self,
        deployment: str,
        body: ReasonBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment failed.

        Record that the rollout ran and did not work. A rollback may still be recorded.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            fail_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            fail_deployment._parse_response,
        )

    def get_deployment_gates(
        self,
        deployment: str,
    ) -> DeploymentGates:
        """Explain why a deployment waits.

        Every gate between the deployment and its start, and what the caller can do now.

        An action is marked allowed exactly if it would succeed for the caller, given a note.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return self._call(
            get_deployment_gates._get_kwargs(
                deployment=deployment,
            ),
            get_deployment_gates._parse_response,
        )

    def override_gate(
        self,
        deployment: str,
        body: OverrideBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Override a gate.

        Pass one gate of one deployment, which is told for ever.

        It needs the role emergency. Reviewers are never passed so, nor is a busy lane.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            override_gate._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            override_gate._parse_response,
        )

    def promote_deployment(
        self,
        deployment: str,
        body: PromoteBody | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Promote a deployment.

        Ask for the version that succeeded here in the next environment.

        Answers with the deployment asked for: of kind promotion, with the work references, the
        rollback plan and the risk of this one. It is asked for at most once.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            promote_deployment._get_kwargs(
                deployment=deployment,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            promote_deployment._parse_response,
        )

    def reject_deployment(
        self,
        deployment: str,
        body: ReasonBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Reject a deployment.

        Refuse, as a reviewer of the stage that is open. One refusal ends the deployment.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            reject_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            reject_deployment._parse_response,
        )

    def rollback_deployment(
        self,
        deployment: str,
        body: RollbackBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment was rolled back.

        Record that what was rolled out has been reverted.

        Whether it was still under way, had succeeded or had failed. With `redeploy`, the last
        version there that is known to be good is asked for in the same breath, as a deployment of
        kind rollback (`rolled_back_by` names it), and the one rolled back is blocked there. Where
        none is known, nothing happens at all.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            rollback_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            rollback_deployment._parse_response,
        )

    def start_deployment(
        self,
        deployment: str,
        body: ActionBody | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Start a deployment.

        Record that the rollout begins; in a worker-run environment, queue it for a worker.

        Refused while another deployment of the same service and environment is under way, and once
        a later one went ahead.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            start_deployment._get_kwargs(
                deployment=deployment,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            start_deployment._parse_response,
        )

    def list_deployment_steps(
        self,
        deployment: str,
    ) -> DeploymentSteps:
        """List the steps of a deployment.

        All that workers told of it, as it came: the rollout, readiness and checks.

        The event that ended it has their number and their SHA-256.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return self._call(
            list_deployment_steps._get_kwargs(
                deployment=deployment,
            ),
            list_deployment_steps._parse_response,
        )

    def succeed_deployment(
        self,
        deployment: str,
        body: ActionBody | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment succeeded.

        Record that the rollout worked: from now on this version stands in the environment.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            succeed_deployment._get_kwargs(
                deployment=deployment,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            succeed_deployment._parse_response,
        )

    def list_inbox(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List what waits for your review.

        The deployments that you could approve now, oldest first.

        Those that were approved by break-glass, and whose after-review you could give, are among
        them.

        Where many wait that are not yours to approve, an answer may hold fewer than asked for and
        still have a next part.

        Args:
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_inbox._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_inbox._parse_response,
        )

    def get_deployment_evidence_zip(
        self,
        deployment: str,
    ) -> File:
        """Hand over the evidence of a deployment.

        Everything about one deployment in one document, all of it as of the same instant.

        What was asked for, the policy it was asked under, who approved exactly what, how each gate
        stood at the start, what workers told, and every event with its hashes. The archive also
        holds a program of nothing but Python's standard library that recomputes all of them without
        a server: unpack it and run `python3 verify.py`.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return self._call(
            get_deployment_evidence_zip._get_kwargs(
                deployment=deployment,
            ),
            get_deployment_evidence_zip._parse_response,
        )

    def get_current_state(
        self,
        *,
        service: list[str] | None = None,
        environment: list[str] | None = None,
        tier: list[Tier] | None = None,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get the current state.

        What stands in each service and environment: now, or at an instant of the past.

        It goes by when things were deployed, rolled back or retired, not by when we learned of it,
        so that history which is imported today answers for yesterday.

        Args:
            service: Of any of these services.
            environment: In any of these environments.
            tier: In any of these tiers.
            at: The instant that is asked for: now where it is absent, or in the past.
        """
        return self._call(
            get_current_state._get_kwargs(
                service=or_unset(service),
                environment=or_unset(environment),
                tier=or_unset(tier),
                at=or_unset(at),
            ),
            get_current_state._parse_response,
        )

    def import_history(
        self,
        body: File,
        *,
        create_missing: bool | None = None,
        idempotency_key: str | None = None,
    ) -> ImportResult:
        """Import recorded history.

        Record what happened elsewhere from a CSV file with a header, or from NDJSON.

        All rows or none: whatever is wrong is told by row and column, and then nothing is kept. A
        row whose `external_id` is known is no second record, so that a file can be sent again.

        Args:
            create_missing: Whether to make services, versions and environments that are not
                known yet; without it they are faults.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            import_history._get_kwargs(
                body=body,
                create_missing=or_unset(create_missing),
                idempotency_key=or_unset(idempotency_key),
            ),
            import_history._parse_response,
        )

    def record_deployment(
        self,
        body: RecordCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Record a deployment that happened elsewhere.

        Tell what was deployed where and when, so that the current state and the history know it.

        A record is born `succeeded` and never changes; a later one takes its place. What was told
        before with the same `external_id` is given back as it is kept.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            record_deployment._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            record_deployment._parse_response,
        )

    def hide_deployment(
        self,
        deployment: str,
        body: HideBody,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Hide a record that is wrong.

        Take a record for an error: it is still listed, marked as hidden, but it never stood.

        Nothing is deleted, and what was carried out here cannot be hidden.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            hide_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                if_match=or_unset(if_match),
                idempotency_key=or_unset(idempotency_key),
            ),
            hide_deployment._parse_response,
        )

    def list_environment_history(
        self,
        environment: str,
        *,
        service: list[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List the history of an environment.

        The deployments to an environment, the latest first; see the history of a service.

        Args:
            environment: The environment's name.
            service: Of any of these services.
            since: Deployed at this instant or later; where it was not deployed, asked for.
            until: Deployed before this instant; where it was not deployed, asked for.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_environment_history._get_kwargs(
                environment=environment,
                service=or_unset(service),
                since=or_unset(since),
                until=or_unset(until),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_environment_history._parse_response,
        )

    def get_current_in_environment(
        self,
        environment: str,
        *,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get what stands in an environment.

        What stands in one environment, of each service.

        Args:
            environment: The environment's name.
            at: The instant that is asked for: now where it is absent, or in the past.
        """
        return self._call(
            get_current_in_environment._get_kwargs(
                environment=environment,
                at=or_unset(at),
            ),
            get_current_in_environment._parse_response,
        )

    def get_delivery_report(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        service: list[str] | None = None,
        environment: list[str] | None = None,
        bucket: Bucket | None = None,
    ) -> DeliveryReport:
        """Get the report on delivery.

        How often, how fast and how well things are deployed, and how approvals go.

        Each figure says what it counts and names the deployments behind it. A rollback is linked
        to what it undoes when it is asked for; nothing is guessed from times that lie close by.

        Args:
            since: The beginning of the span; where it is absent, 90 days before its end.
            until: The end of the span, which it does not hold; now where absent.
            service: Of any of these services.
            environment: In any of these environments.
            bucket: How long the parts of a report are; all begin at midnight UTC.
        """
        return self._call(
            get_delivery_report._get_kwargs(
                since=or_unset(since),
                until=or_unset(until),
                service=or_unset(service),
                environment=or_unset(environment),
                bucket=or_unset(bucket),
            ),
            get_delivery_report._parse_response,
        )

    def list_service_history(
        self,
        service: str,
        *,
        environment: list[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List the history of a service.

        The deployments of a service, the latest first.

        They are in order of when they were deployed or, where they were not (yet), asked for.
        Pages stay right while deployments are added.

        Args:
            service: The service's name.
            environment: In any of these environments.
            since: Deployed at this instant or later; where it was not deployed, asked for.
            until: Deployed before this instant; where it was not deployed, asked for.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_service_history._get_kwargs(
                service=service,
                environment=or_unset(environment),
                since=or_unset(since),
                until=or_unset(until),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_service_history._parse_response,
        )

    def get_current_of_service(
        self,
        service: str,
        *,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get what stands of a service.

        What stands of one service, in each environment.

        Args:
            service: The service's name.
            at: The instant that is asked for: now where it is absent, or in the past.
        """
        return self._call(
            get_current_of_service._get_kwargs(
                service=service,
                at=or_unset(at),
            ),
            get_current_of_service._parse_response,
        )

    def retire_target(
        self,
        service: str,
        environment: str,
        *,
        at: datetime.datetime | None = None,
    ) -> RetiredTarget:
        """Retire a target.

        Take a service out of the current state of an environment, from an instant on.

        Nothing is deleted: before that instant it stood there, and a later deployment revives it.

        Args:
            service: The service's name.
            environment: The environment's name.
            at: From when on; now where it is absent. Only an admin goes back in time.
        """
        return self._call(
            retire_target._get_kwargs(
                service=service,
                environment=environment,
                at=or_unset(at),
            ),
            retire_target._parse_response,
        )

    def get_stats(
        self,
    ) -> Stats:
        """Get the figures of the week.

        How many services there are, how much was deployed this week, and what was last.
        """
        return self._call(
            get_stats._get_kwargs(),
            get_stats._parse_response,
        )

    def list_environments(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        archived: bool | None = None,
    ) -> EnvironmentPage:
        """List environments.

        All environments that are not archived, or those that are, in the order of promotion.

        Args:
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
            archived: Whether to list what is archived, instead of what is not.
        """
        return self._call(
            list_environments._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
                archived=or_unset(archived),
            ),
            list_environments._parse_response,
        )

    def create_environment(
        self,
        body: EnvironmentCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Environment:
        """Create an environment.

        Make a place where versions run.

        Without a policy it gets its tier's: stages qa and devops in production, one reviewer in
        staging, no review in test and development.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            create_environment._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            create_environment._parse_response,
        )

    def get_environment(
        self,
        environment: str,
    ) -> Environment:
        """Get an environment.

        One environment, by its name.

        Args:
            environment: The environment's name.
        """
        return self._call(
            get_environment._get_kwargs(
                environment=environment,
            ),
            get_environment._parse_response,
        )

    def change_environment(
        self,
        environment: str,
        body: EnvironmentChange,
        *,
        if_match: str | None = None,
    ) -> Environment:
        """Change an environment.

        Change what an environment is called and where it stands, archive it or revive it.

        An archived one takes no new request, and is listed only when asked for; what was deployed
        there stays. Its tier never changes: make another environment instead.

        Args:
            environment: The environment's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            change_environment._get_kwargs(
                environment=environment,
                body=body,
                if_match=or_unset(if_match),
            ),
            change_environment._parse_response,
        )

    def get_policy(
        self,
        environment: str,
    ) -> Policy:
        """Get an environment's policy.

        The policy in force.

        Args:
            environment: The environment's name.
        """
        return self._call(
            get_policy._get_kwargs(
                environment=environment,
            ),
            get_policy._parse_response,
        )

    def put_policy(
        self,
        environment: str,
        body: PolicyBody,
        *,
        if_match: str | None = None,
    ) -> Policy:
        """Change an environment's policy.

        Put the policy's next version in force, for what is asked for from now on.

        What is open already keeps the version it was asked under. A field that is left out gets its
        default, not what it was.

        Args:
            environment: The environment's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            put_policy._get_kwargs(
                environment=environment,
                body=body,
                if_match=or_unset(if_match),
            ),
            put_policy._parse_response,
        )

    def list_policy_versions(
        self,
        environment: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PolicyPage:
        """List the versions of an environment's policy.

        Every policy that was ever in force there, the latest first.

        A deployment keeps the version that it was asked under.

        Args:
            environment: The environment's name.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_policy_versions._get_kwargs(
                environment=environment,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_policy_versions._parse_response,
        )

    def list_events(
        self,
        *,
        after: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EventPage:
        """List events.

        All events, oldest first.

        `seq` has no gaps, so a reader that remembers the last one it saw misses nothing.

        Args:
            after: Events behind this `seq`; a cursor takes precedence.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_events._get_kwargs(
                after=or_unset(after),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_events._parse_response,
        )

    def list_freezes(
        self,
        *,
        active: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> FreezePage:
        """List freezes.

        All that were ever imposed, the latest first.

        With `active`, an answer may hold fewer than asked for and still have a next part.

        Args:
            active: Only those that are on now.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_freezes._get_kwargs(
                active=or_unset(active),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_freezes._parse_response,
        )

    def impose_freeze(
        self,
        body: FreezeCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Freeze:
        """Impose a freeze.

        Let a scope take no new starts for a while, or only in certain windows.

        What has started goes on; what waits to start by itself does once nothing holds it any more.
        A deny wins over every window. Rollbacks pass.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            impose_freeze._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            impose_freeze._parse_response,
        )

    def get_freeze(
        self,
        freeze: str,
    ) -> Freeze:
        """Get a freeze.

        One freeze, by its id.

        Args:
            freeze: The freeze's id.
        """
        return self._call(
            get_freeze._get_kwargs(
                freeze=freeze,
            ),
            get_freeze._parse_response,
        )

    def lift_freeze(
        self,
        freeze: str,
        body: LiftBody | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Freeze:
        """Lift a freeze.

        End it before its time. What waited for that goes on by itself, in order.

        Args:
            freeze: The freeze's id.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            lift_freeze._get_kwargs(
                freeze=freeze,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
            ),
            lift_freeze._parse_response,
        )

    def list_services(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        archived: bool | None = None,
    ) -> ServicePage:
        """List services.

        All services that are not archived, or those that are, by name.

        Args:
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
            archived: Whether to list what is archived, instead of what is not.
        """
        return self._call(
            list_services._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
                archived=or_unset(archived),
            ),
            list_services._parse_response,
        )

    def register_service(
        self,
        body: ServiceCreate,
        *,
        idempotency_key: str | None = None,
    ) -> RegisteredService:
        """Register a service.

        Make a service known, so that its versions can be registered and deployed.

        The answer tells what is generated for it: infrastructure, runtime and pipelines, for all
        environments that are not archived.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            register_service._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            register_service._parse_response,
        )

    def get_service(
        self,
        service: str,
    ) -> Service:
        """Get a service.

        One service, by its name.

        Args:
            service: The service's name.
        """
        return self._call(
            get_service._get_kwargs(
                service=service,
            ),
            get_service._parse_response,
        )

    def change_service(
        self,
        service: str,
        body: ServiceChange,
        *,
        if_match: str | None = None,
    ) -> RegisteredService:
        """Change a service.

        Change what is told of a service, archive it or revive it.

        An archived one takes no new version and no new request, and is listed only when asked for;
        its history stays. To archive or revive it needs the role operator or admin, anything else
        the role requester.

        Args:
            service: The service's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            change_service._get_kwargs(
                service=service,
                body=body,
                if_match=or_unset(if_match),
            ),
            change_service._parse_response,
        )

    def get_contracts(
        self,
        service: str,
    ) -> Contracts:
        """List the contracts of a service.

        Which files are generated for a service, for all environments that are not archived.

        They follow from the service, its environments and the templates alone: as long as none of
        these changes, every byte stays, and so does the ETag.

        Args:
            service: The service's name.
        """
        return self._call(
            get_contracts._get_kwargs(
                service=service,
            ),
            get_contracts._parse_response,
        )

    def get_contracts_zip(
        self,
        service: str,
    ) -> File:
        """Download the contracts of a service.

        All generated files in one zip archive, the same bytes as long as nothing changes.

        Args:
            service: The service's name.
        """
        return self._call(
            get_contracts_zip._get_kwargs(
                service=service,
            ),
            get_contracts_zip._parse_response,
        )

    def get_contract_file(
        self,
        service: str,
        path: str,
    ) -> str:
        """Get a contract.

        The text of one generated file.

        Args:
            service: The service's name.
            path: The path of the file, as the list of contracts has it.
        """
        return self._call(
            get_contract_file._get_kwargs(
                service=service,
                path=path,
            ),
            get_contract_file._parse_response,
        )

    def get_service_health(
        self,
        service: str,
        *,
        environment: str | None = None,
    ) -> ServiceHealth:
        """Tell how a service does.

        The latest deployment of a service, by number, and what the contract gives it there.

        Args:
            service: The service's name.
            environment: Only of this environment; of any where it is absent.
        """
        return self._call(
            get_service_health._get_kwargs(
                service=service,
                environment=or_unset(environment),
            ),
            get_service_health._parse_response,
        )

    def list_restrictions(
        self,
        service: str,
    ) -> Restrictions:
        """List what of a service may not be deployed.

        The versions that were rolled back and are blocked, and where nothing is promoted to.

        Args:
            service: The service's name.
        """
        return self._call(
            list_restrictions._get_kwargs(
                service=service,
            ),
            list_restrictions._parse_response,
        )

    def list_targets(
        self,
        service: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TargetPage:
        """List the targets of a service.

        The targets of a service that were ever set up, by environment.

        Args:
            service: The service's name.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_targets._get_kwargs(
                service=service,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_targets._parse_response,
        )

    def get_target(
        self,
        service: str,
        environment: str,
    ) -> Target:
        """Get a target.

        How a service is rolled out to an environment; 404 where nobody ever said.

        Args:
            service: The service's name.
            environment: The environment's name.
        """
        return self._call(
            get_target._get_kwargs(
                service=service,
                environment=environment,
            ),
            get_target._parse_response,
        )

    def put_target(
        self,
        service: str,
        environment: str,
        body: TargetBody,
        *,
        if_match: str | None = None,
    ) -> Target:
        """Set up a target.

        Say how a service is rolled out to an environment, and how to see that it works there.

        It replaces what was said before: a field that is left out gets its default.

        Args:
            service: The service's name.
            environment: The environment's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return self._call(
            put_target._get_kwargs(
                service=service,
                environment=environment,
                body=body,
                if_match=or_unset(if_match),
            ),
            put_target._parse_response,
        )

    def release_hold(
        self,
        service: str,
        environment: str,
        body: ReleaseBody,
        *,
        idempotency_key: str | None = None,
    ) -> Hold:
        """Release a hold.

        Let what policies promote by themselves go to an environment again.

        Answers with what held it. What waited for that goes on by itself.

        Args:
            service: The service's name.
            environment: The environment's name.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            release_hold._get_kwargs(
                service=service,
                environment=environment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            release_hold._parse_response,
        )

    def list_versions(
        self,
        service: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> VersionPage:
        """List the versions of a service.

        The versions of a service, the latest registered first.

        Args:
            service: The service's name.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return self._call(
            list_versions._get_kwargs(
                service=service,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_versions._parse_response,
        )

    def register_version(
        self,
        service: str,
        body: VersionCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Version:
        """Register a version.

        Make a build of a service known. It can be deployed from then on, and never changes.

        Args:
            service: The service's name.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            register_version._get_kwargs(
                service=service,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            register_version._parse_response,
        )

    def get_version(
        self,
        service: str,
        version: str,
    ) -> Version:
        """Get a version.

        One version of a service, by its name.

        Args:
            service: The service's name.
            version: The version, as it was registered; in a URL, `/` may stand in it or be %2F.
        """
        return self._call(
            get_version._get_kwargs(
                service=service,
                version=version,
            ),
            get_version._parse_response,
        )

    def unblock_version(
        self,
        service: str,
        version: str,
        body: UnblockBody,
        *,
        idempotency_key: str | None = None,
    ) -> VersionBlock:
        """Unblock a version.

        Let a version that was rolled back be deployed in an environment again.

        Answers with what kept it out. What waited for that goes on by itself.

        Args:
            service: The service's name.
            version: The version, as it was registered; in a URL, `/` may stand in it or be %2F.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            unblock_version._get_kwargs(
                service=service,
                version=version,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            unblock_version._parse_response,
        )

    def claim_task(
        self,
        body: ClaimCreate,
    ) -> Task | None:
        """Claim something to do.

        Take over what a lost worker left, or start what has been queued longest.

        A deployment whose gates are not open is passed over. With `wait_s`, an answer may take that
        long; whoever has gone by then starts nothing. 204 where there is nothing to do.
        """
        return self._call_or_none(
            claim_task._get_kwargs(
                body=body,
            ),
            claim_task._parse_response,
        )

    def finish_claim(
        self,
        claim: str,
        body: FinishBody,
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Finish a claim.

        End the deployment as it went. What follows from that, such as a promotion, follows.

        409 once another worker has it, or it has ended: nothing is changed then.

        Args:
            claim: The claim's id.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            finish_claim._get_kwargs(
                claim=claim,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            finish_claim._parse_response,
        )

    def renew_claim(
        self,
        claim: str,
        body: RenewBody,
    ) -> ClaimLease:
        """Renew a claim.

        Keep it for another lease. 409 once another worker has it, or the deployment has ended.

        A worker that hears so stops at once: whatever it does from then on counts for nothing.

        Args:
            claim: The claim's id.
        """
        return self._call(
            renew_claim._get_kwargs(
                claim=claim,
                body=body,
            ),
            renew_claim._parse_response,
        )

    def report_steps(
        self,
        claim: str,
        body: StepsBody,
        *,
        idempotency_key: str | None = None,
    ) -> ClaimLease:
        """Report steps.

        Tell how it goes, which renews the claim too. What was told is kept and shown.

        Args:
            claim: The claim's id.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return self._call(
            report_steps._get_kwargs(
                claim=claim,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            report_steps._parse_response,
        )

    def get_liveness(
        self,
    ) -> Health:
        """Tell whether the process lives.

        Answers as long as the process can answer at all.
        """
        return self._call(
            get_liveness._get_kwargs(),
            get_liveness._parse_response,
        )

    def get_readiness(
        self,
    ) -> Health:
        """Tell whether requests can be served.

        Answers 200 while both reading and writing work.
        """
        return self._call(
            get_readiness._get_kwargs(),
            get_readiness._parse_response,
        )


class AsyncGatepost(AsyncBaseClient):
    """The same client for asyncio."""

    async def exchange_token(
        self,
        body: PipelineProof,
    ) -> IssuedToken:
        """Exchange a pipeline's proof for a token.

        Give the OIDC token of a pipeline and get a token of ours, for 15 minutes.

        It acts as the service account, and within the scopes, that the operator trusts the
        pipeline with by its repository, ref and environment. A proof makes one token only.
        """
        return await self._call(
            exchange_token._get_kwargs(
                body=body,
            ),
            exchange_token._parse_response,
        )

    async def get_me(
        self,
    ) -> Me:
        """Tell who the caller is.

        Who you are to Gatepost, and what the token you sent allows.
        """
        return await self._call(
            get_me._get_kwargs(),
            get_me._parse_response,
        )

    async def list_users(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> UserPage:
        """List users.

        All users, by name.

        Args:
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_users._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_users._parse_response,
        )

    async def add_user(
        self,
        body: UserCreate,
        *,
        idempotency_key: str | None = None,
    ) -> User:
        """Add a user.

        Make a person or a service account known, with what they may do.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            add_user._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            add_user._parse_response,
        )

    async def get_user(
        self,
        user: str,
    ) -> User:
        """Get a user.

        One user, by name.

        Args:
            user: The user's name.
        """
        return await self._call(
            get_user._get_kwargs(
                user=user,
            ),
            get_user._parse_response,
        )

    async def change_user(
        self,
        user: str,
        body: UserChange,
        *,
        if_match: str | None = None,
    ) -> User:
        """Change a user.

        Change what a user may do, or whether they may do anything; it holds at once.

        Args:
            user: The user's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            change_user._get_kwargs(
                user=user,
                body=body,
                if_match=or_unset(if_match),
            ),
            change_user._parse_response,
        )

    async def list_tokens(
        self,
        user: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TokenPage:
        """List the tokens of a user.

        Your own tokens or, as an admin, another's; the latest first, without their secrets.

        Args:
            user: The user's name.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_tokens._get_kwargs(
                user=user,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_tokens._parse_response,
        )

    async def issue_token(
        self,
        user: str,
        body: TokenCreate,
        *,
        idempotency_key: str | None = None,
    ) -> IssuedToken:
        """Issue a token.

        Have a token made, for yourself or, as an admin, for another.

        Whoever has a token made counts as behind it, and behind whatever replaces it, in every
        four-eyes rule; tokens of nobody but their holder come from the server's terminal. The
        secret is shown this once.

        Args:
            user: The user's name.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            issue_token._get_kwargs(
                user=user,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            issue_token._parse_response,
        )

    async def revoke_token(
        self,
        user: str,
        token: str,
    ) -> Token:
        """Revoke a token.

        Make a token worthless from the next request on: your own or, as an admin, another's.

        Args:
            user: The user's name.
            token: The token's id.
        """
        return await self._call(
            revoke_token._get_kwargs(
                user=user,
                token=token,
            ),
            revoke_token._parse_response,
        )

    async def list_deployments(
        self,
        *,
        service: list[str] | None = None,
        environment: list[str] | None = None,
        tier: list[Tier] | None = None,
        status: list[DeploymentStatus] | None = None,
        kind: list[DeploymentKind] | None = None,
        requester: list[str] | None = None,
        version: list[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        deployed_since: datetime.datetime | None = None,
        deployed_until: datetime.datetime | None = None,
        order: ListOrder | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List deployments.

        Deployments in the order they were asked for, the newest first unless told otherwise.

        Each filter can be given several times and then holds any of its values; different filters
        must all hold. Pages stay right while deployments are added.

        Args:
            service: Of any of these services.
            environment: In any of these environments.
            tier: In any of these tiers.
            status: In any of these statuses.
            kind: Of any of these kinds.
            requester: Asked for by any of these people.
            version: Of any of these versions.
            since: Created at this instant or later.
            until: Created before this instant.
            deployed_since: Stood in its environment from this instant or later.
            deployed_until: Stood in its environment from before this instant.
            order: Which end of a list comes first.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_deployments._get_kwargs(
                service=or_unset(service),
                environment=or_unset(environment),
                tier=or_unset(tier),
                status=or_unset(status),
                kind=or_unset(kind),
                requester=or_unset(requester),
                version=or_unset(version),
                since=or_unset(since),
                until=or_unset(until),
                deployed_since=or_unset(deployed_since),
                deployed_until=or_unset(deployed_until),
                order=or_unset(order),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_deployments._parse_response,
        )

    async def create_deployment(
        self,
        body: DeploymentCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Ask for a deployment.

        Ask for a version in an environment.

        It waits for the reviewers whom the environment's policy names; where it names none, it is
        approved at once. What is asked for can never be changed: to change it, ask again.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            create_deployment._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            create_deployment._parse_response,
        )

    async def preview_deployment(
        self,
        body: DeploymentCreate,
    ) -> DeploymentPreview:
        """Preview a deployment.

        Say what would become of a request, without making it.

        The body is that of a request, and is refused as that would be. The answer tells the review
        that it would need, every gate as it stands now, and what the caller could do.
        """
        return await self._call(
            preview_deployment._get_kwargs(
                body=body,
            ),
            preview_deployment._parse_response,
        )

    async def get_deployment(
        self,
        deployment: str,
    ) -> Deployment:
        """Get a deployment.

        One deployment, by its id or its number (`DEP-42` or `42`).

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return await self._call(
            get_deployment._get_kwargs(
                deployment=deployment,
            ),
            get_deployment._parse_response,
        )

    async def close_after_review(
        self,
        deployment: str,
        body: AfterReviewBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Close an after-review.

        Judge a break-glass afterwards, as a reviewer whom the policy asks for.

        Never one's own request, and never a glass that one broke oneself. An attempt that may not
        count is refused, and recorded.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            close_after_review._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            close_after_review._parse_response,
        )

    async def approve_deployment(
        self,
        deployment: str,
        body: ApproveBody | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Approve a deployment.

        Consent, as a reviewer, in the stage that is open.

        Never to one's own request. The deployment is approved when the last stage is satisfied. An
        attempt that may not count is refused, and recorded.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            approve_deployment._get_kwargs(
                deployment=deployment,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            approve_deployment._parse_response,
        )

    async def break_glass(
        self,
        deployment: str,
        body: BreakGlassBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Break the glass.

        Approve, in an emergency, without the reviewers; they judge it afterwards.

        It needs the role emergency, and is told for ever. Its after-review falls due as the policy
        says; while one is overdue in the environment, the glass is not broken there again. An
        attempt that is denied is recorded.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            break_glass._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            break_glass._parse_response,
        )

    async def cancel_deployment(
        self,
        deployment: str,
        body: ReasonBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Cancel a deployment.

        Take it back before it has started.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            cancel_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            cancel_deployment._parse_response,
        )

    async def list_deployment_checks(
        self,
        deployment: str,
    ) -> DeploymentSteps:
        """List the checks of a deployment.

        Every attempt at every check of it, and at readiness before them, as they came.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return await self._call(
            list_deployment_checks._get_kwargs(
                deployment=deployment,
            ),
            list_deployment_checks._parse_response,
        )

    async def list_deployment_events(
        self,
        deployment: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EventPage:
        """List the events of a deployment.

        What happened to it, oldest first. Events are never changed and never removed.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_deployment_events._get_kwargs(
                deployment=deployment,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_deployment_events._parse_response,
        )

    async def get_deployment_evidence(
        self,
        deployment: str,
    ) -> Evidence:
        """Hand over the evidence of a deployment.

        Everything about one deployment in one document, all of it as of the same instant.

        What was asked for, the policy it was asked under, who approved exactly what, how each gate
        stood at the start, what workers told, and every event with its hashes. The archive also
        holds a program of nothing but Python's standard library that recomputes all of them without
        a server: unpack it and run `python3 verify.py`.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return await self._call(
            get_deployment_evidence._get_kwargs(
                deployment=deployment,
            ),
            get_deployment_evidence._parse_response,
        )

    async def fail_deployment(
        self,
        deployment: str,
        body: ReasonBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment failed.

        Record that the rollout ran and did not work. A rollback may still be recorded.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            fail_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            fail_deployment._parse_response,
        )

    async def get_deployment_gates(
        self,
        deployment: str,
    ) -> DeploymentGates:
        """Explain why a deployment waits.

        Every gate between the deployment and its start, and what the caller can do now.

        An action is marked allowed exactly if it would succeed for the caller, given a note.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return await self._call(
            get_deployment_gates._get_kwargs(
                deployment=deployment,
            ),
            get_deployment_gates._parse_response,
        )

    async def override_gate(
        self,
        deployment: str,
        body: OverrideBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Override a gate.

        Pass one gate of one deployment, which is told for ever.

        It needs the role emergency. Reviewers are never passed so, nor is a busy lane.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            override_gate._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            override_gate._parse_response,
        )

    async def promote_deployment(
        self,
        deployment: str,
        body: PromoteBody | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Promote a deployment.

        Ask for the version that succeeded here in the next environment.

        Answers with the deployment asked for: of kind promotion, with the work references, the
        rollback plan and the risk of this one. It is asked for at most once.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            promote_deployment._get_kwargs(
                deployment=deployment,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            promote_deployment._parse_response,
        )

    async def reject_deployment(
        self,
        deployment: str,
        body: ReasonBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Reject a deployment.

        Refuse, as a reviewer of the stage that is open. One refusal ends the deployment.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            reject_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            reject_deployment._parse_response,
        )

    async def rollback_deployment(
        self,
        deployment: str,
        body: RollbackBody,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment was rolled back.

        Record that what was rolled out has been reverted.

        Whether it was still under way, had succeeded or had failed. With `redeploy`, the last
        version there that is known to be good is asked for in the same breath, as a deployment of
        kind rollback (`rolled_back_by` names it), and the one rolled back is blocked there. Where
        none is known, nothing happens at all.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            rollback_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            rollback_deployment._parse_response,
        )

    async def start_deployment(
        self,
        deployment: str,
        body: ActionBody | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Start a deployment.

        Record that the rollout begins; in a worker-run environment, queue it for a worker.

        Refused while another deployment of the same service and environment is under way, and once
        a later one went ahead.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            start_deployment._get_kwargs(
                deployment=deployment,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            start_deployment._parse_response,
        )

    async def list_deployment_steps(
        self,
        deployment: str,
    ) -> DeploymentSteps:
        """List the steps of a deployment.

        All that workers told of it, as it came: the rollout, readiness and checks.

        The event that ended it has their number and their SHA-256.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return await self._call(
            list_deployment_steps._get_kwargs(
                deployment=deployment,
            ),
            list_deployment_steps._parse_response,
        )

    async def succeed_deployment(
        self,
        deployment: str,
        body: ActionBody | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment succeeded.

        Record that the rollout worked: from now on this version stands in the environment.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            succeed_deployment._get_kwargs(
                deployment=deployment,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
                if_match=or_unset(if_match),
            ),
            succeed_deployment._parse_response,
        )

    async def list_inbox(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List what waits for your review.

        The deployments that you could approve now, oldest first.

        Those that were approved by break-glass, and whose after-review you could give, are among
        them.

        Where many wait that are not yours to approve, an answer may hold fewer than asked for and
        still have a next part.

        Args:
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_inbox._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_inbox._parse_response,
        )

    async def get_deployment_evidence_zip(
        self,
        deployment: str,
    ) -> File:
        """Hand over the evidence of a deployment.

        Everything about one deployment in one document, all of it as of the same instant.

        What was asked for, the policy it was asked under, who approved exactly what, how each gate
        stood at the start, what workers told, and every event with its hashes. The archive also
        holds a program of nothing but Python's standard library that recomputes all of them without
        a server: unpack it and run `python3 verify.py`.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
        """
        return await self._call(
            get_deployment_evidence_zip._get_kwargs(
                deployment=deployment,
            ),
            get_deployment_evidence_zip._parse_response,
        )

    async def get_current_state(
        self,
        *,
        service: list[str] | None = None,
        environment: list[str] | None = None,
        tier: list[Tier] | None = None,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get the current state.

        What stands in each service and environment: now, or at an instant of the past.

        It goes by when things were deployed, rolled back or retired, not by when we learned of it,
        so that history which is imported today answers for yesterday.

        Args:
            service: Of any of these services.
            environment: In any of these environments.
            tier: In any of these tiers.
            at: The instant that is asked for: now where it is absent, or in the past.
        """
        return await self._call(
            get_current_state._get_kwargs(
                service=or_unset(service),
                environment=or_unset(environment),
                tier=or_unset(tier),
                at=or_unset(at),
            ),
            get_current_state._parse_response,
        )

    async def import_history(
        self,
        body: File,
        *,
        create_missing: bool | None = None,
        idempotency_key: str | None = None,
    ) -> ImportResult:
        """Import recorded history.

        Record what happened elsewhere from a CSV file with a header, or from NDJSON.

        All rows or none: whatever is wrong is told by row and column, and then nothing is kept. A
        row whose `external_id` is known is no second record, so that a file can be sent again.

        Args:
            create_missing: Whether to make services, versions and environments that are not
                known yet; without it they are faults.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            import_history._get_kwargs(
                body=body,
                create_missing=or_unset(create_missing),
                idempotency_key=or_unset(idempotency_key),
            ),
            import_history._parse_response,
        )

    async def record_deployment(
        self,
        body: RecordCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Record a deployment that happened elsewhere.

        Tell what was deployed where and when, so that the current state and the history know it.

        A record is born `succeeded` and never changes; a later one takes its place. What was told
        before with the same `external_id` is given back as it is kept.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            record_deployment._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            record_deployment._parse_response,
        )

    async def hide_deployment(
        self,
        deployment: str,
        body: HideBody,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Hide a record that is wrong.

        Take a record for an error: it is still listed, marked as hidden, but it never stood.

        Nothing is deleted, and what was carried out here cannot be hidden.

        Args:
            deployment: The deployment's id, or its number: `DEP-42` or `42`.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            hide_deployment._get_kwargs(
                deployment=deployment,
                body=body,
                if_match=or_unset(if_match),
                idempotency_key=or_unset(idempotency_key),
            ),
            hide_deployment._parse_response,
        )

    async def list_environment_history(
        self,
        environment: str,
        *,
        service: list[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List the history of an environment.

        The deployments to an environment, the latest first; see the history of a service.

        Args:
            environment: The environment's name.
            service: Of any of these services.
            since: Deployed at this instant or later; where it was not deployed, asked for.
            until: Deployed before this instant; where it was not deployed, asked for.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_environment_history._get_kwargs(
                environment=environment,
                service=or_unset(service),
                since=or_unset(since),
                until=or_unset(until),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_environment_history._parse_response,
        )

    async def get_current_in_environment(
        self,
        environment: str,
        *,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get what stands in an environment.

        What stands in one environment, of each service.

        Args:
            environment: The environment's name.
            at: The instant that is asked for: now where it is absent, or in the past.
        """
        return await self._call(
            get_current_in_environment._get_kwargs(
                environment=environment,
                at=or_unset(at),
            ),
            get_current_in_environment._parse_response,
        )

    async def get_delivery_report(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        service: list[str] | None = None,
        environment: list[str] | None = None,
        bucket: Bucket | None = None,
    ) -> DeliveryReport:
        """Get the report on delivery.

        How often, how fast and how well things are deployed, and how approvals go.

        Each figure says what it counts and names the deployments behind it. A rollback is linked
        to what it undoes when it is asked for; nothing is guessed from times that lie close by.

        Args:
            since: The beginning of the span; where it is absent, 90 days before its end.
            until: The end of the span, which it does not hold; now where absent.
            service: Of any of these services.
            environment: In any of these environments.
            bucket: How long the parts of a report are; all begin at midnight UTC.
        """
        return await self._call(
            get_delivery_report._get_kwargs(
                since=or_unset(since),
                until=or_unset(until),
                service=or_unset(service),
                environment=or_unset(environment),
                bucket=or_unset(bucket),
            ),
            get_delivery_report._parse_response,
        )

    async def list_service_history(
        self,
        service: str,
        *,
        environment: list[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List the history of a service.

        The deployments of a service, the latest first.

        They are in order of when they were deployed or, where they were not (yet), asked for.
        Pages stay right while deployments are added.

        Args:
            service: The service's name.
            environment: In any of these environments.
            since: Deployed at this instant or later; where it was not deployed, asked for.
            until: Deployed before this instant; where it was not deployed, asked for.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_service_history._get_kwargs(
                service=service,
                environment=or_unset(environment),
                since=or_unset(since),
                until=or_unset(until),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_service_history._parse_response,
        )

    async def get_current_of_service(
        self,
        service: str,
        *,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get what stands of a service.

        What stands of one service, in each environment.

        Args:
            service: The service's name.
            at: The instant that is asked for: now where it is absent, or in the past.
        """
        return await self._call(
            get_current_of_service._get_kwargs(
                service=service,
                at=or_unset(at),
            ),
            get_current_of_service._parse_response,
        )

    async def retire_target(
        self,
        service: str,
        environment: str,
        *,
        at: datetime.datetime | None = None,
    ) -> RetiredTarget:
        """Retire a target.

        Take a service out of the current state of an environment, from an instant on.

        Nothing is deleted: before that instant it stood there, and a later deployment revives it.

        Args:
            service: The service's name.
            environment: The environment's name.
            at: From when on; now where it is absent. Only an admin goes back in time.
        """
        return await self._call(
            retire_target._get_kwargs(
                service=service,
                environment=environment,
                at=or_unset(at),
            ),
            retire_target._parse_response,
        )

    async def get_stats(
        self,
    ) -> Stats:
        """Get the figures of the week.

        How many services there are, how much was deployed this week, and what was last.
        """
        return await self._call(
            get_stats._get_kwargs(),
            get_stats._parse_response,
        )

    async def list_environments(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        archived: bool | None = None,
    ) -> EnvironmentPage:
        """List environments.

        All environments that are not archived, or those that are, in the order of promotion.

        Args:
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
            archived: Whether to list what is archived, instead of what is not.
        """
        return await self._call(
            list_environments._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
                archived=or_unset(archived),
            ),
            list_environments._parse_response,
        )

    async def create_environment(
        self,
        body: EnvironmentCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Environment:
        """Create an environment.

        Make a place where versions run.

        Without a policy it gets its tier's: stages qa and devops in production, one reviewer in
        staging, no review in test and development.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            create_environment._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            create_environment._parse_response,
        )

    async def get_environment(
        self,
        environment: str,
    ) -> Environment:
        """Get an environment.

        One environment, by its name.

        Args:
            environment: The environment's name.
        """
        return await self._call(
            get_environment._get_kwargs(
                environment=environment,
            ),
            get_environment._parse_response,
        )

    async def change_environment(
        self,
        environment: str,
        body: EnvironmentChange,
        *,
        if_match: str | None = None,
    ) -> Environment:
        """Change an environment.

        Change what an environment is called and where it stands, archive it or revive it.

        An archived one takes no new request, and is listed only when asked for; what was deployed
        there stays. Its tier never changes: make another environment instead.

        Args:
            environment: The environment's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            change_environment._get_kwargs(
                environment=environment,
                body=body,
                if_match=or_unset(if_match),
            ),
            change_environment._parse_response,
        )

    async def get_policy(
        self,
        environment: str,
    ) -> Policy:
        """Get an environment's policy.

        The policy in force.

        Args:
            environment: The environment's name.
        """
        return await self._call(
            get_policy._get_kwargs(
                environment=environment,
            ),
            get_policy._parse_response,
        )

    async def put_policy(
        self,
        environment: str,
        body: PolicyBody,
        *,
        if_match: str | None = None,
    ) -> Policy:
        """Change an environment's policy.

        Put the policy's next version in force, for what is asked for from now on.

        What is open already keeps the version it was asked under. A field that is left out gets its
        default, not what it was.

        Args:
            environment: The environment's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            put_policy._get_kwargs(
                environment=environment,
                body=body,
                if_match=or_unset(if_match),
            ),
            put_policy._parse_response,
        )

    async def list_policy_versions(
        self,
        environment: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PolicyPage:
        """List the versions of an environment's policy.

        Every policy that was ever in force there, the latest first.

        A deployment keeps the version that it was asked under.

        Args:
            environment: The environment's name.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_policy_versions._get_kwargs(
                environment=environment,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_policy_versions._parse_response,
        )

    async def list_events(
        self,
        *,
        after: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EventPage:
        """List events.

        All events, oldest first.

        `seq` has no gaps, so a reader that remembers the last one it saw misses nothing.

        Args:
            after: Events behind this `seq`; a cursor takes precedence.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_events._get_kwargs(
                after=or_unset(after),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_events._parse_response,
        )

    async def list_freezes(
        self,
        *,
        active: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> FreezePage:
        """List freezes.

        All that were ever imposed, the latest first.

        With `active`, an answer may hold fewer than asked for and still have a next part.

        Args:
            active: Only those that are on now.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_freezes._get_kwargs(
                active=or_unset(active),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_freezes._parse_response,
        )

    async def impose_freeze(
        self,
        body: FreezeCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Freeze:
        """Impose a freeze.

        Let a scope take no new starts for a while, or only in certain windows.

        What has started goes on; what waits to start by itself does once nothing holds it any more.
        A deny wins over every window. Rollbacks pass.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            impose_freeze._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            impose_freeze._parse_response,
        )

    async def get_freeze(
        self,
        freeze: str,
    ) -> Freeze:
        """Get a freeze.

        One freeze, by its id.

        Args:
            freeze: The freeze's id.
        """
        return await self._call(
            get_freeze._get_kwargs(
                freeze=freeze,
            ),
            get_freeze._parse_response,
        )

    async def lift_freeze(
        self,
        freeze: str,
        body: LiftBody | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Freeze:
        """Lift a freeze.

        End it before its time. What waited for that goes on by itself, in order.

        Args:
            freeze: The freeze's id.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            lift_freeze._get_kwargs(
                freeze=freeze,
                body=or_unset(body),
                idempotency_key=or_unset(idempotency_key),
            ),
            lift_freeze._parse_response,
        )

    async def list_services(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        archived: bool | None = None,
    ) -> ServicePage:
        """List services.

        All services that are not archived, or those that are, by name.

        Args:
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
            archived: Whether to list what is archived, instead of what is not.
        """
        return await self._call(
            list_services._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
                archived=or_unset(archived),
            ),
            list_services._parse_response,
        )

    async def register_service(
        self,
        body: ServiceCreate,
        *,
        idempotency_key: str | None = None,
    ) -> RegisteredService:
        """Register a service.

        Make a service known, so that its versions can be registered and deployed.

        The answer tells what is generated for it: infrastructure, runtime and pipelines, for all
        environments that are not archived.

        Args:
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            register_service._get_kwargs(
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            register_service._parse_response,
        )

    async def get_service(
        self,
        service: str,
    ) -> Service:
        """Get a service.

        One service, by its name.

        Args:
            service: The service's name.
        """
        return await self._call(
            get_service._get_kwargs(
                service=service,
            ),
            get_service._parse_response,
        )

    async def change_service(
        self,
        service: str,
        body: ServiceChange,
        *,
        if_match: str | None = None,
    ) -> RegisteredService:
        """Change a service.

        Change what is told of a service, archive it or revive it.

        An archived one takes no new version and no new request, and is listed only when asked for;
        its history stays. To archive or revive it needs the role operator or admin, anything else
        the role requester.

        Args:
            service: The service's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            change_service._get_kwargs(
                service=service,
                body=body,
                if_match=or_unset(if_match),
            ),
            change_service._parse_response,
        )

    async def get_contracts(
        self,
        service: str,
    ) -> Contracts:
        """List the contracts of a service.

        Which files are generated for a service, for all environments that are not archived.

        They follow from the service, its environments and the templates alone: as long as none of
        these changes, every byte stays, and so does the ETag.

        Args:
            service: The service's name.
        """
        return await self._call(
            get_contracts._get_kwargs(
                service=service,
            ),
            get_contracts._parse_response,
        )

    async def get_contracts_zip(
        self,
        service: str,
    ) -> File:
        """Download the contracts of a service.

        All generated files in one zip archive, the same bytes as long as nothing changes.

        Args:
            service: The service's name.
        """
        return await self._call(
            get_contracts_zip._get_kwargs(
                service=service,
            ),
            get_contracts_zip._parse_response,
        )

    async def get_contract_file(
        self,
        service: str,
        path: str,
    ) -> str:
        """Get a contract.

        The text of one generated file.

        Args:
            service: The service's name.
            path: The path of the file, as the list of contracts has it.
        """
        return await self._call(
            get_contract_file._get_kwargs(
                service=service,
                path=path,
            ),
            get_contract_file._parse_response,
        )

    async def get_service_health(
        self,
        service: str,
        *,
        environment: str | None = None,
    ) -> ServiceHealth:
        """Tell how a service does.

        The latest deployment of a service, by number, and what the contract gives it there.

        Args:
            service: The service's name.
            environment: Only of this environment; of any where it is absent.
        """
        return await self._call(
            get_service_health._get_kwargs(
                service=service,
                environment=or_unset(environment),
            ),
            get_service_health._parse_response,
        )

    async def list_restrictions(
        self,
        service: str,
    ) -> Restrictions:
        """List what of a service may not be deployed.

        The versions that were rolled back and are blocked, and where nothing is promoted to.

        Args:
            service: The service's name.
        """
        return await self._call(
            list_restrictions._get_kwargs(
                service=service,
            ),
            list_restrictions._parse_response,
        )

    async def list_targets(
        self,
        service: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TargetPage:
        """List the targets of a service.

        The targets of a service that were ever set up, by environment.

        Args:
            service: The service's name.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_targets._get_kwargs(
                service=service,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_targets._parse_response,
        )

    async def get_target(
        self,
        service: str,
        environment: str,
    ) -> Target:
        """Get a target.

        How a service is rolled out to an environment; 404 where nobody ever said.

        Args:
            service: The service's name.
            environment: The environment's name.
        """
        return await self._call(
            get_target._get_kwargs(
                service=service,
                environment=environment,
            ),
            get_target._parse_response,
        )

    async def put_target(
        self,
        service: str,
        environment: str,
        body: TargetBody,
        *,
        if_match: str | None = None,
    ) -> Target:
        """Set up a target.

        Say how a service is rolled out to an environment, and how to see that it works there.

        It replaces what was said before: a field that is left out gets its default.

        Args:
            service: The service's name.
            environment: The environment's name.
            if_match: The ETag that was seen last: if it has changed since, nothing is done and
                the answer is 412.
        """
        return await self._call(
            put_target._get_kwargs(
                service=service,
                environment=environment,
                body=body,
                if_match=or_unset(if_match),
            ),
            put_target._parse_response,
        )

    async def release_hold(
        self,
        service: str,
        environment: str,
        body: ReleaseBody,
        *,
        idempotency_key: str | None = None,
    ) -> Hold:
        """Release a hold.

        Let what policies promote by themselves go to an environment again.

        Answers with what held it. What waited for that goes on by itself.

        Args:
            service: The service's name.
            environment: The environment's name.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            release_hold._get_kwargs(
                service=service,
                environment=environment,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            release_hold._parse_response,
        )

    async def list_versions(
        self,
        service: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> VersionPage:
        """List the versions of a service.

        The versions of a service, the latest registered first.

        Args:
            service: The service's name.
            limit: At most so many items in the answer.
            cursor: The `next_cursor` of the answer before; without it, the list's beginning.
        """
        return await self._call(
            list_versions._get_kwargs(
                service=service,
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_versions._parse_response,
        )

    async def register_version(
        self,
        service: str,
        body: VersionCreate,
        *,
        idempotency_key: str | None = None,
    ) -> Version:
        """Register a version.

        Make a build of a service known. It can be deployed from then on, and never changes.

        Args:
            service: The service's name.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            register_version._get_kwargs(
                service=service,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            register_version._parse_response,
        )

    async def get_version(
        self,
        service: str,
        version: str,
    ) -> Version:
        """Get a version.

        One version of a service, by its name.

        Args:
            service: The service's name.
            version: The version, as it was registered; in a URL, `/` may stand in it or be %2F.
        """
        return await self._call(
            get_version._get_kwargs(
                service=service,
                version=version,
            ),
            get_version._parse_response,
        )

    async def unblock_version(
        self,
        service: str,
        version: str,
        body: UnblockBody,
        *,
        idempotency_key: str | None = None,
    ) -> VersionBlock:
        """Unblock a version.

        Let a version that was rolled back be deployed in an environment again.

        Answers with what kept it out. What waited for that goes on by itself.

        Args:
            service: The service's name.
            version: The version, as it was registered; in a URL, `/` may stand in it or be %2F.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            unblock_version._get_kwargs(
                service=service,
                version=version,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            unblock_version._parse_response,
        )

    async def claim_task(
        self,
        body: ClaimCreate,
    ) -> Task | None:
        """Claim something to do.

        Take over what a lost worker left, or start what has been queued longest.

        A deployment whose gates are not open is passed over. With `wait_s`, an answer may take that
        long; whoever has gone by then starts nothing. 204 where there is nothing to do.
        """
        return await self._call_or_none(
            claim_task._get_kwargs(
                body=body,
            ),
            claim_task._parse_response,
        )

    async def finish_claim(
        self,
        claim: str,
        body: FinishBody,
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Finish a claim.

        End the deployment as it went. What follows from that, such as a promotion, follows.

        409 once another worker has it, or it has ended: nothing is changed then.

        Args:
            claim: The claim's id.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            finish_claim._get_kwargs(
                claim=claim,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            finish_claim._parse_response,
        )

    async def renew_claim(
        self,
        claim: str,
        body: RenewBody,
    ) -> ClaimLease:
        """Renew a claim.

        Keep it for another lease. 409 once another worker has it, or the deployment has ended.

        A worker that hears so stops at once: whatever it does from then on counts for nothing.

        Args:
            claim: The claim's id.
        """
        return await self._call(
            renew_claim._get_kwargs(
                claim=claim,
                body=body,
            ),
            renew_claim._parse_response,
        )

    async def report_steps(
        self,
        claim: str,
        body: StepsBody,
        *,
        idempotency_key: str | None = None,
    ) -> ClaimLease:
        """Report steps.

        Tell how it goes, which renews the claim too. What was told is kept and shown.

        Args:
            claim: The claim's id.
            idempotency_key: Makes a repeat safe: the same key with the same request is carried
                out once, and answered with the first answer, for 7 days. Refusals are not
                remembered.
        """
        return await self._call(
            report_steps._get_kwargs(
                claim=claim,
                body=body,
                idempotency_key=or_unset(idempotency_key),
            ),
            report_steps._parse_response,
        )

    async def get_liveness(
        self,
    ) -> Health:
        """Tell whether the process lives.

        Answers as long as the process can answer at all.
        """
        return await self._call(
            get_liveness._get_kwargs(),
            get_liveness._parse_response,
        )

    async def get_readiness(
        self,
    ) -> Health:
        """Tell whether requests can be served.

        Answers 200 while both reading and writing work.
        """
        return await self._call(
            get_readiness._get_kwargs(),
            get_readiness._parse_response,
        )
