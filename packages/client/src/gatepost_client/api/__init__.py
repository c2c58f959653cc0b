"""The client classes, with one method per operation, in the order of the API contract."""

import datetime
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

from ..base_client import AsyncBaseClient, BaseClient
from ..models.action_body import ActionBody
from ..models.after_review_body import AfterReviewBody
from ..models.api_index import ApiIndex
from ..models.approve_body import ApproveBody
from ..models.break_glass_body import BreakGlassBody
from ..models.bucket import Bucket
from ..models.check_run import CheckRun
from ..models.check_run_finish_body import CheckRunFinishBody
from ..models.check_run_lease import CheckRunLease
from ..models.check_run_page import CheckRunPage
from ..models.check_task import CheckTask
from ..models.claim_create import ClaimCreate
from ..models.claim_lease import ClaimLease
from ..models.consistency_proof import ConsistencyProof
from ..models.contracts import Contracts
from ..models.current_state import CurrentState
from ..models.delivery_finish_body import DeliveryFinishBody
from ..models.delivery_report import DeliveryReport
from ..models.delivery_state import DeliveryState
from ..models.delivery_task import DeliveryTask
from ..models.deployment import Deployment
from ..models.deployment_changes import DeploymentChanges
from ..models.deployment_create import DeploymentCreate
from ..models.deployment_gates import DeploymentGates
from ..models.deployment_kind import DeploymentKind
from ..models.deployment_page import DeploymentPage
from ..models.deployment_preview import DeploymentPreview
from ..models.deployment_status import DeploymentStatus
from ..models.deployment_steps import DeploymentSteps
from ..models.effect import Effect
from ..models.environment import Environment
from ..models.environment_change import EnvironmentChange
from ..models.environment_create import EnvironmentCreate
from ..models.environment_page import EnvironmentPage
from ..models.event_page import EventPage
from ..models.evidence import Evidence
from ..models.export_format import ExportFormat
from ..models.finish_body import FinishBody
from ..models.freeze import Freeze
from ..models.freeze_create import FreezeCreate
from ..models.freeze_import_result import FreezeImportResult
from ..models.freeze_page import FreezePage
from ..models.freeze_preview import FreezePreview
from ..models.health import Health
from ..models.hide_body import HideBody
from ..models.hold import Hold
from ..models.import_history_tiers import ImportHistoryTiers
from ..models.import_result import ImportResult
from ..models.inbox_page import InboxPage
from ..models.incident import Incident
from ..models.incident_create import IncidentCreate
from ..models.incident_page import IncidentPage
from ..models.inclusion_proof import InclusionProof
from ..models.ingest_delivery import IngestDelivery
from ..models.ingest_delivery_detail import IngestDeliveryDetail
from ..models.ingest_delivery_page import IngestDeliveryPage
from ..models.ingest_source import IngestSource
from ..models.ingest_source_kind import IngestSourceKind
from ..models.ingest_source_list import IngestSourceList
from ..models.ingest_source_put import IngestSourcePut
from ..models.ingest_state import IngestState
from ..models.invitation import Invitation
from ..models.issued_token import IssuedToken
from ..models.lift_body import LiftBody
from ..models.link_body import LinkBody
from ..models.list_order import ListOrder
from ..models.me import Me
from ..models.notification import Notification
from ..models.notification_channel import NotificationChannel
from ..models.notification_channel_create import NotificationChannelCreate
from ..models.notification_channel_page import NotificationChannelPage
from ..models.notification_channel_update import NotificationChannelUpdate
from ..models.notification_finish_body import NotificationFinishBody
from ..models.notification_page import NotificationPage
from ..models.notification_state import NotificationState
from ..models.notification_task import NotificationTask
from ..models.on_conflict import OnConflict
from ..models.override_body import OverrideBody
from ..models.pipeline_proof import PipelineProof
from ..models.policy import Policy
from ..models.policy_body import PolicyBody
from ..models.policy_page import PolicyPage
from ..models.policy_simulation import PolicySimulation
from ..models.policy_simulation_body import PolicySimulationBody
from ..models.promote_body import PromoteBody
from ..models.protection_answer import ProtectionAnswer
from ..models.protection_answer_finish_body import ProtectionAnswerFinishBody
from ..models.protection_answer_task import ProtectionAnswerTask
from ..models.reason_body import ReasonBody
from ..models.receive_delivery_body import ReceiveDeliveryBody
from ..models.record_create import RecordCreate
from ..models.registered_service import RegisteredService
from ..models.release_body import ReleaseBody
from ..models.renew_body import RenewBody
from ..models.resolve_body import ResolveBody
from ..models.restrictions import Restrictions
from ..models.retired_target import RetiredTarget
from ..models.rollback_body import RollbackBody
from ..models.service import Service
from ..models.service_change import ServiceChange
from ..models.service_create import ServiceCreate
from ..models.service_health import ServiceHealth
from ..models.service_page import ServicePage
from ..models.settings_change import SettingsChange
from ..models.settings_change_approval import SettingsChangeApproval
from ..models.settings_change_page import SettingsChangePage
from ..models.settings_change_rejection import SettingsChangeRejection
from ..models.settings_change_state import SettingsChangeState
from ..models.state_differences import StateDifferences
from ..models.stats import Stats
from ..models.steps_body import StepsBody
from ..models.target import Target
from ..models.target_body import TargetBody
from ..models.target_page import TargetPage
from ..models.target_version_page import TargetVersionPage
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
from ..models.user_reset import UserReset
from ..models.verification import Verification
from ..models.version import Version
from ..models.version_block import VersionBlock
from ..models.version_create import VersionCreate
from ..models.version_page import VersionPage
from ..models.webhook import Webhook
from ..models.webhook_create import WebhookCreate
from ..models.webhook_delivery import WebhookDelivery
from ..models.webhook_delivery_page import WebhookDeliveryPage
from ..models.webhook_page import WebhookPage
from ..models.webhook_update import WebhookUpdate
from ..models.webhook_with_secret import WebhookWithSecret
from ..models.workers import Workers
from ..plain_values import as_enum, as_enums, as_list, as_model, or_unset
from ..responses import ResponseParser
from ..types import File, FileTypes
from .audit import (
    export_record,
    get_checkpoint,
    get_consistency_proof,
    get_inclusion_proof,
    verify_record,
)
from .deployments import (
    approve_deployment,
    break_glass,
    cancel_deployment,
    close_after_review,
    create_deployment,
    fail_deployment,
    get_deployment,
    get_deployment_changes,
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
    retry_deployment,
    rollback_deployment,
    start_deployment,
    succeed_deployment,
    withdraw_approval,
)
from .environments import (
    change_environment,
    create_environment,
    get_environment,
    get_policy,
    list_environments,
    list_policy_versions,
    put_policy,
    simulate_policy,
)
from .events import list_events
from .freezes import (
    get_freeze,
    get_freeze_calendar,
    import_freezes,
    impose_freeze,
    lift_freeze,
    list_freezes,
    preview_freeze,
)
from .health import get_api_index, get_liveness, get_metrics, get_readiness
from .incidents import (
    get_incident,
    link_incident,
    list_incidents,
    open_incident,
    resolve_incident,
)
from .ingest import (
    get_ingest_delivery,
    list_ingest_deliveries,
    list_ingest_sources,
    put_ingest_source,
    receive_delivery,
    remove_ingest_source,
    replay_ingest_delivery,
)
from .notifications import (
    add_notification_channel,
    change_notification_channel,
    get_notification_channel,
    list_notification_channels,
    list_notifications,
    remove_notification_channel,
    resend_notification,
    test_notification_channel,
)
from .people import (
    add_user,
    change_user,
    exchange_token,
    get_me,
    get_user,
    invite_user,
    issue_token,
    list_tokens,
    list_users,
    reset_user,
    revoke_token,
)
from .services import (
    change_service,
    get_check_run,
    get_contract_file,
    get_contracts,
    get_contracts_zip,
    get_service,
    get_service_health,
    get_target,
    get_version,
    list_check_runs,
    list_restrictions,
    list_services,
    list_target_versions,
    list_targets,
    list_versions,
    put_target,
    register_service,
    register_version,
    release_hold,
    run_checks,
    unblock_version,
)
from .settings import (
    approve_settings_change,
    get_settings_change,
    list_settings_changes,
    reject_settings_change,
)
from .tracking import (
    compare_current_state,
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
from .webhooks import (
    add_webhook,
    change_webhook,
    get_webhook,
    list_webhook_deliveries,
    list_webhooks,
    redeliver_event,
    remove_webhook,
    rotate_webhook_secret,
    test_webhook,
)
from .workers import (
    claim_task,
    finish_check_run,
    finish_claim,
    finish_delivery,
    finish_notifications,
    finish_protection_answer,
    list_workers,
    renew_check_run,
    renew_claim,
    report_steps,
)

__all__ = ["AsyncOperations", "Operations"]


class Operations(BaseClient):
    """The operations of a Gatepost server, one method for each.

    A method returns the documented response, or raises a `GatepostError`: usually a
    `GatepostProblem`, if the server refused the request. Arguments that are None are not sent.
    Strings can be used in place of enums, and mappings in place of models.
    """

    def get_api_index(
        self,
    ) -> ApiIndex:
        """Get the starting point of the API.

        Return the version of the API and the paths of its documentation and lists.
        """
        return self._call(
            get_api_index._get_kwargs(),
            get_api_index._parse_response,
        )

    def get_liveness(
        self,
    ) -> Health:
        """Check liveness.

        Return 200 while the process can respond.
        """
        return self._call(
            get_liveness._get_kwargs(),
            get_liveness._parse_response,
        )

    def get_readiness(
        self,
    ) -> Health:
        """Check readiness.

        Return 200 while the database can be read and written, 503 otherwise.

        The response comes within a few seconds. With 503, `reason` explains why: for example, the
        disk is full, the file was moved, replaced or damaged, or the database is locked or does not
        respond.
        """
        return self._call(
            get_readiness._get_kwargs(),
            get_readiness._parse_response,
        )

    def get_metrics(
        self,
    ) -> str:
        """Get the metrics.

        Return metrics of this process and of the stored data, for Prometheus.

        The format is the text format of Prometheus, or OpenMetrics if `Accept` prefers it. If the
        database does not respond within 3 seconds, `gatepost_database_up` is 0.
        """
        return self._call(
            get_metrics._get_kwargs(),
            get_metrics._parse_response,
        )

    def get_checkpoint(
        self,
    ) -> str:
        """Get a checkpoint of the event log.

        Return a signed statement of the number of events and the root hash of their tree.

        Keep it outside Gatepost: `gatepost-server verify --checkpoint` then finds any later change,
        removal or reordering of these events. The text is a signed note with a checkpoint (C2SP
        `signed-note` and `tlog-checkpoint`); a leaf is the 32-byte `hash` of an event. Also keep
        the public key, which is in the header `Gatepost-Public-Key`.

        Requires the `auditor` role.
        """
        return self._call(
            get_checkpoint._get_kwargs(),
            get_checkpoint._parse_response,
        )

    def get_consistency_proof(
        self,
        *,
        old_size: int,
        size: int | None = None,
    ) -> ConsistencyProof:
        """Prove that the log has only grown.

        Return the proof (RFC 6962) that the log still begins with its first `old_size` events.

        Compare `old_root` with the root hash of the checkpoint that you kept.

        Requires the `auditor` role.

        Args:
            old_size: The number of events in the earlier tree.
            size: The number of events in the tree. Default: all events.
        """
        return self._call(
            get_consistency_proof._get_kwargs(
                old_size=old_size,
                size=or_unset(size),
            ),
            get_consistency_proof._parse_response,
        )

    def export_record(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        format_: ExportFormat | str | None = None,
    ) -> File:
        """Export deployments and events.

        Export deployments as a stream, ordered by number.

        A line of `jsonl` is a deployment as `GET /deployments/{deployment}` returns it, plus the
        field `in_effect`: whether it can be the live deployment of its service in its environment,
        because it went live and has not since been rolled back, hidden or retired. An import of the
        file skips the lines in which `in_effect` is false.

        `csv` begins with the columns that an import reads. A cell that begins with `=`, `+`, `-`,
        `@`, one of their full-width forms, a tab, a line break or an apostrophe is prefixed with an
        apostrophe, so that no spreadsheet executes the cell as a formula. An import removes this
        prefix.

        `zip` contains `deployments.jsonl`; `events.jsonl`, with the events of these deployments or,
        without a filter, all events, each with its proof (RFC 6962) under the signed
        `checkpoint.txt`; and `verify.py`, which verifies these files with only Python's standard
        library.

        An export contains the deployments that existed when it began, each in its state at the
        moment it is written. At most four exports run at a time.

        Requires the `auditor` role.

        Args:
            since: Deployed or, if not deployed, requested at or after this time.
            until: Deployed or, if not deployed, requested before this time.
            service: Filter by service.
            environment: Filter by environment.
            format_: The format of an export.
        """
        return self._call(
            export_record._get_kwargs(
                since=or_unset(since),
                until=or_unset(until),
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                format_=or_unset(as_enum(ExportFormat, format_)),
            ),
            export_record._parse_response,
        )

    def get_inclusion_proof(
        self,
        *,
        seq: int,
        size: int | None = None,
    ) -> InclusionProof:
        """Prove that an event is part of the log.

        Return the proof (RFC 6962) that an event is part of the log, and a signed checkpoint.

        The proof can be verified with the checkpoint alone, without the rest of the log.

        Requires the `auditor` role.

        Args:
            seq: The `seq` of the event.
            size: The number of events in the tree. Default: all events.
        """
        return self._call(
            get_inclusion_proof._get_kwargs(
                seq=seq,
                size=or_unset(size),
            ),
            get_inclusion_proof._parse_response,
        )

    def verify_record(
        self,
    ) -> Verification:
        """Verify the stored data.

        Verify the event log, and compare all stored data with it.

        This recomputes the hash of every event and the Merkle tree, compares every row of every
        table with what its events recorded, and checks every deployment against the rules and its
        policy. It also compares the log with the latest checkpoint in the data folder. With many
        events, verification takes minutes; it is cancelled after ten minutes. `gatepost-server
        verify` has no time limit, and can also compare the log with checkpoints kept elsewhere.

        One verification runs at a time. A request that arrives in the meantime gets the same
        result, which reflects the state when the verification started. The verification is
        cancelled once all clients have disconnected.

        Requires the `auditor` role.
        """
        return self._call(
            verify_record._get_kwargs(),
            verify_record._parse_response,
        )

    def exchange_token(
        self,
        body: PipelineProof | Mapping[str, Any],
    ) -> IssuedToken:
        """Exchange a pipeline's OIDC token for a Gatepost token.

        Exchange a pipeline's OIDC token for a Gatepost token that is valid for 15 minutes.

        The token acts as the service account and has the scopes that the server's configuration
        assigns to the pipeline's repository, ref and environment. Each OIDC token can be exchanged
        only once.
        """
        return self._call(
            exchange_token._get_kwargs(
                body=as_model(PipelineProof, body),
            ),
            exchange_token._parse_response,
        )

    def get_me(
        self,
    ) -> Me:
        """Get the caller.

        Return the authenticated user and the grants of the token used.
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

        List all users, ordered by name.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
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
        body: UserCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> User | SettingsChange:
        """Add a user.

        Add a person or a service account, with grants.

        If the grants or groups give a right to review, operate or administer an environment whose
        policy has `settings_approvals`, another admin has to approve the addition: the response is
        202.

        Requires the `admin` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        parse: ResponseParser[User | SettingsChange] = add_user._parse_response
        return self._call(
            add_user._get_kwargs(
                body=as_model(UserCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            parse,
        )

    def get_user(
        self,
        user: str | UUID,
    ) -> User:
        """Get a user.

        Return one user by name.

        Args:
            user: The user's name.
        """
        parsed: User = self._call(
            get_user._get_kwargs(
                user=str(user),
            ),
            get_user._parse_response,
        )
        return parsed

    def change_user(
        self,
        user: str | UUID,
        body: UserChange | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> User | SettingsChange:
        """Update a user.

        Update or disable a user. The change takes effect with the next request.

        Omitted fields are unchanged. If the change newly gives a right to review, operate or
        administer an environment whose policy has `settings_approvals`, another admin has to
        approve it: the response is 202. Changes that only take rights away take effect at once.

        Requires the `admin` role.

        Args:
            user: The user's name.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        parse: ResponseParser[User | SettingsChange] = change_user._parse_response
        return self._call(
            change_user._get_kwargs(
                user=str(user),
                body=as_model(UserChange, body),
                if_match=or_unset(if_match),
            ),
            parse,
        )

    def invite_user(
        self,
        user: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> Invitation:
        """Invite a person.

        Create a single-use link with which a person enrols within 7 days.

        Earlier invitations of the person become invalid. Once the person accepts, you and everyone
        who could have acted as you become part of the person's `provenance`. A person who has a
        credential cannot be invited; reset the person's credentials first.

        A person who has ever had a credential, and has a right to review, operate or administer an
        environment whose policy has `settings_approvals`, cannot be invited: 409 `guarded_powers`.
        Take these rights away first, invite the person, and then propose to restore them.

        Requires the `admin` role.

        Args:
            user: The user's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            invite_user._get_kwargs(
                user=str(user),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            invite_user._parse_response,
        )

    def reset_user(
        self,
        user: str | UUID,
        body: UserReset | Mapping[str, Any],
    ) -> User:
        """Reset the credentials of a user.

        Revoke all tokens, sessions, invitations and logins of a user.

        Everything that was created with them is also revoked. The reason is recorded permanently.
        You and everyone who could have acted as you become part of the user's `provenance`.

        Requires the `admin` role.

        Args:
            user: The user's name.
        """
        return self._call(
            reset_user._get_kwargs(
                user=str(user),
                body=as_model(UserReset, body),
            ),
            reset_user._parse_response,
        )

    def list_tokens(
        self,
        user: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TokenPage:
        """List the tokens of a user.

        List your tokens, newest first, without their secrets.

        With the `admin` role, you can also list another user's tokens.

        Args:
            user: The user's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_tokens._get_kwargs(
                user=str(user),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_tokens._parse_response,
        )

    def issue_token(
        self,
        user: str | UUID,
        body: TokenCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> IssuedToken:
        """Create a token.

        Create a token for yourself or, with the `admin` role, for a service account.

        The secret is shown once and cannot be retrieved later. No one can create a token for
        another person; invite the person instead. In every four-eyes rule, a service account counts
        as the people who created it and issued its token. In a browser session, a token that is
        valid for more than 24 hours requires that you signed in with a link, an identity provider
        or a passkey within the last 10 minutes.

        If a service account has the role `operator`, `emergency` or `admin` in an environment whose
        policy has `settings_approvals`, only a user with the same role there, or the service
        account itself, can create a token with that role; for others, the response is 409
        `guarded_powers`.

        Args:
            user: The user's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            issue_token._get_kwargs(
                user=str(user),
                body=as_model(TokenCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            issue_token._parse_response,
        )

    def revoke_token(
        self,
        user: str | UUID,
        token: str | UUID,
    ) -> Token:
        """Revoke a token.

        Revoke your own token or, with the `admin` role, another user's.

        The token is refused from the next request on, and so is everything that was created with
        it, at any depth: sessions, tokens, and unaccepted invitations.

        Args:
            user: The user's name.
            token: The token's id.
        """
        return self._call(
            revoke_token._get_kwargs(
                user=str(user),
                token=str(token),
            ),
            revoke_token._parse_response,
        )

    def list_deployments(
        self,
        *,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        tier: Sequence[Tier | str] | None = None,
        status: Sequence[DeploymentStatus | str] | None = None,
        review: Sequence[str] | None = None,
        kind: Sequence[DeploymentKind | str] | None = None,
        requester: Sequence[str] | None = None,
        version: Sequence[str] | None = None,
        work_reference: Sequence[str] | None = None,
        commit: Sequence[str] | None = None,
        reviewer: Sequence[str] | None = None,
        external_id: Sequence[str] | None = None,
        q: str | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        deployed_since: datetime.datetime | None = None,
        deployed_until: datetime.datetime | None = None,
        order: ListOrder | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List deployments.

        List deployments by creation time, newest first by default.

        If a filter is repeated, it matches any of its values; different filters are combined with
        AND. Pagination is stable while deployments are added.

        If several filters are combined and few deployments match, a page can contain fewer items
        than `limit`, or none, and still have a next page.

        Args:
            service: Filter by service.
            environment: Filter by environment.
            tier: Filter by tier.
            status: Filter by status.
            review: Filter by the label of the review: `requested`, `approved_by_<stage>` for
                the stage satisfied most recently, such as `approved_by_qa`, `approved_by_policy`,
                `break_glass`, `executed` or `rejected`.
            kind: Filter by kind.
            requester: Filter by requester. The name of a user also matches requests made under
                a former name.
            version: Filter by version.
            work_reference: Filter by a whole work reference, such as `SHOP-812`, ignoring case.
                If a reference is longer than 200 characters, only the first 200 are compared.
            commit: Filter by the commit of the version: the whole commit hash, or at least its
                first 7 hexadecimal digits.
            reviewer: Filter by a reviewer whose approval counts or who rejected the deployment.
                The name of a user also matches reviews under a former name.
            external_id: Filter by the `external_id` of a record.
            q: Search for up to 8 words, all of which must match, ignoring case. A word can
                match the number (`DEP-42` or `42`), part of the service's name, the start of the
                version, the requester, or a whole word in the work references or in the first 2,000
                characters of the notes.
            since: Created at or after this time.
            until: Created before this time.
            deployed_since: Deployed at or after this time.
            deployed_until: Deployed before this time.
            order: The sort order of a list.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_deployments._get_kwargs(
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                tier=or_unset(as_enums(Tier, tier)),
                status=or_unset(as_enums(DeploymentStatus, status)),
                review=or_unset(as_list(review)),
                kind=or_unset(as_enums(DeploymentKind, kind)),
                requester=or_unset(as_list(requester)),
                version=or_unset(as_list(version)),
                work_reference=or_unset(as_list(work_reference)),
                commit=or_unset(as_list(commit)),
                reviewer=or_unset(as_list(reviewer)),
                external_id=or_unset(as_list(external_id)),
                q=or_unset(q),
                since=or_unset(since),
                until=or_unset(until),
                deployed_since=or_unset(deployed_since),
                deployed_until=or_unset(deployed_until),
                order=or_unset(as_enum(ListOrder, order)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_deployments._parse_response,
        )

    def create_deployment(
        self,
        body: DeploymentCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Request a deployment.

        Request the deployment of a version to an environment.

        The deployment waits for the approvals that the environment's policy requires; without
        approval stages, it is approved at once. A request cannot be edited; to change it, cancel it
        and create a new one.

        Requires the `requester` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            create_deployment._get_kwargs(
                body=as_model(DeploymentCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            create_deployment._parse_response,
        )

    def preview_deployment(
        self,
        body: DeploymentCreate | Mapping[str, Any],
        *,
        assume_registered: bool | None = None,
    ) -> DeploymentPreview:
        """Preview a deployment.

        Evaluate a deployment request without creating it.

        Takes the same body as a request and refuses it for the same reasons. Returns the required
        review, the current state of every gate and the actions available to the caller.

        Requires the `requester` role.

        Args:
            assume_registered: Evaluate the request as if the version were registered, for
                example before it is built.
        """
        return self._call(
            preview_deployment._get_kwargs(
                body=as_model(DeploymentCreate, body),
                assume_registered=or_unset(assume_registered),
            ),
            preview_deployment._parse_response,
        )

    def get_deployment(
        self,
        deployment: str | UUID,
    ) -> Deployment:
        """Get a deployment.

        Return one deployment by its id or its number (`DEP-42` or `42`).

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        parsed: Deployment = self._call(
            get_deployment._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment._parse_response,
        )
        return parsed

    def close_after_review(
        self,
        deployment: str | UUID,
        body: AfterReviewBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Close an after-review.

        Close the retrospective review of a break-glass approval with a verdict.

        The reviewer must be eligible under the policy. Reviewers cannot close the after-review of
        their own request or their own break-glass approval. Denied attempts are recorded.

        Requires the `reviewer` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            close_after_review._get_kwargs(
                deployment=str(deployment),
                body=as_model(AfterReviewBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            close_after_review._parse_response,
        )

    def approve_deployment(
        self,
        deployment: str | UUID,
        body: ApproveBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Approve a deployment.

        Approve a deployment in the open stage.

        The reviewer must be eligible in the stage. Requesters cannot approve their own deployments,
        and no user can approve for someone else. The deployment is approved when the last stage is
        satisfied. Denied attempts are recorded.

        Requires the `reviewer` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            approve_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(ApproveBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            approve_deployment._parse_response,
        )

    def break_glass(
        self,
        deployment: str | UUID,
        body: BreakGlassBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Approve a deployment with break-glass.

        Approve a deployment in an emergency, bypassing its reviewers.

        The approval is recorded permanently. A retrospective review (after-review) is due within
        the time set in the policy; while one is overdue in the environment, break-glass is refused
        there. Denied attempts are recorded.

        Requires the `emergency` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            break_glass._get_kwargs(
                deployment=str(deployment),
                body=as_model(BreakGlassBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            break_glass._parse_response,
        )

    def cancel_deployment(
        self,
        deployment: str | UUID,
        body: ReasonBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Cancel a deployment.

        Cancel a deployment that has not started.

        Requires the `operator` role or, to cancel your own deployment, the `requester` or `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            cancel_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(ReasonBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            cancel_deployment._parse_response,
        )

    def get_deployment_changes(
        self,
        deployment: str | UUID,
    ) -> DeploymentChanges:
        """Get the changes that a deployment makes.

        Return the version that the deployment replaces, and everything between the two versions.

        A deployment that has not ended is compared with the version that is live now; any other
        deployment with the version that was live when it went live or ended. `versions` and
        `work_references` are those that the deployment adds or, if it goes backward, removes.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return self._call(
            get_deployment_changes._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment_changes._parse_response,
        )

    def list_deployment_checks(
        self,
        deployment: str | UUID,
    ) -> DeploymentSteps:
        """List the checks of a deployment.

        List the readiness probe and the checks, in order, with the latest state of each attempt.

        `GET /deployments/{deployment}/steps` also lists the earlier states of each attempt.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return self._call(
            list_deployment_checks._get_kwargs(
                deployment=str(deployment),
            ),
            list_deployment_checks._parse_response,
        )

    def list_deployment_events(
        self,
        deployment: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EventPage:
        """List the events of a deployment.

        List the events of a deployment, oldest first. Events are never changed or deleted.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_deployment_events._get_kwargs(
                deployment=str(deployment),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_deployment_events._parse_response,
        )

    def get_deployment_evidence(
        self,
        deployment: str | UUID,
    ) -> Evidence:
        """Get the evidence of a deployment.

        Return everything about one deployment in one document, as of one point in time.

        The document contains the request, the policy it was requested under, each approval and what
        it covers, the state of each gate at the start, the steps that workers reported, every event
        with its hashes, and the proof that the events are part of the signed log. The zip archive
        also contains a program that verifies the document offline with only the Python standard
        library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
        in the server's data folder.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return self._call(
            get_deployment_evidence._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment_evidence._parse_response,
        )

    def fail_deployment(
        self,
        deployment: str | UUID,
        body: ReasonBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment failed.

        Record that the rollout failed. A rollback can still be recorded.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            fail_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(ReasonBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            fail_deployment._parse_response,
        )

    def get_deployment_gates(
        self,
        deployment: str | UUID,
    ) -> DeploymentGates:
        """List the gates of a deployment.

        List the gates of a deployment and the actions available to the caller.

        An action is marked as allowed if it would succeed when the caller provides a note.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return self._call(
            get_deployment_gates._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment_gates._parse_response,
        )

    def override_gate(
        self,
        deployment: str | UUID,
        body: OverrideBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Override a gate.

        Override one gate of a deployment.

        The override is recorded permanently. Approval and lane gates cannot be overridden.

        Requires the `emergency` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            override_gate._get_kwargs(
                deployment=str(deployment),
                body=as_model(OverrideBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            override_gate._parse_response,
        )

    def promote_deployment(
        self,
        deployment: str | UUID,
        body: PromoteBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Promote a deployment.

        Promote a deployment that succeeded: request the same version in the next environment.

        Returns the new deployment, of kind `promotion`, with the work references, rollback plan and
        risk of the promoted one. A deployment can be promoted only once.

        Requires the `requester` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            promote_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(PromoteBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            promote_deployment._parse_response,
        )

    def reject_deployment(
        self,
        deployment: str | UUID,
        body: ReasonBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Reject a deployment.

        Reject a deployment.

        The reviewer must be eligible in the open stage. A single rejection ends the deployment.

        Requires the `reviewer` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            reject_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(ReasonBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            reject_deployment._parse_response,
        )

    def retry_deployment(
        self,
        deployment: str | UUID,
        body: ActionBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Retry a rollback.

        Retry a rollback that failed, was rejected or was cancelled.

        Returns a new deployment of kind `rollback`, which redeploys the last known good version and
        becomes the `rolled_back_by` of the deployment that was rolled back. It is reviewed and
        ordered like any other rollback. Its notes default to those of the retried rollback. Other
        deployments cannot be retried; request their version again.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            retry_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(ActionBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            retry_deployment._parse_response,
        )

    def rollback_deployment(
        self,
        deployment: str | UUID,
        body: RollbackBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment was rolled back.

        Record that the rollout was reverted.

        A rollback can be recorded while the rollout is in progress and after it has succeeded or
        failed. With `redeploy`, the same transaction blocks the version that was rolled back in the
        environment, and requests the last known good version there. The new deployment has the kind
        `rollback` and is named in `rolled_back_by`. If there is no known good version, the request
        is refused and nothing changes.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            rollback_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(RollbackBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            rollback_deployment._parse_response,
        )

    def start_deployment(
        self,
        deployment: str | UUID,
        body: ActionBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Start a deployment.

        Record that the rollout has started or, if workers execute rollouts, queue the rollout.

        The start is refused while another deployment of the same service and environment is in
        progress, and once a newer deployment has started.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            start_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(ActionBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            start_deployment._parse_response,
        )

    def list_deployment_steps(
        self,
        deployment: str | UUID,
    ) -> DeploymentSteps:
        """List the steps of a deployment.

        List all steps that workers reported: the rollout, readiness and checks, in order.

        The event that ended the deployment contains the number of steps and their SHA-256 digest.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return self._call(
            list_deployment_steps._get_kwargs(
                deployment=str(deployment),
            ),
            list_deployment_steps._parse_response,
        )

    def succeed_deployment(
        self,
        deployment: str | UUID,
        body: ActionBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment succeeded.

        Record that the rollout succeeded. The version is now live in the environment.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            succeed_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(ActionBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            succeed_deployment._parse_response,
        )

    def withdraw_approval(
        self,
        deployment: str | UUID,
        body: ReasonBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Withdraw your approval.

        Withdraw your approval of a deployment that has not started.

        Only the reviewer who gave an approval can withdraw it. An approved or queued deployment
        becomes pending again, unless the remaining approvals complete its review. An approval
        cannot be withdrawn after break-glass. Denied attempts are recorded.

        Requires the `reviewer` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            withdraw_approval._get_kwargs(
                deployment=str(deployment),
                body=as_model(ReasonBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            withdraw_approval._parse_response,
        )

    def list_inbox(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> InboxPage:
        """List deployments waiting for your review.

        List the deployments you can approve now, oldest first.

        Includes deployments approved through break-glass whose after-review you can close. If there
        are many waiting deployments that you cannot approve, a page can contain fewer items than
        `limit` and still have a next page. `refused` lists the deployments that you could review if
        their policies did not require independent reviewers; they count toward `limit`.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
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
        deployment: str | UUID,
    ) -> File:
        """Get the evidence of a deployment.

        Return everything about one deployment in one document, as of one point in time.

        The document contains the request, the policy it was requested under, each approval and what
        it covers, the state of each gate at the start, the steps that workers reported, every event
        with its hashes, and the proof that the events are part of the signed log. The zip archive
        also contains a program that verifies the document offline with only the Python standard
        library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
        in the server's data folder.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return self._call(
            get_deployment_evidence_zip._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment_evidence_zip._parse_response,
        )

    def get_current_state(
        self,
        *,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        tier: Sequence[Tier | str] | None = None,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get the current state.

        Return the live version of each service in each environment, now or at a past time.

        The state is based on when versions were deployed or rolled back and when targets were
        retired, not on when Gatepost recorded these changes. Importing history therefore also
        changes past states.

        Args:
            service: Filter by service.
            environment: Filter by environment.
            tier: Filter by tier.
            at: Return the state at this past time. Default: now.
        """
        parsed: CurrentState = self._call(
            get_current_state._get_kwargs(
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                tier=or_unset(as_enums(Tier, tier)),
                at=or_unset(at),
            ),
            get_current_state._parse_response,
        )
        return parsed

    def compare_current_state(
        self,
        *,
        from_: str,
        to: str | None = None,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        tier: Sequence[Tier | str] | None = None,
    ) -> StateDifferences:
        """Compare two states.

        Return the services whose live versions differ between two states.

        `from=2026-11-20T14:00:00Z` compares that time with now in every environment;
        `from=staging&to=production` compares two environments now; times and environments can be
        combined. A version that was merely redeployed does not count as different.

        Args:
            from_: The first state. A time such as `2026-11-21T09:30:00Z`, the name of an
                environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no
                environment, that of `to` is used. If neither has one, all environments are
                compared.
            to: The second state. A time such as `2026-11-21T09:30:00Z`, the name of an
                environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no time, it is
                the current state. If it has no environment, that of `from` is used.
            service: Filter by service.
            environment: Filter by environment.
            tier: Filter by tier.
        """
        parsed: StateDifferences = self._call(
            compare_current_state._get_kwargs(
                from_=from_,
                to=or_unset(to),
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                tier=or_unset(as_enums(Tier, tier)),
            ),
            compare_current_state._parse_response,
        )
        return parsed

    def import_history(
        self,
        body: File,
        *,
        create_missing: bool | None = None,
        on_conflict: OnConflict | str | None = None,
        ignore_unknown: bool | None = None,
        timezone: str | None = None,
        tiers: ImportHistoryTiers | Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> ImportResult:
        """Import deployment history.

        Import external deployments from a CSV file with a header, NDJSON or a JSON array.

        The media type may also be `text/csv`, `text/tab-separated-values`, `application/x-ndjson`
        or `application/json`. With `application/octet-stream`, the first character determines the
        format: a file that starts with `{` or `[` is JSON, any other file is CSV. The file can be
        compressed with gzip, and encoded in UTF-8, in UTF-16 with a byte order mark, or in the
        `charset` of the media type.

        The columns of a CSV file can be separated by commas, semicolons, tabs or vertical bars; the
        separator is detected from the header. Column names are case-insensitive, and whitespace
        around them is ignored.

        A row without `status` means a deployment that succeeded. A `failed` deployment never
        becomes current, but counts toward the failure rate. A deployment with the status
        `rolled_back` was live until its `rolled_back_at`. The `kind` `rollback` marks a deployment
        that rolled back another one.

        An export (`GET /audit/export`) can be imported. Its rows about deployments that never went
        live, or have since been rolled back, hidden or retired, are skipped, and its additional
        columns are ignored.

        Imports all rows or none; errors name the row and column. A row whose `external_id` is
        already recorded in its service and environment with the same values does not create a
        second record, so a file can safely be sent again. If the values differ, the row is an error
        (`external_id_taken`), unless `on_conflict=skip`. A row without `external_id` that has the
        same values as an earlier row of the file, or as a record, is not stored again either.

        Requires the `admin` role.

        Args:
            create_missing: Create services, versions and environments that do not exist. By
                default, missing ones are reported as errors. An environment is created only if its
                tier is known: the names `production`, `staging`, `test` and `development` determine
                the tier; for any other name, send a parameter `tier.NAME` with the tier as its
                value, as in `tier.prod-us=production`.
            on_conflict: What an import does with a row whose external id is taken by a
                different record.
            ignore_unknown: Ignore unknown columns. By default, they are reported as errors.
            timezone: The time zone of times without an offset from UTC, as in `Europe/Berlin`
                (an IANA name). Without this parameter, such times are errors. Local times that
                occurred twice or never are always errors.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            import_history._get_kwargs(
                body=body,
                create_missing=or_unset(create_missing),
                on_conflict=or_unset(as_enum(OnConflict, on_conflict)),
                ignore_unknown=or_unset(ignore_unknown),
                timezone=or_unset(timezone),
                tiers=or_unset(as_model(ImportHistoryTiers, tiers)),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            import_history._parse_response,
        )

    def record_deployment(
        self,
        body: RecordCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Record an external deployment.

        Record a deployment that happened outside Gatepost.

        A record has the status `succeeded` and cannot be changed; a later deployment replaces it in
        the current state.

        An `external_id` identifies a record within its service and environment. If such a record
        exists with the same `version`, `deployed_at`, `deployed_by` and `notes`, it is returned
        unchanged with status 200; if one of them differs, the request is refused with status 409
        (`external_id_taken`). An omitted `deployed_at` is not compared.

        Requires the `requester` or `operator` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            record_deployment._get_kwargs(
                body=as_model(RecordCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            record_deployment._parse_response,
        )

    def hide_deployment(
        self,
        deployment: str | UUID,
        body: HideBody | Mapping[str, Any],
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Hide an incorrect record.

        Mark a record as incorrect and exclude it from the current state.

        The record is still listed, marked as hidden. Nothing is deleted. Deployments carried out by
        Gatepost cannot be hidden.

        Requires the `admin` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            hide_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(HideBody, body),
                if_match=or_unset(if_match),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            hide_deployment._parse_response,
        )

    def list_environment_history(
        self,
        environment: str | UUID,
        *,
        service: Sequence[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List the deployments to an environment.

        List the deployments to an environment, newest first.

        Deployments are ordered by when they were deployed or, if not deployed, requested.
        Pagination is stable while deployments are added.

        Args:
            environment: The environment's name.
            service: Filter by service.
            since: Deployed or, if not deployed, requested at or after this time.
            until: Deployed or, if not deployed, requested before this time.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_environment_history._get_kwargs(
                environment=str(environment),
                service=or_unset(as_list(service)),
                since=or_unset(since),
                until=or_unset(until),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_environment_history._parse_response,
        )

    def get_current_in_environment(
        self,
        environment: str | UUID,
        *,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get the current state of an environment.

        Return the live version of each service in one environment.

        Args:
            environment: The environment's name.
            at: Return the state at this past time. Default: now.
        """
        parsed: CurrentState = self._call(
            get_current_in_environment._get_kwargs(
                environment=str(environment),
                at=or_unset(at),
            ),
            get_current_in_environment._parse_response,
        )
        return parsed

    def get_delivery_report(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        tier: Sequence[Tier | str] | None = None,
        team: Sequence[str] | None = None,
        bucket: Bucket | str | None = None,
    ) -> DeliveryReport:
        """Get the delivery report.

        Report the frequency, speed and stability of deployments, and how approvals are used.

        Each metric states what it counts and lists the deployments on which it is based. A
        rollback made through Gatepost names the deployment that it reverts; nothing is inferred
        from timing. A record names none, so a record that returns to an earlier version counts as a
        rollback.

        Args:
            since: The start of the period. Default: 90 days before its end.
            until: The end of the period, exclusive. Default: now.
            service: Filter by service.
            environment: Filter by environment.
            tier: Filter by tier.
            team: Filter by the team of the service.
            bucket: The length of a report's buckets. Buckets start and end at midnight UTC.
        """
        return self._call(
            get_delivery_report._get_kwargs(
                since=or_unset(since),
                until=or_unset(until),
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                tier=or_unset(as_enums(Tier, tier)),
                team=or_unset(as_list(team)),
                bucket=or_unset(as_enum(Bucket, bucket)),
            ),
            get_delivery_report._parse_response,
        )

    def list_service_history(
        self,
        service: str | UUID,
        *,
        environment: Sequence[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List the deployments of a service.

        List the deployments of a service, newest first.

        Deployments are ordered by when they were deployed or, if not deployed, requested.
        Pagination is stable while deployments are added.

        Args:
            service: The service's name.
            environment: Filter by environment.
            since: Deployed or, if not deployed, requested at or after this time.
            until: Deployed or, if not deployed, requested before this time.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_service_history._get_kwargs(
                service=str(service),
                environment=or_unset(as_list(environment)),
                since=or_unset(since),
                until=or_unset(until),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_service_history._parse_response,
        )

    def get_current_of_service(
        self,
        service: str | UUID,
        *,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get the current state of a service.

        Return the live version of one service in each environment.

        Args:
            service: The service's name.
            at: Return the state at this past time. Default: now.
        """
        parsed: CurrentState = self._call(
            get_current_of_service._get_kwargs(
                service=str(service),
                at=or_unset(at),
            ),
            get_current_of_service._parse_response,
        )
        return parsed

    def retire_target(
        self,
        service: str | UUID,
        environment: str | UUID,
        *,
        at: datetime.datetime | None = None,
        reason: str | None = None,
    ) -> RetiredTarget | SettingsChange:
        """Retire a target.

        Declare that a service no longer runs in an environment.

        Nothing is deleted: the state before the retirement is unchanged, and a later deployment
        makes the service live there again. If the policy of the environment has
        `settings_approvals`, another admin has to approve the retirement: the response is 202.

        Requires the `operator` role or, for a past `at`, the `admin` role.

        Args:
            service: The service's name.
            environment: The environment's name.
            at: When the target was retired. Must not be in the future. Defaults to now.
            reason: The reason for the change. Shown to the admin who has to approve the change.
        """
        parse: ResponseParser[RetiredTarget | SettingsChange] = retire_target._parse_response
        return self._call(
            retire_target._get_kwargs(
                service=str(service),
                environment=str(environment),
                at=or_unset(at),
                reason=or_unset(reason),
            ),
            parse,
        )

    def get_stats(
        self,
    ) -> Stats:
        """Get summary statistics.

        Count the services and the last week's deployments, and return the latest deployments.
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

        List environments in promotion order.

        Includes only active environments or, with `archived`, only archived ones.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
            archived: List only archived items instead of only active ones.
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
        body: EnvironmentCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Environment:
        """Create an environment.

        Create an environment.

        Without `policy`, the default of the tier applies: the stages `qa` and `devops` in
        production, one reviewer in staging, and no approval in test and development.

        Requires the `admin` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            create_environment._get_kwargs(
                body=as_model(EnvironmentCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            create_environment._parse_response,
        )

    def get_environment(
        self,
        environment: str | UUID,
    ) -> Environment:
        """Get an environment.

        Return one environment by name.

        Args:
            environment: The environment's name.
        """
        parsed: Environment = self._call(
            get_environment._get_kwargs(
                environment=str(environment),
            ),
            get_environment._parse_response,
        )
        return parsed

    def change_environment(
        self,
        environment: str | UUID,
        body: EnvironmentChange | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> Environment | SettingsChange:
        """Update an environment.

        Update, archive or unarchive an environment.

        An archived environment accepts no new deployment requests and is listed only with
        `archived=true`; deployed versions remain deployed. If the policy has `settings_approvals`,
        another admin has to approve a change to `tier` or `archived`: the response is 202.

        Requires the `admin` role.

        Args:
            environment: The environment's name.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        parse: ResponseParser[Environment | SettingsChange] = change_environment._parse_response
        return self._call(
            change_environment._get_kwargs(
                environment=str(environment),
                body=as_model(EnvironmentChange, body),
                if_match=or_unset(if_match),
            ),
            parse,
        )

    def get_policy(
        self,
        environment: str | UUID,
    ) -> Policy:
        """Get an environment's policy.

        Return the current policy of an environment.

        Args:
            environment: The environment's name.
        """
        parsed: Policy = self._call(
            get_policy._get_kwargs(
                environment=str(environment),
            ),
            get_policy._parse_response,
        )
        return parsed

    def put_policy(
        self,
        environment: str | UUID,
        body: PolicyBody | Mapping[str, Any],
        *,
        reason: str | None = None,
        if_match: str | None = None,
    ) -> Policy | SettingsChange:
        """Replace an environment's policy.

        Replace an environment's policy with a new version, which applies to new requests.

        Open deployments keep the version they were requested under. An omitted field is set to its
        default, not to its previous value. Approval rules that no user can currently satisfy are
        refused (422 `impossible_rule`). If the policy in force has `settings_approvals`, another
        admin has to approve the change: the response is 202.

        Requires the `admin` role.

        Args:
            environment: The environment's name.
            reason: The reason for the change. Shown to the admin who has to approve the change.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        parse: ResponseParser[Policy | SettingsChange] = put_policy._parse_response
        return self._call(
            put_policy._get_kwargs(
                environment=str(environment),
                body=as_model(PolicyBody, body),
                reason=or_unset(reason),
                if_match=or_unset(if_match),
            ),
            parse,
        )

    def simulate_policy(
        self,
        environment: str | UUID,
        body: PolicySimulationBody | Mapping[str, Any],
    ) -> PolicySimulation:
        """Simulate a policy.

        Replay the deployments and records of a period under a proposed policy; nothing changes.

        The proposed policy must be one that could replace the policy in force. As in the
        environment's history, a deployment belongs to the period in which it was deployed or, if it
        never was, requested. Requests that never started and hidden records are not considered.

        Each deployment is evaluated as of its start, and each record as of when it was deployed,
        against these gates in evaluation order:

        * `approval`: whether the people who approved could have satisfied all stages, each counted
          once, with their current groups. With `independent_reviewers: required`, only approvals
          by independent reviewers count. Break-glass passes, as do the rollbacks that
          `rollback_approvals` exempts. Refused: a start by a reviewer if `reviewer_may_start` is
          false, and a wait longer than `approval_expires_s`. Not evaluated for records.
        * `promotion`: the version had succeeded in the `requires` environments by then, at most
          `max_age_s` before, and had not been rolled back. Which records count there depends on
          `accept_records`, on the current roles of the recorder and, unless a record is evaluated,
          on the recorder's independence of the requester. Whether targets require checks depends
          on their current settings.
        * `soak`: the version had been live there for `soak_s` without interruption. A record
          counts from when it was recorded, as at a real start; if a record is evaluated, from when
          it was deployed.
        * `freeze`: the freezes and allow windows that existed then.
        * `lane`: with `reject`, held (automatic starts) or refused if the lane was busy when the
          deployment was queued; with `supersede`, refused if a newer request of the lane was queued
          or started first. Not evaluated for records.
        * `after_review`: automatic promotions are held while a break-glass review is still open
          `after_review_s` after the use of break-glass.

        Rollbacks pass the same gates as in a real start, and the overrides that were given count.
        Not evaluated: all other gates, such as `order`; blocked versions and promotion holds;
        `max_open_per_requester` and `max_open_per_lane`; and the effects of `execution`,
        `auto_start`, `promotes_to` and `outgoing_allow`.

        Args:
            environment: The environment's name.
        """
        return self._call(
            simulate_policy._get_kwargs(
                environment=str(environment),
                body=as_model(PolicySimulationBody, body),
            ),
            simulate_policy._parse_response,
        )

    def list_policy_versions(
        self,
        environment: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PolicyPage:
        """List the versions of an environment's policy.

        List all versions of an environment's policy, newest first.

        A deployment keeps the policy version that was current when it was requested.

        Args:
            environment: The environment's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_policy_versions._get_kwargs(
                environment=str(environment),
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

        List all events, oldest first.

        `seq` has no gaps: a client that stores the last `seq` it received can resume without
        missing events.

        Args:
            after: Return events after this `seq`. `cursor` takes precedence.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
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

        List all freezes, newest first.

        With `active`, a page can contain fewer items than `limit` and still have a next page.

        Args:
            active: List only currently active freezes.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
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
        body: FreezeCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Freeze:
        """Create a freeze.

        Prevent deployments in a scope from starting, or allow them to start only in a window.

        Deployments in progress continue, and rollbacks are not blocked. A `deny` freeze takes
        precedence over every `allow` window. Deployments that start automatically do so once no
        freeze blocks them.

        Requires the `operator` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            impose_freeze._get_kwargs(
                body=as_model(FreezeCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            impose_freeze._parse_response,
        )

    def get_freeze_calendar(
        self,
    ) -> str:
        """Subscribe to the freezes in a calendar program.

        Return the freezes and windows as an iCalendar file (RFC 5545), with one event for each.

        Freezes that were lifted are left out, and so are those that ended over a year ago. An
        open-ended freeze extends seven days beyond today.

        Calendar programs cannot send a bearer token, so this operation also accepts HTTP Basic
        authentication: any user name, and a token as the password.
        """
        parsed: str = self._call(
            get_freeze_calendar._get_kwargs(),
            get_freeze_calendar._parse_response,
        )
        return parsed

    def import_freezes(
        self,
        body: File,
        *,
        series: str | None = None,
        service: str | None = None,
        environment: str | None = None,
        tier: Tier | str | None = None,
        effect: Effect | str | None = None,
        reason: str | None = None,
        timezone: str | None = None,
        remove_missing: bool | None = None,
        idempotency_key: str | None = None,
    ) -> FreezeImportResult:
        """Import freezes from a calendar.

        Create a freeze for each event in an iCalendar file, such as one with public holidays.

        The media type may also be `text/calendar`. Days are calendar days in `timezone`, and
        recurring events become recurring freezes, without the dates that the events exclude. Events
        that have ended are left out.

        Imports all events or none; errors name each faulty event. A file can be sent again: the
        freezes of an event with the same UID are kept if the event is unchanged, and replaced
        otherwise.

        Requires the `operator` role.

        Args:
            series: The name of the series. A later import with the same name and scope changes
                the same freezes. Default: the name of the calendar.
            service: Freeze only this service.
            environment: Freeze only this environment.
            tier: The importance of an environment. Rules depend on the tier, never on the name.
            effect: How a freeze affects starts in its scope.
            reason: The reason for every freeze. Default: the summary of each event.
            timezone: The IANA time zone of all-day events and of times without a zone. Default:
                the `X-WR-TIMEZONE` of the calendar, or UTC.
            remove_missing: Lift the freezes in the series whose events are missing from the
                calendar.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            import_freezes._get_kwargs(
                body=body,
                series=or_unset(series),
                service=or_unset(service),
                environment=or_unset(environment),
                tier=or_unset(as_enum(Tier, tier)),
                effect=or_unset(as_enum(Effect, effect)),
                reason=or_unset(reason),
                timezone=or_unset(timezone),
                remove_missing=or_unset(remove_missing),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            import_freezes._parse_response,
        )

    def preview_freeze(
        self,
        body: FreezeCreate | Mapping[str, Any],
    ) -> FreezePreview:
        """Preview a freeze.

        Return when a freeze would be active and what it would stop, without creating it.

        Requires the `operator` role.
        """
        return self._call(
            preview_freeze._get_kwargs(
                body=as_model(FreezeCreate, body),
            ),
            preview_freeze._parse_response,
        )

    def get_freeze(
        self,
        freeze: str | UUID,
    ) -> Freeze:
        """Get a freeze.

        Return one freeze by id.

        Args:
            freeze: The freeze's id.
        """
        return self._call(
            get_freeze._get_kwargs(
                freeze=str(freeze),
            ),
            get_freeze._parse_response,
        )

    def lift_freeze(
        self,
        freeze: str | UUID,
        body: LiftBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Freeze:
        """Lift a freeze.

        End a freeze early. Waiting deployments resume automatically, in order.

        Requires the `operator` role.

        Args:
            freeze: The freeze's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            lift_freeze._get_kwargs(
                freeze=str(freeze),
                body=or_unset(as_model(LiftBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            lift_freeze._parse_response,
        )

    def list_incidents(
        self,
        *,
        service: str | None = None,
        environment: str | None = None,
        open_: bool | None = None,
        caused_by: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> IncidentPage:
        """List incidents.

        List incidents, most recently reported first.

        Args:
            service: List only incidents of this service.
            environment: List only incidents in this environment.
            open_: `true` lists only unresolved incidents, `false` only resolved ones.
            caused_by: List only incidents caused by the deployment with this number, without
                `DEP-`.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_incidents._get_kwargs(
                service=or_unset(service),
                environment=or_unset(environment),
                open_=or_unset(open_),
                caused_by=or_unset(caused_by),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_incidents._parse_response,
        )

    def open_incident(
        self,
        body: IncidentCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Incident:
        """Report an incident.

        Report that a service is not working, or was not working for a time.

        `caused_by` names the deployment that caused the incident; it can also be named later.
        Gatepost never infers the cause from timing. In the delivery report, a deployment that
        caused an incident counts as failed, and the time until the incident was resolved counts as
        its recovery time.

        Requires the `operator` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            open_incident._get_kwargs(
                body=as_model(IncidentCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            open_incident._parse_response,
        )

    def get_incident(
        self,
        incident: str | UUID,
    ) -> Incident:
        """Get an incident.

        Return one incident by id.

        Args:
            incident: The incident's id.
        """
        return self._call(
            get_incident._get_kwargs(
                incident=str(incident),
            ),
            get_incident._parse_response,
        )

    def link_incident(
        self,
        incident: str | UUID,
        body: LinkBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Incident:
        """Link an incident to a deployment.

        Name the deployment that caused an incident, or state that no deployment did.

        This replaces the deployment named previously. An incident that already has this cause is
        not changed.

        Requires the `operator` role.

        Args:
            incident: The incident's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            link_incident._get_kwargs(
                incident=str(incident),
                body=as_model(LinkBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            link_incident._parse_response,
        )

    def resolve_incident(
        self,
        incident: str | UUID,
        body: ResolveBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Incident:
        """Resolve an incident.

        Report that the service works again.

        Requires the `operator` role.

        Args:
            incident: The incident's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            resolve_incident._get_kwargs(
                incident=str(incident),
                body=or_unset(as_model(ResolveBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            resolve_incident._parse_response,
        )

    def list_ingest_sources(
        self,
    ) -> IngestSourceList:
        """List the ingest sources.

        List the sources whose deliveries are accepted, without their secrets.
        """
        return self._call(
            list_ingest_sources._get_kwargs(),
            list_ingest_sources._parse_response,
        )

    def list_ingest_deliveries(
        self,
        *,
        source: Sequence[IngestSourceKind | str] | None = None,
        state: Sequence[IngestState | str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> IngestDeliveryPage:
        """List the deliveries.

        List the deliveries whose signature was valid, newest first.

        The `reason` of a `failed` delivery states what went wrong and how to fix it. Replay the
        delivery once the problem is fixed.

        Args:
            source: Filter by source.
            state: Filter by state.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_ingest_deliveries._get_kwargs(
                source=or_unset(as_enums(IngestSourceKind, source)),
                state=or_unset(as_enums(IngestState, state)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_ingest_deliveries._parse_response,
        )

    def get_ingest_delivery(
        self,
        ingest_delivery: str | UUID,
    ) -> IngestDeliveryDetail:
        """Get a delivery with its payload.

        Return one delivery, with its body as received unless the body has been removed.

        Bodies are kept for the number of days in `GATEPOST_INGEST_KEEP_DAYS`, by default 30.

        Requires the `admin` role.

        Args:
            ingest_delivery: The delivery's id in Gatepost.
        """
        return self._call(
            get_ingest_delivery._get_kwargs(
                ingest_delivery=str(ingest_delivery),
            ),
            get_ingest_delivery._parse_response,
        )

    def replay_ingest_delivery(
        self,
        ingest_delivery: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> IngestDelivery:
        """Replay a delivery.

        Process the payload of a delivery again, with the current settings.

        A delivery that was applied is returned unchanged, except that a failed answer to a GitHub
        job is sent again. Returns 409 `payload_removed` once the payload is no longer kept.

        Requires the `admin` role.

        Args:
            ingest_delivery: The delivery's id in Gatepost.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            replay_ingest_delivery._get_kwargs(
                ingest_delivery=str(ingest_delivery),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            replay_ingest_delivery._parse_response,
        )

    def put_ingest_source(
        self,
        source: str | UUID,
        body: IngestSourcePut | Mapping[str, Any],
    ) -> IngestSource:
        """Set up an ingest source.

        Set the secret of a source and how its payloads are read.

        Replaces the previous settings: an omitted field gets its default, except for the secret,
        which is kept. Anyone who knows the secret can record deployments, so the person who sets it
        counts as one of the people who created the records.

        Requires the `admin` role.

        Args:
            source: The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        """
        return self._call(
            put_ingest_source._get_kwargs(
                source=str(source),
                body=as_model(IngestSourcePut, body),
            ),
            put_ingest_source._parse_response,
        )

    def receive_delivery(
        self,
        source: str | UUID,
        body: ReceiveDeliveryBody | Mapping[str, Any],
    ) -> IngestDelivery:
        """Receive a delivery.

        Receive a webhook from GitHub, GitLab, Argo CD, a CDEvents sender or any other system.

        The delivery is authenticated by a signature of the body with the source's secret, not by a
        token. Deployments that succeeded or failed are recorded, and GitHub jobs can request or end
        a deployment. A delivery with no such effect is stored with the reason. A delivery that is
        sent again changes nothing and returns the same response.

        Args:
            source: The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        """
        return self._call(
            receive_delivery._get_kwargs(
                source=str(source),
                body=as_model(ReceiveDeliveryBody, body),
            ),
            receive_delivery._parse_response,
        )

    def remove_ingest_source(
        self,
        source: str | UUID,
    ) -> IngestSource:
        """Remove an ingest source.

        Remove a source with its secret. New deliveries are refused; stored ones are kept.

        Requires the `admin` role.

        Args:
            source: The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        """
        return self._call(
            remove_ingest_source._get_kwargs(
                source=str(source),
            ),
            remove_ingest_source._parse_response,
        )

    def list_notification_channels(
        self,
        *,
        own: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> NotificationChannelPage:
        """List notification channels.

        List your channels or, with the `admin` role, all channels, newest first.

        The confidential parts of the URLs are masked.

        Args:
            own: List only your own channels.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_notification_channels._get_kwargs(
                own=or_unset(own),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_notification_channels._parse_response,
        )

    def add_notification_channel(
        self,
        body: NotificationChannelCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> NotificationChannel:
        """Add a notification channel.

        Add a channel through which a person, a group or a team is notified.

        People and groups are notified when a deployment is waiting for an approval or an
        after-review that they can give; they are reminded later, and notified again when the
        approval or review is overdue. The people who requested a deployment are notified of its
        outcome, and the team of the deployed service is notified of all these events. Workers send
        the messages with Apprise, to the addresses that the setting `GATEPOST_OUTGOING_ALLOW`
        permits.

        Every user can add up to five channels of their own: without a `recipient`, the channel is
        yours. Adding a channel for anyone else requires the `admin` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            add_notification_channel._get_kwargs(
                body=as_model(NotificationChannelCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            add_notification_channel._parse_response,
        )

    def get_notification_channel(
        self,
        channel: str | UUID,
    ) -> NotificationChannel:
        """Get a notification channel.

        Return one of your channels or, with the `admin` role, any channel; the URL is masked.

        Args:
            channel: The channel's id.
        """
        parsed: NotificationChannel = self._call(
            get_notification_channel._get_kwargs(
                channel=str(channel),
            ),
            get_notification_channel._parse_response,
        )
        return parsed

    def remove_notification_channel(
        self,
        channel: str | UUID,
    ) -> NotificationChannel:
        """Remove a notification channel.

        Remove a channel and erase its URL. Its pending notifications are not sent.

        Other people's channels require the `admin` role.

        Args:
            channel: The channel's id.
        """
        return self._call(
            remove_notification_channel._get_kwargs(
                channel=str(channel),
            ),
            remove_notification_channel._parse_response,
        )

    def change_notification_channel(
        self,
        channel: str | UUID,
        body: NotificationChannelUpdate | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> NotificationChannel:
        """Change a notification channel.

        Change the settings or the URL of a channel, or enable or disable it.

        The recipient of a channel cannot be changed: add another channel for another recipient.
        Events that happen while a channel is disabled are not sent later. Changing other people's
        channels requires the `admin` role.

        Args:
            channel: The channel's id.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            change_notification_channel._get_kwargs(
                channel=str(channel),
                body=as_model(NotificationChannelUpdate, body),
                if_match=or_unset(if_match),
            ),
            change_notification_channel._parse_response,
        )

    def list_notifications(
        self,
        channel: str | UUID,
        *,
        state: NotificationState | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> NotificationPage:
        """List the notifications of a channel.

        List the sent and pending notifications of a channel, newest first.

        Other people's channels require the `admin` role. Notifications are removed
        `GATEPOST_MESSAGES_KEEP_DAYS` days (by default 90) after they ended.

        Args:
            channel: The channel's id.
            state: Whether a notification is pending, was sent, has failed or was dropped.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_notifications._get_kwargs(
                channel=str(channel),
                state=or_unset(as_enum(NotificationState, state)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_notifications._parse_response,
        )

    def resend_notification(
        self,
        channel: str | UUID,
        notification: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> Notification:
        """Send a notification again.

        Send a failed notification again at once, with a full schedule of attempts.

        The notification is dropped if the deployment is no longer waiting for the people who would
        receive it. Returns 409 `notification_not_failed` unless the notification failed, and 409
        `notification_channel_disabled` if the channel is disabled. Other people's channels require
        the `admin` role.

        Args:
            channel: The channel's id.
            notification: The notification's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            resend_notification._get_kwargs(
                channel=str(channel),
                notification=str(notification),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            resend_notification._parse_response,
        )

    def test_notification_channel(
        self,
        channel: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> Notification:
        """Test a notification channel.

        Send a test message to a channel at once, even during its quiet hours.

        `GET /notification-channels/{channel}/notifications` shows whether the message was sent.
        Other people's channels require the `admin` role.

        Args:
            channel: The channel's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            test_notification_channel._get_kwargs(
                channel=str(channel),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            test_notification_channel._parse_response,
        )

    def list_services(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        archived: bool | None = None,
    ) -> ServicePage:
        """List services.

        List services, ordered by name.

        Includes only active services or, with `archived`, only archived ones.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
            archived: List only archived items instead of only active ones.
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
        body: ServiceCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> RegisteredService:
        """Register a service.

        Register a service, so that its versions can be registered and deployed.

        The response lists the contracts generated for the service (infrastructure, runtime and
        pipeline files) for all environments that are not archived.

        Requires the `requester` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            register_service._get_kwargs(
                body=as_model(ServiceCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            register_service._parse_response,
        )

    def get_service(
        self,
        service: str | UUID,
    ) -> Service:
        """Get a service.

        Return one service by name.

        Args:
            service: The service's name.
        """
        parsed: Service = self._call(
            get_service._get_kwargs(
                service=str(service),
            ),
            get_service._parse_response,
        )
        return parsed

    def change_service(
        self,
        service: str | UUID,
        body: ServiceChange | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> RegisteredService:
        """Update a service.

        Update, archive or unarchive a service.

        An archived service accepts no new versions or deployment requests and is listed only with
        `archived=true`; its history remains.

        Requires the `requester` role or, to archive or unarchive a service, the `operator` or `admin` role.

        Args:
            service: The service's name.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            change_service._get_kwargs(
                service=str(service),
                body=as_model(ServiceChange, body),
                if_match=or_unset(if_match),
            ),
            change_service._parse_response,
        )

    def get_contracts(
        self,
        service: str | UUID,
    ) -> Contracts:
        """List the contracts of a service.

        List the files generated for a service, for all environments that are not archived.

        The files depend only on the service, its environments and the templates. While these are
        unchanged, the files are byte-for-byte the same and the ETag does not change.

        Args:
            service: The service's name.
        """
        parsed: Contracts = self._call(
            get_contracts._get_kwargs(
                service=str(service),
            ),
            get_contracts._parse_response,
        )
        return parsed

    def get_contracts_zip(
        self,
        service: str | UUID,
    ) -> File:
        """Download the contracts of a service.

        Download all generated files in one zip archive, which is reproducible byte for byte.

        The media type is `application/zip`, or `application/octet-stream` if `Accept` prefers it.

        Args:
            service: The service's name.
        """
        parsed: File = self._call(
            get_contracts_zip._get_kwargs(
                service=str(service),
            ),
            get_contracts_zip._parse_response,
        )
        return parsed

    def get_contract_file(
        self,
        service: str | UUID,
        path: str | UUID,
    ) -> str:
        """Get a contract.

        Return the text of one generated file.

        Args:
            service: The service's name.
            path: The path of the file, as in the list of contracts.
        """
        parsed: str = self._call(
            get_contract_file._get_kwargs(
                service=str(service),
                path=str(path),
            ),
            get_contract_file._parse_response,
        )
        return parsed

    def get_service_health(
        self,
        service: str | UUID,
        *,
        environment: str | None = None,
    ) -> ServiceHealth:
        """Get the health of a service.

        Return a service's latest rollout, its declared resources and its live versions.

        The latest rollout is the deployment that was most recently queued, started or, if it is a
        record, deployed.

        Args:
            service: The service's name.
            environment: Consider only this environment. Default: all environments.
        """
        return self._call(
            get_service_health._get_kwargs(
                service=str(service),
                environment=or_unset(environment),
            ),
            get_service_health._parse_response,
        )

    def list_restrictions(
        self,
        service: str | UUID,
    ) -> Restrictions:
        """List the restrictions of a service.

        List the blocked versions of a service and the environments on promotion hold.

        Args:
            service: The service's name.
        """
        return self._call(
            list_restrictions._get_kwargs(
                service=str(service),
            ),
            list_restrictions._parse_response,
        )

    def list_targets(
        self,
        service: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TargetPage:
        """List the targets of a service.

        List all targets ever configured for a service, ordered by environment.

        Args:
            service: The service's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_targets._get_kwargs(
                service=str(service),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_targets._parse_response,
        )

    def get_target(
        self,
        service: str | UUID,
        environment: str | UUID,
    ) -> Target:
        """Get a target.

        Return the target of a service in an environment.

        Returns 404 if the target was never configured.

        Args:
            service: The service's name.
            environment: The environment's name.
        """
        parsed: Target = self._call(
            get_target._get_kwargs(
                service=str(service),
                environment=str(environment),
            ),
            get_target._parse_response,
        )
        return parsed

    def put_target(
        self,
        service: str | UUID,
        environment: str | UUID,
        body: TargetBody | Mapping[str, Any],
        *,
        reason: str | None = None,
        if_match: str | None = None,
    ) -> Target | SettingsChange:
        """Create or replace a target.

        Configure how a service is rolled out to an environment and checked there.

        Replaces the previous settings: an omitted field is set to its default. If the policy of the
        environment has `settings_approvals`, another admin has to approve the change: the response
        is 202.

        Requires the `operator` role.

        Args:
            service: The service's name.
            environment: The environment's name.
            reason: The reason for the change. Shown to the admin who has to approve the change.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        parse: ResponseParser[Target | SettingsChange] = put_target._parse_response
        return self._call(
            put_target._get_kwargs(
                service=str(service),
                environment=str(environment),
                body=as_model(TargetBody, body),
                reason=or_unset(reason),
                if_match=or_unset(if_match),
            ),
            parse,
        )

    def list_check_runs(
        self,
        service: str | UUID,
        environment: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CheckRunPage:
        """List the check runs of a target.

        List the check runs of a service in an environment, newest first.

        Args:
            service: The service's name.
            environment: The environment's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_check_runs._get_kwargs(
                service=str(service),
                environment=str(environment),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_check_runs._parse_response,
        )

    def run_checks(
        self,
        service: str | UUID,
        environment: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> CheckRun:
        """Run the checks of a target.

        Request that a worker run a target's checks now, outside a deployment.

        The results have no effect on any deployment. Returns 409 `check_run_open` while the checks
        are already queued or running, and 409 `no_checks` if the target has none. A run that no
        worker claims within ten minutes is marked as lost.

        Requires the `operator` role.

        Args:
            service: The service's name.
            environment: The environment's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            run_checks._get_kwargs(
                service=str(service),
                environment=str(environment),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            run_checks._parse_response,
        )

    def get_check_run(
        self,
        service: str | UUID,
        environment: str | UUID,
        check_run: str | UUID,
    ) -> CheckRun:
        """Get a check run.

        Return one check run of a target by id.

        Args:
            service: The service's name.
            environment: The environment's name.
            check_run: The check run's id.
        """
        return self._call(
            get_check_run._get_kwargs(
                service=str(service),
                environment=str(environment),
                check_run=str(check_run),
            ),
            get_check_run._parse_response,
        )

    def release_hold(
        self,
        service: str | UUID,
        environment: str | UUID,
        body: ReleaseBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Hold:
        """Release a promotion hold.

        Resume automatic promotion of a service to an environment.

        Returns the removed hold. Deployments that waited because of the hold resume automatically.

        Requires the `operator` role.

        Args:
            service: The service's name.
            environment: The environment's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            release_hold._get_kwargs(
                service=str(service),
                environment=str(environment),
                body=as_model(ReleaseBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            release_hold._parse_response,
        )

    def list_target_versions(
        self,
        service: str | UUID,
        environment: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TargetVersionPage:
        """List the versions of a target.

        List the versions of a target's settings, newest first.

        The `target_version` of a deployment is the version that was current when it was requested.
        If the target was never configured, the list is empty.

        Args:
            service: The service's name.
            environment: The environment's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_target_versions._get_kwargs(
                service=str(service),
                environment=str(environment),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_target_versions._parse_response,
        )

    def list_versions(
        self,
        service: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> VersionPage:
        """List the versions of a service.

        List the versions of a service, most recently registered first.

        Args:
            service: The service's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_versions._get_kwargs(
                service=str(service),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_versions._parse_response,
        )

    def register_version(
        self,
        service: str | UUID,
        body: VersionCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Version:
        """Register a version.

        Register a build of a service, so that it can be deployed.

        A version cannot be changed later.

        Requires the `requester` role.

        Args:
            service: The service's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            register_version._get_kwargs(
                service=str(service),
                body=as_model(VersionCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            register_version._parse_response,
        )

    def get_version(
        self,
        service: str | UUID,
        version: str | UUID,
    ) -> Version:
        """Get a version.

        Return one version of a service.

        Args:
            service: The service's name.
            version: The version as registered. A `/` in it can be sent as is or as `%2F`.
        """
        parsed: Version = self._call(
            get_version._get_kwargs(
                service=str(service),
                version=str(version),
            ),
            get_version._parse_response,
        )
        return parsed

    def unblock_version(
        self,
        service: str | UUID,
        version: str | UUID,
        body: UnblockBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> VersionBlock:
        """Unblock a version.

        Allow a version that was rolled back in an environment to be deployed there again.

        Returns the removed block. Deployments that waited because of the block resume
        automatically.

        Requires the `operator` role.

        Args:
            service: The service's name.
            version: The version as registered. A `/` in it can be sent as is or as `%2F`.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            unblock_version._get_kwargs(
                service=str(service),
                version=str(version),
                body=as_model(UnblockBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            unblock_version._parse_response,
        )

    def list_settings_changes(
        self,
        *,
        state: SettingsChangeState | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> SettingsChangePage:
        """List settings changes.

        List settings changes, newest first.

        Args:
            state: Whether a settings change was decided, and how.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_settings_changes._get_kwargs(
                state=or_unset(as_enum(SettingsChangeState, state)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_settings_changes._parse_response,
        )

    def get_settings_change(
        self,
        settings_change: str | UUID,
    ) -> SettingsChange:
        """Get a settings change.

        Return one settings change by id.

        Args:
            settings_change: The settings change's id.
        """
        return self._call(
            get_settings_change._get_kwargs(
                settings_change=str(settings_change),
            ),
            get_settings_change._parse_response,
        )

    def approve_settings_change(
        self,
        settings_change: str | UUID,
        body: SettingsChangeApproval | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> SettingsChange:
        """Approve a settings change.

        Approve a settings change, and apply it in the name of the person who requested it.

        Only people who are independent of that person can approve. If the settings have changed
        since the request, or the change is no longer possible, nothing is applied: the response is
        409 `settings_change_stale`, and the state of the settings change becomes `stale`.

        Requires the `admin` role.

        Args:
            settings_change: The settings change's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            approve_settings_change._get_kwargs(
                settings_change=str(settings_change),
                body=or_unset(as_model(SettingsChangeApproval, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            approve_settings_change._parse_response,
        )

    def reject_settings_change(
        self,
        settings_change: str | UUID,
        body: SettingsChangeRejection | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> SettingsChange:
        """Reject a settings change.

        Reject a settings change, or withdraw one that you requested.

        Requires the `admin` role.

        Args:
            settings_change: The settings change's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            reject_settings_change._get_kwargs(
                settings_change=str(settings_change),
                body=as_model(SettingsChangeRejection, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            reject_settings_change._parse_response,
        )

    def list_webhooks(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> WebhookPage:
        """List webhooks.

        List all webhooks, newest first, without their secrets.

        Requires the `admin` role.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_webhooks._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_webhooks._parse_response,
        )

    def add_webhook(
        self,
        body: WebhookCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> WebhookWithSecret:
        """Add a webhook.

        Add a URL to which later events that match the filters are sent, each at least once.

        Messages are signed according to Standard Webhooks, with the secret in the response, which
        is shown once. `webhook-id` is the same in every attempt. Workers send messages at once and,
        after failed attempts, again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h;
        each delay can be up to a fifth longer. Redirects are not followed. First attempts follow
        the order of events; a failed delivery does not delay later ones, so use `seq` to determine
        the order. Only the addresses that the setting `GATEPOST_OUTGOING_ALLOW` permits are called.

        If the receiver responds with 410, or fails for five days, the webhook is disabled. If it
        responds with 429 or 503 and `Retry-After`, nothing is sent during the requested pause.

        Requires the `admin` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            add_webhook._get_kwargs(
                body=as_model(WebhookCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            add_webhook._parse_response,
        )

    def get_webhook(
        self,
        webhook: str | UUID,
    ) -> Webhook:
        """Get a webhook.

        Return one webhook by id, without its secret.

        The ETag identifies the settings only: it does not change when `position` or the delivery
        state does.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
        """
        parsed: Webhook = self._call(
            get_webhook._get_kwargs(
                webhook=str(webhook),
            ),
            get_webhook._parse_response,
        )
        return parsed

    def remove_webhook(
        self,
        webhook: str | UUID,
    ) -> Webhook:
        """Remove a webhook.

        Remove a webhook. Nothing more is sent to it, not even its pending deliveries.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
        """
        return self._call(
            remove_webhook._get_kwargs(
                webhook=str(webhook),
            ),
            remove_webhook._parse_response,
        )

    def change_webhook(
        self,
        webhook: str | UUID,
        body: WebhookUpdate | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> Webhook:
        """Change a webhook.

        Change which events are sent, or enable or disable the webhook.

        The URL and the format cannot be changed: add another webhook instead. Events that happen
        while a webhook is disabled are never sent. Deliveries that were pending when it was
        disabled are sent once it is enabled again.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return self._call(
            change_webhook._get_kwargs(
                webhook=str(webhook),
                body=as_model(WebhookUpdate, body),
                if_match=or_unset(if_match),
            ),
            change_webhook._parse_response,
        )

    def list_webhook_deliveries(
        self,
        webhook: str | UUID,
        *,
        state: DeliveryState | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> WebhookDeliveryPage:
        """List the deliveries of a webhook.

        List the past and pending deliveries to a webhook, latest event first.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            state: Whether a delivery is pending, was delivered or has failed.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return self._call(
            list_webhook_deliveries._get_kwargs(
                webhook=str(webhook),
                state=or_unset(as_enum(DeliveryState, state)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_webhook_deliveries._parse_response,
        )

    def redeliver_event(
        self,
        webhook: str | UUID,
        delivery: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookDelivery:
        """Send an event to a webhook again.

        Send the event of an ended delivery again, with the same `webhook-id`.

        If necessary, the whole schedule of attempts is repeated. Returns 409 `delivery_pending` if
        the delivery has not ended, and 409 `webhook_disabled` if the webhook is disabled.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            delivery: The delivery's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            redeliver_event._get_kwargs(
                webhook=str(webhook),
                delivery=str(delivery),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            redeliver_event._parse_response,
        )

    def rotate_webhook_secret(
        self,
        webhook: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookWithSecret:
        """Rotate the secret of a webhook.

        Give a webhook a new secret, which is shown once.

        For 24 hours, each message has two signatures, one with the new secret and one with the
        previous one, so that the receiver can switch secrets during that time.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            rotate_webhook_secret._get_kwargs(
                webhook=str(webhook),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            rotate_webhook_secret._parse_response,
        )

    def test_webhook(
        self,
        webhook: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookDelivery:
        """Send a test to a webhook.

        Send an event of the kind `webhook_tested` to this webhook, regardless of its filters.

        In the format `cdevents`, a custom event is sent, because CDEvents defines no test event.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            test_webhook._get_kwargs(
                webhook=str(webhook),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            test_webhook._parse_response,
        )

    def finish_check_run(
        self,
        check_run: str | UUID,
        body: CheckRunFinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> CheckRun:
        """Finish a check run.

        Report the results of a check run, which ends it.

        Returns 409, and changes nothing, if another worker holds the check run or the run has
        ended.

        Requires the `worker` role.

        Args:
            check_run: The check run's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            finish_check_run._get_kwargs(
                check_run=str(check_run),
                body=as_model(CheckRunFinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_check_run._parse_response,
        )

    def renew_check_run(
        self,
        check_run: str | UUID,
        body: RenewBody | Mapping[str, Any],
    ) -> CheckRunLease:
        """Renew the claim on a check run.

        Extend the claim on a check run by another lease.

        Returns 409 if another worker holds the check run or the run has ended. In that case, the
        worker must stop at once, and its further reports are refused.

        Requires the `worker` role.

        Args:
            check_run: The check run's id.
        """
        return self._call(
            renew_check_run._get_kwargs(
                check_run=str(check_run),
                body=as_model(RenewBody, body),
            ),
            renew_check_run._parse_response,
        )

    def claim_task(
        self,
        body: ClaimCreate | Mapping[str, Any],
    ) -> CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | None:
        """Claim a task.

        Take over a lost worker's deployment, or start the one that has been queued longest.

        Deployments whose gates are not open are skipped. If `kinds` includes them, check runs come
        first; notifications, messages to webhooks and answers to waiting GitHub jobs last. With
        `wait_s`, the server waits up to that long for a task; if the client disconnects while
        waiting, nothing is started. The response is 204 if there is no task, and 409
        `worker_name_taken` while another worker with the same name is waiting, even if that worker
        is connected to another process of the server.

        Requires the `worker` role.
        """
        return self._call_or_none(
            claim_task._get_kwargs(
                body=as_model(ClaimCreate, body),
            ),
            claim_task._parse_response,
        )

    def finish_claim(
        self,
        claim: str | UUID,
        body: FinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Finish a claim.

        Record the outcome of a deployment and end the claim.

        If the policy requires automatic promotion, the promotion is requested in the same
        transaction. Returns 409, and changes nothing, if another worker holds the claim or the
        deployment has ended.

        Requires the `worker` role.

        Args:
            claim: The claim's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            finish_claim._get_kwargs(
                claim=str(claim),
                body=as_model(FinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_claim._parse_response,
        )

    def renew_claim(
        self,
        claim: str | UUID,
        body: RenewBody | Mapping[str, Any],
    ) -> ClaimLease:
        """Renew a claim.

        Extend a claim by another lease.

        Returns 409 if another worker holds the claim or the deployment has ended. In that case, the
        worker must stop at once, and its further reports are refused.

        Requires the `worker` role.

        Args:
            claim: The claim's id.
        """
        return self._call(
            renew_claim._get_kwargs(
                claim=str(claim),
                body=as_model(RenewBody, body),
            ),
            renew_claim._parse_response,
        )

    def report_steps(
        self,
        claim: str | UUID,
        body: StepsBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> ClaimLease:
        """Report steps.

        Record progress and renew the claim.

        Steps are stored and shown with the deployment. Returns 409 if another worker holds the
        claim or the deployment has ended.

        Requires the `worker` role.

        Args:
            claim: The claim's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            report_steps._get_kwargs(
                claim=str(claim),
                body=as_model(StepsBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            report_steps._parse_response,
        )

    def finish_delivery(
        self,
        delivery: str | UUID,
        body: DeliveryFinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> WebhookDelivery:
        """Report an attempt to send a message.

        Report the receiver's response. The server decides whether and when to try again.

        Returns 409 `delivery_claim_lost`, and changes nothing, if another worker holds the delivery
        or the delivery has ended.

        Requires the `worker` role.

        Args:
            delivery: The delivery's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            finish_delivery._get_kwargs(
                delivery=str(delivery),
                body=as_model(DeliveryFinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_delivery._parse_response,
        )

    def finish_notifications(
        self,
        channel: str | UUID,
        body: NotificationFinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> NotificationChannel:
        """Report an attempt to send notifications.

        Report whether the message was sent. The server decides whether and when to try again.

        Returns 409 `notification_claim_lost`, and changes nothing, if another worker holds the
        channel or the result was already reported.

        Requires the `worker` role.

        Args:
            channel: The channel's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            finish_notifications._get_kwargs(
                channel=str(channel),
                body=as_model(NotificationFinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_notifications._parse_response,
        )

    def finish_protection_answer(
        self,
        protection_answer: str | UUID,
        body: ProtectionAnswerFinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> ProtectionAnswer:
        """Report an attempt to answer a job.

        Report how GitHub responded to an answer.

        The server decides whether and when to try again. Returns 409 `answer_claim_lost`, and
        changes nothing, if another worker holds the answer, or the answer has already been sent or
        has failed.

        Requires the `worker` role.

        Args:
            protection_answer: The answer's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return self._call(
            finish_protection_answer._get_kwargs(
                protection_answer=str(protection_answer),
                body=as_model(ProtectionAnswerFinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_protection_answer._parse_response,
        )

    def list_workers(
        self,
    ) -> Workers:
        """List the workers.

        List the workers seen within the last hour, and the deployments that they are executing.

        A worker that stopped or was lost remains in the list for an hour, and until every
        deployment that it claimed has ended.
        """
        return self._call(
            list_workers._get_kwargs(),
            list_workers._parse_response,
        )


class AsyncOperations(AsyncBaseClient):
    """The same operations for asyncio."""

    async def get_api_index(
        self,
    ) -> ApiIndex:
        """Get the starting point of the API.

        Return the version of the API and the paths of its documentation and lists.
        """
        return await self._call(
            get_api_index._get_kwargs(),
            get_api_index._parse_response,
        )

    async def get_liveness(
        self,
    ) -> Health:
        """Check liveness.

        Return 200 while the process can respond.
        """
        return await self._call(
            get_liveness._get_kwargs(),
            get_liveness._parse_response,
        )

    async def get_readiness(
        self,
    ) -> Health:
        """Check readiness.

        Return 200 while the database can be read and written, 503 otherwise.

        The response comes within a few seconds. With 503, `reason` explains why: for example, the
        disk is full, the file was moved, replaced or damaged, or the database is locked or does not
        respond.
        """
        return await self._call(
            get_readiness._get_kwargs(),
            get_readiness._parse_response,
        )

    async def get_metrics(
        self,
    ) -> str:
        """Get the metrics.

        Return metrics of this process and of the stored data, for Prometheus.

        The format is the text format of Prometheus, or OpenMetrics if `Accept` prefers it. If the
        database does not respond within 3 seconds, `gatepost_database_up` is 0.
        """
        return await self._call(
            get_metrics._get_kwargs(),
            get_metrics._parse_response,
        )

    async def get_checkpoint(
        self,
    ) -> str:
        """Get a checkpoint of the event log.

        Return a signed statement of the number of events and the root hash of their tree.

        Keep it outside Gatepost: `gatepost-server verify --checkpoint` then finds any later change,
        removal or reordering of these events. The text is a signed note with a checkpoint (C2SP
        `signed-note` and `tlog-checkpoint`); a leaf is the 32-byte `hash` of an event. Also keep
        the public key, which is in the header `Gatepost-Public-Key`.

        Requires the `auditor` role.
        """
        return await self._call(
            get_checkpoint._get_kwargs(),
            get_checkpoint._parse_response,
        )

    async def get_consistency_proof(
        self,
        *,
        old_size: int,
        size: int | None = None,
    ) -> ConsistencyProof:
        """Prove that the log has only grown.

        Return the proof (RFC 6962) that the log still begins with its first `old_size` events.

        Compare `old_root` with the root hash of the checkpoint that you kept.

        Requires the `auditor` role.

        Args:
            old_size: The number of events in the earlier tree.
            size: The number of events in the tree. Default: all events.
        """
        return await self._call(
            get_consistency_proof._get_kwargs(
                old_size=old_size,
                size=or_unset(size),
            ),
            get_consistency_proof._parse_response,
        )

    async def export_record(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        format_: ExportFormat | str | None = None,
    ) -> File:
        """Export deployments and events.

        Export deployments as a stream, ordered by number.

        A line of `jsonl` is a deployment as `GET /deployments/{deployment}` returns it, plus the
        field `in_effect`: whether it can be the live deployment of its service in its environment,
        because it went live and has not since been rolled back, hidden or retired. An import of the
        file skips the lines in which `in_effect` is false.

        `csv` begins with the columns that an import reads. A cell that begins with `=`, `+`, `-`,
        `@`, one of their full-width forms, a tab, a line break or an apostrophe is prefixed with an
        apostrophe, so that no spreadsheet executes the cell as a formula. An import removes this
        prefix.

        `zip` contains `deployments.jsonl`; `events.jsonl`, with the events of these deployments or,
        without a filter, all events, each with its proof (RFC 6962) under the signed
        `checkpoint.txt`; and `verify.py`, which verifies these files with only Python's standard
        library.

        An export contains the deployments that existed when it began, each in its state at the
        moment it is written. At most four exports run at a time.

        Requires the `auditor` role.

        Args:
            since: Deployed or, if not deployed, requested at or after this time.
            until: Deployed or, if not deployed, requested before this time.
            service: Filter by service.
            environment: Filter by environment.
            format_: The format of an export.
        """
        return await self._call(
            export_record._get_kwargs(
                since=or_unset(since),
                until=or_unset(until),
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                format_=or_unset(as_enum(ExportFormat, format_)),
            ),
            export_record._parse_response,
        )

    async def get_inclusion_proof(
        self,
        *,
        seq: int,
        size: int | None = None,
    ) -> InclusionProof:
        """Prove that an event is part of the log.

        Return the proof (RFC 6962) that an event is part of the log, and a signed checkpoint.

        The proof can be verified with the checkpoint alone, without the rest of the log.

        Requires the `auditor` role.

        Args:
            seq: The `seq` of the event.
            size: The number of events in the tree. Default: all events.
        """
        return await self._call(
            get_inclusion_proof._get_kwargs(
                seq=seq,
                size=or_unset(size),
            ),
            get_inclusion_proof._parse_response,
        )

    async def verify_record(
        self,
    ) -> Verification:
        """Verify the stored data.

        Verify the event log, and compare all stored data with it.

        This recomputes the hash of every event and the Merkle tree, compares every row of every
        table with what its events recorded, and checks every deployment against the rules and its
        policy. It also compares the log with the latest checkpoint in the data folder. With many
        events, verification takes minutes; it is cancelled after ten minutes. `gatepost-server
        verify` has no time limit, and can also compare the log with checkpoints kept elsewhere.

        One verification runs at a time. A request that arrives in the meantime gets the same
        result, which reflects the state when the verification started. The verification is
        cancelled once all clients have disconnected.

        Requires the `auditor` role.
        """
        return await self._call(
            verify_record._get_kwargs(),
            verify_record._parse_response,
        )

    async def exchange_token(
        self,
        body: PipelineProof | Mapping[str, Any],
    ) -> IssuedToken:
        """Exchange a pipeline's OIDC token for a Gatepost token.

        Exchange a pipeline's OIDC token for a Gatepost token that is valid for 15 minutes.

        The token acts as the service account and has the scopes that the server's configuration
        assigns to the pipeline's repository, ref and environment. Each OIDC token can be exchanged
        only once.
        """
        return await self._call(
            exchange_token._get_kwargs(
                body=as_model(PipelineProof, body),
            ),
            exchange_token._parse_response,
        )

    async def get_me(
        self,
    ) -> Me:
        """Get the caller.

        Return the authenticated user and the grants of the token used.
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

        List all users, ordered by name.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
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
        body: UserCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> User | SettingsChange:
        """Add a user.

        Add a person or a service account, with grants.

        If the grants or groups give a right to review, operate or administer an environment whose
        policy has `settings_approvals`, another admin has to approve the addition: the response is
        202.

        Requires the `admin` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        parse: ResponseParser[User | SettingsChange] = add_user._parse_response
        return await self._call(
            add_user._get_kwargs(
                body=as_model(UserCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            parse,
        )

    async def get_user(
        self,
        user: str | UUID,
    ) -> User:
        """Get a user.

        Return one user by name.

        Args:
            user: The user's name.
        """
        parsed: User = await self._call(
            get_user._get_kwargs(
                user=str(user),
            ),
            get_user._parse_response,
        )
        return parsed

    async def change_user(
        self,
        user: str | UUID,
        body: UserChange | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> User | SettingsChange:
        """Update a user.

        Update or disable a user. The change takes effect with the next request.

        Omitted fields are unchanged. If the change newly gives a right to review, operate or
        administer an environment whose policy has `settings_approvals`, another admin has to
        approve it: the response is 202. Changes that only take rights away take effect at once.

        Requires the `admin` role.

        Args:
            user: The user's name.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        parse: ResponseParser[User | SettingsChange] = change_user._parse_response
        return await self._call(
            change_user._get_kwargs(
                user=str(user),
                body=as_model(UserChange, body),
                if_match=or_unset(if_match),
            ),
            parse,
        )

    async def invite_user(
        self,
        user: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> Invitation:
        """Invite a person.

        Create a single-use link with which a person enrols within 7 days.

        Earlier invitations of the person become invalid. Once the person accepts, you and everyone
        who could have acted as you become part of the person's `provenance`. A person who has a
        credential cannot be invited; reset the person's credentials first.

        A person who has ever had a credential, and has a right to review, operate or administer an
        environment whose policy has `settings_approvals`, cannot be invited: 409 `guarded_powers`.
        Take these rights away first, invite the person, and then propose to restore them.

        Requires the `admin` role.

        Args:
            user: The user's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            invite_user._get_kwargs(
                user=str(user),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            invite_user._parse_response,
        )

    async def reset_user(
        self,
        user: str | UUID,
        body: UserReset | Mapping[str, Any],
    ) -> User:
        """Reset the credentials of a user.

        Revoke all tokens, sessions, invitations and logins of a user.

        Everything that was created with them is also revoked. The reason is recorded permanently.
        You and everyone who could have acted as you become part of the user's `provenance`.

        Requires the `admin` role.

        Args:
            user: The user's name.
        """
        return await self._call(
            reset_user._get_kwargs(
                user=str(user),
                body=as_model(UserReset, body),
            ),
            reset_user._parse_response,
        )

    async def list_tokens(
        self,
        user: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TokenPage:
        """List the tokens of a user.

        List your tokens, newest first, without their secrets.

        With the `admin` role, you can also list another user's tokens.

        Args:
            user: The user's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_tokens._get_kwargs(
                user=str(user),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_tokens._parse_response,
        )

    async def issue_token(
        self,
        user: str | UUID,
        body: TokenCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> IssuedToken:
        """Create a token.

        Create a token for yourself or, with the `admin` role, for a service account.

        The secret is shown once and cannot be retrieved later. No one can create a token for
        another person; invite the person instead. In every four-eyes rule, a service account counts
        as the people who created it and issued its token. In a browser session, a token that is
        valid for more than 24 hours requires that you signed in with a link, an identity provider
        or a passkey within the last 10 minutes.

        If a service account has the role `operator`, `emergency` or `admin` in an environment whose
        policy has `settings_approvals`, only a user with the same role there, or the service
        account itself, can create a token with that role; for others, the response is 409
        `guarded_powers`.

        Args:
            user: The user's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            issue_token._get_kwargs(
                user=str(user),
                body=as_model(TokenCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            issue_token._parse_response,
        )

    async def revoke_token(
        self,
        user: str | UUID,
        token: str | UUID,
    ) -> Token:
        """Revoke a token.

        Revoke your own token or, with the `admin` role, another user's.

        The token is refused from the next request on, and so is everything that was created with
        it, at any depth: sessions, tokens, and unaccepted invitations.

        Args:
            user: The user's name.
            token: The token's id.
        """
        return await self._call(
            revoke_token._get_kwargs(
                user=str(user),
                token=str(token),
            ),
            revoke_token._parse_response,
        )

    async def list_deployments(
        self,
        *,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        tier: Sequence[Tier | str] | None = None,
        status: Sequence[DeploymentStatus | str] | None = None,
        review: Sequence[str] | None = None,
        kind: Sequence[DeploymentKind | str] | None = None,
        requester: Sequence[str] | None = None,
        version: Sequence[str] | None = None,
        work_reference: Sequence[str] | None = None,
        commit: Sequence[str] | None = None,
        reviewer: Sequence[str] | None = None,
        external_id: Sequence[str] | None = None,
        q: str | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        deployed_since: datetime.datetime | None = None,
        deployed_until: datetime.datetime | None = None,
        order: ListOrder | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List deployments.

        List deployments by creation time, newest first by default.

        If a filter is repeated, it matches any of its values; different filters are combined with
        AND. Pagination is stable while deployments are added.

        If several filters are combined and few deployments match, a page can contain fewer items
        than `limit`, or none, and still have a next page.

        Args:
            service: Filter by service.
            environment: Filter by environment.
            tier: Filter by tier.
            status: Filter by status.
            review: Filter by the label of the review: `requested`, `approved_by_<stage>` for
                the stage satisfied most recently, such as `approved_by_qa`, `approved_by_policy`,
                `break_glass`, `executed` or `rejected`.
            kind: Filter by kind.
            requester: Filter by requester. The name of a user also matches requests made under
                a former name.
            version: Filter by version.
            work_reference: Filter by a whole work reference, such as `SHOP-812`, ignoring case.
                If a reference is longer than 200 characters, only the first 200 are compared.
            commit: Filter by the commit of the version: the whole commit hash, or at least its
                first 7 hexadecimal digits.
            reviewer: Filter by a reviewer whose approval counts or who rejected the deployment.
                The name of a user also matches reviews under a former name.
            external_id: Filter by the `external_id` of a record.
            q: Search for up to 8 words, all of which must match, ignoring case. A word can
                match the number (`DEP-42` or `42`), part of the service's name, the start of the
                version, the requester, or a whole word in the work references or in the first 2,000
                characters of the notes.
            since: Created at or after this time.
            until: Created before this time.
            deployed_since: Deployed at or after this time.
            deployed_until: Deployed before this time.
            order: The sort order of a list.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_deployments._get_kwargs(
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                tier=or_unset(as_enums(Tier, tier)),
                status=or_unset(as_enums(DeploymentStatus, status)),
                review=or_unset(as_list(review)),
                kind=or_unset(as_enums(DeploymentKind, kind)),
                requester=or_unset(as_list(requester)),
                version=or_unset(as_list(version)),
                work_reference=or_unset(as_list(work_reference)),
                commit=or_unset(as_list(commit)),
                reviewer=or_unset(as_list(reviewer)),
                external_id=or_unset(as_list(external_id)),
                q=or_unset(q),
                since=or_unset(since),
                until=or_unset(until),
                deployed_since=or_unset(deployed_since),
                deployed_until=or_unset(deployed_until),
                order=or_unset(as_enum(ListOrder, order)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_deployments._parse_response,
        )

    async def create_deployment(
        self,
        body: DeploymentCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Request a deployment.

        Request the deployment of a version to an environment.

        The deployment waits for the approvals that the environment's policy requires; without
        approval stages, it is approved at once. A request cannot be edited; to change it, cancel it
        and create a new one.

        Requires the `requester` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            create_deployment._get_kwargs(
                body=as_model(DeploymentCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            create_deployment._parse_response,
        )

    async def preview_deployment(
        self,
        body: DeploymentCreate | Mapping[str, Any],
        *,
        assume_registered: bool | None = None,
    ) -> DeploymentPreview:
        """Preview a deployment.

        Evaluate a deployment request without creating it.

        Takes the same body as a request and refuses it for the same reasons. Returns the required
        review, the current state of every gate and the actions available to the caller.

        Requires the `requester` role.

        Args:
            assume_registered: Evaluate the request as if the version were registered, for
                example before it is built.
        """
        return await self._call(
            preview_deployment._get_kwargs(
                body=as_model(DeploymentCreate, body),
                assume_registered=or_unset(assume_registered),
            ),
            preview_deployment._parse_response,
        )

    async def get_deployment(
        self,
        deployment: str | UUID,
    ) -> Deployment:
        """Get a deployment.

        Return one deployment by its id or its number (`DEP-42` or `42`).

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        parsed: Deployment = await self._call(
            get_deployment._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment._parse_response,
        )
        return parsed

    async def close_after_review(
        self,
        deployment: str | UUID,
        body: AfterReviewBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Close an after-review.

        Close the retrospective review of a break-glass approval with a verdict.

        The reviewer must be eligible under the policy. Reviewers cannot close the after-review of
        their own request or their own break-glass approval. Denied attempts are recorded.

        Requires the `reviewer` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            close_after_review._get_kwargs(
                deployment=str(deployment),
                body=as_model(AfterReviewBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            close_after_review._parse_response,
        )

    async def approve_deployment(
        self,
        deployment: str | UUID,
        body: ApproveBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Approve a deployment.

        Approve a deployment in the open stage.

        The reviewer must be eligible in the stage. Requesters cannot approve their own deployments,
        and no user can approve for someone else. The deployment is approved when the last stage is
        satisfied. Denied attempts are recorded.

        Requires the `reviewer` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            approve_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(ApproveBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            approve_deployment._parse_response,
        )

    async def break_glass(
        self,
        deployment: str | UUID,
        body: BreakGlassBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Approve a deployment with break-glass.

        Approve a deployment in an emergency, bypassing its reviewers.

        The approval is recorded permanently. A retrospective review (after-review) is due within
        the time set in the policy; while one is overdue in the environment, break-glass is refused
        there. Denied attempts are recorded.

        Requires the `emergency` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            break_glass._get_kwargs(
                deployment=str(deployment),
                body=as_model(BreakGlassBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            break_glass._parse_response,
        )

    async def cancel_deployment(
        self,
        deployment: str | UUID,
        body: ReasonBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Cancel a deployment.

        Cancel a deployment that has not started.

        Requires the `operator` role or, to cancel your own deployment, the `requester` or `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            cancel_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(ReasonBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            cancel_deployment._parse_response,
        )

    async def get_deployment_changes(
        self,
        deployment: str | UUID,
    ) -> DeploymentChanges:
        """Get the changes that a deployment makes.

        Return the version that the deployment replaces, and everything between the two versions.

        A deployment that has not ended is compared with the version that is live now; any other
        deployment with the version that was live when it went live or ended. `versions` and
        `work_references` are those that the deployment adds or, if it goes backward, removes.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return await self._call(
            get_deployment_changes._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment_changes._parse_response,
        )

    async def list_deployment_checks(
        self,
        deployment: str | UUID,
    ) -> DeploymentSteps:
        """List the checks of a deployment.

        List the readiness probe and the checks, in order, with the latest state of each attempt.

        `GET /deployments/{deployment}/steps` also lists the earlier states of each attempt.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return await self._call(
            list_deployment_checks._get_kwargs(
                deployment=str(deployment),
            ),
            list_deployment_checks._parse_response,
        )

    async def list_deployment_events(
        self,
        deployment: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EventPage:
        """List the events of a deployment.

        List the events of a deployment, oldest first. Events are never changed or deleted.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_deployment_events._get_kwargs(
                deployment=str(deployment),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_deployment_events._parse_response,
        )

    async def get_deployment_evidence(
        self,
        deployment: str | UUID,
    ) -> Evidence:
        """Get the evidence of a deployment.

        Return everything about one deployment in one document, as of one point in time.

        The document contains the request, the policy it was requested under, each approval and what
        it covers, the state of each gate at the start, the steps that workers reported, every event
        with its hashes, and the proof that the events are part of the signed log. The zip archive
        also contains a program that verifies the document offline with only the Python standard
        library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
        in the server's data folder.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return await self._call(
            get_deployment_evidence._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment_evidence._parse_response,
        )

    async def fail_deployment(
        self,
        deployment: str | UUID,
        body: ReasonBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment failed.

        Record that the rollout failed. A rollback can still be recorded.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            fail_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(ReasonBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            fail_deployment._parse_response,
        )

    async def get_deployment_gates(
        self,
        deployment: str | UUID,
    ) -> DeploymentGates:
        """List the gates of a deployment.

        List the gates of a deployment and the actions available to the caller.

        An action is marked as allowed if it would succeed when the caller provides a note.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return await self._call(
            get_deployment_gates._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment_gates._parse_response,
        )

    async def override_gate(
        self,
        deployment: str | UUID,
        body: OverrideBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Override a gate.

        Override one gate of a deployment.

        The override is recorded permanently. Approval and lane gates cannot be overridden.

        Requires the `emergency` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            override_gate._get_kwargs(
                deployment=str(deployment),
                body=as_model(OverrideBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            override_gate._parse_response,
        )

    async def promote_deployment(
        self,
        deployment: str | UUID,
        body: PromoteBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Promote a deployment.

        Promote a deployment that succeeded: request the same version in the next environment.

        Returns the new deployment, of kind `promotion`, with the work references, rollback plan and
        risk of the promoted one. A deployment can be promoted only once.

        Requires the `requester` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            promote_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(PromoteBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            promote_deployment._parse_response,
        )

    async def reject_deployment(
        self,
        deployment: str | UUID,
        body: ReasonBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Reject a deployment.

        Reject a deployment.

        The reviewer must be eligible in the open stage. A single rejection ends the deployment.

        Requires the `reviewer` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            reject_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(ReasonBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            reject_deployment._parse_response,
        )

    async def retry_deployment(
        self,
        deployment: str | UUID,
        body: ActionBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Retry a rollback.

        Retry a rollback that failed, was rejected or was cancelled.

        Returns a new deployment of kind `rollback`, which redeploys the last known good version and
        becomes the `rolled_back_by` of the deployment that was rolled back. It is reviewed and
        ordered like any other rollback. Its notes default to those of the retried rollback. Other
        deployments cannot be retried; request their version again.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            retry_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(ActionBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            retry_deployment._parse_response,
        )

    async def rollback_deployment(
        self,
        deployment: str | UUID,
        body: RollbackBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment was rolled back.

        Record that the rollout was reverted.

        A rollback can be recorded while the rollout is in progress and after it has succeeded or
        failed. With `redeploy`, the same transaction blocks the version that was rolled back in the
        environment, and requests the last known good version there. The new deployment has the kind
        `rollback` and is named in `rolled_back_by`. If there is no known good version, the request
        is refused and nothing changes.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            rollback_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(RollbackBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            rollback_deployment._parse_response,
        )

    async def start_deployment(
        self,
        deployment: str | UUID,
        body: ActionBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Start a deployment.

        Record that the rollout has started or, if workers execute rollouts, queue the rollout.

        The start is refused while another deployment of the same service and environment is in
        progress, and once a newer deployment has started.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            start_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(ActionBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            start_deployment._parse_response,
        )

    async def list_deployment_steps(
        self,
        deployment: str | UUID,
    ) -> DeploymentSteps:
        """List the steps of a deployment.

        List all steps that workers reported: the rollout, readiness and checks, in order.

        The event that ended the deployment contains the number of steps and their SHA-256 digest.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return await self._call(
            list_deployment_steps._get_kwargs(
                deployment=str(deployment),
            ),
            list_deployment_steps._parse_response,
        )

    async def succeed_deployment(
        self,
        deployment: str | UUID,
        body: ActionBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Report that a deployment succeeded.

        Record that the rollout succeeded. The version is now live in the environment.

        Requires the `operator` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            succeed_deployment._get_kwargs(
                deployment=str(deployment),
                body=or_unset(as_model(ActionBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            succeed_deployment._parse_response,
        )

    async def withdraw_approval(
        self,
        deployment: str | UUID,
        body: ReasonBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Deployment:
        """Withdraw your approval.

        Withdraw your approval of a deployment that has not started.

        Only the reviewer who gave an approval can withdraw it. An approved or queued deployment
        becomes pending again, unless the remaining approvals complete its review. An approval
        cannot be withdrawn after break-glass. Denied attempts are recorded.

        Requires the `reviewer` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            withdraw_approval._get_kwargs(
                deployment=str(deployment),
                body=as_model(ReasonBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
                if_match=or_unset(if_match),
            ),
            withdraw_approval._parse_response,
        )

    async def list_inbox(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> InboxPage:
        """List deployments waiting for your review.

        List the deployments you can approve now, oldest first.

        Includes deployments approved through break-glass whose after-review you can close. If there
        are many waiting deployments that you cannot approve, a page can contain fewer items than
        `limit` and still have a next page. `refused` lists the deployments that you could review if
        their policies did not require independent reviewers; they count toward `limit`.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
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
        deployment: str | UUID,
    ) -> File:
        """Get the evidence of a deployment.

        Return everything about one deployment in one document, as of one point in time.

        The document contains the request, the policy it was requested under, each approval and what
        it covers, the state of each gate at the start, the steps that workers reported, every event
        with its hashes, and the proof that the events are part of the signed log. The zip archive
        also contains a program that verifies the document offline with only the Python standard
        library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
        in the server's data folder.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
        """
        return await self._call(
            get_deployment_evidence_zip._get_kwargs(
                deployment=str(deployment),
            ),
            get_deployment_evidence_zip._parse_response,
        )

    async def get_current_state(
        self,
        *,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        tier: Sequence[Tier | str] | None = None,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get the current state.

        Return the live version of each service in each environment, now or at a past time.

        The state is based on when versions were deployed or rolled back and when targets were
        retired, not on when Gatepost recorded these changes. Importing history therefore also
        changes past states.

        Args:
            service: Filter by service.
            environment: Filter by environment.
            tier: Filter by tier.
            at: Return the state at this past time. Default: now.
        """
        parsed: CurrentState = await self._call(
            get_current_state._get_kwargs(
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                tier=or_unset(as_enums(Tier, tier)),
                at=or_unset(at),
            ),
            get_current_state._parse_response,
        )
        return parsed

    async def compare_current_state(
        self,
        *,
        from_: str,
        to: str | None = None,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        tier: Sequence[Tier | str] | None = None,
    ) -> StateDifferences:
        """Compare two states.

        Return the services whose live versions differ between two states.

        `from=2026-11-20T14:00:00Z` compares that time with now in every environment;
        `from=staging&to=production` compares two environments now; times and environments can be
        combined. A version that was merely redeployed does not count as different.

        Args:
            from_: The first state. A time such as `2026-11-21T09:30:00Z`, the name of an
                environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no
                environment, that of `to` is used. If neither has one, all environments are
                compared.
            to: The second state. A time such as `2026-11-21T09:30:00Z`, the name of an
                environment, or both, as in `staging@2026-11-21T09:30:00Z`. If it has no time, it is
                the current state. If it has no environment, that of `from` is used.
            service: Filter by service.
            environment: Filter by environment.
            tier: Filter by tier.
        """
        parsed: StateDifferences = await self._call(
            compare_current_state._get_kwargs(
                from_=from_,
                to=or_unset(to),
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                tier=or_unset(as_enums(Tier, tier)),
            ),
            compare_current_state._parse_response,
        )
        return parsed

    async def import_history(
        self,
        body: File,
        *,
        create_missing: bool | None = None,
        on_conflict: OnConflict | str | None = None,
        ignore_unknown: bool | None = None,
        timezone: str | None = None,
        tiers: ImportHistoryTiers | Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> ImportResult:
        """Import deployment history.

        Import external deployments from a CSV file with a header, NDJSON or a JSON array.

        The media type may also be `text/csv`, `text/tab-separated-values`, `application/x-ndjson`
        or `application/json`. With `application/octet-stream`, the first character determines the
        format: a file that starts with `{` or `[` is JSON, any other file is CSV. The file can be
        compressed with gzip, and encoded in UTF-8, in UTF-16 with a byte order mark, or in the
        `charset` of the media type.

        The columns of a CSV file can be separated by commas, semicolons, tabs or vertical bars; the
        separator is detected from the header. Column names are case-insensitive, and whitespace
        around them is ignored.

        A row without `status` means a deployment that succeeded. A `failed` deployment never
        becomes current, but counts toward the failure rate. A deployment with the status
        `rolled_back` was live until its `rolled_back_at`. The `kind` `rollback` marks a deployment
        that rolled back another one.

        An export (`GET /audit/export`) can be imported. Its rows about deployments that never went
        live, or have since been rolled back, hidden or retired, are skipped, and its additional
        columns are ignored.

        Imports all rows or none; errors name the row and column. A row whose `external_id` is
        already recorded in its service and environment with the same values does not create a
        second record, so a file can safely be sent again. If the values differ, the row is an error
        (`external_id_taken`), unless `on_conflict=skip`. A row without `external_id` that has the
        same values as an earlier row of the file, or as a record, is not stored again either.

        Requires the `admin` role.

        Args:
            create_missing: Create services, versions and environments that do not exist. By
                default, missing ones are reported as errors. An environment is created only if its
                tier is known: the names `production`, `staging`, `test` and `development` determine
                the tier; for any other name, send a parameter `tier.NAME` with the tier as its
                value, as in `tier.prod-us=production`.
            on_conflict: What an import does with a row whose external id is taken by a
                different record.
            ignore_unknown: Ignore unknown columns. By default, they are reported as errors.
            timezone: The time zone of times without an offset from UTC, as in `Europe/Berlin`
                (an IANA name). Without this parameter, such times are errors. Local times that
                occurred twice or never are always errors.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            import_history._get_kwargs(
                body=body,
                create_missing=or_unset(create_missing),
                on_conflict=or_unset(as_enum(OnConflict, on_conflict)),
                ignore_unknown=or_unset(ignore_unknown),
                timezone=or_unset(timezone),
                tiers=or_unset(as_model(ImportHistoryTiers, tiers)),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            import_history._parse_response,
        )

    async def record_deployment(
        self,
        body: RecordCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Record an external deployment.

        Record a deployment that happened outside Gatepost.

        A record has the status `succeeded` and cannot be changed; a later deployment replaces it in
        the current state.

        An `external_id` identifies a record within its service and environment. If such a record
        exists with the same `version`, `deployed_at`, `deployed_by` and `notes`, it is returned
        unchanged with status 200; if one of them differs, the request is refused with status 409
        (`external_id_taken`). An omitted `deployed_at` is not compared.

        Requires the `requester` or `operator` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            record_deployment._get_kwargs(
                body=as_model(RecordCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            record_deployment._parse_response,
        )

    async def hide_deployment(
        self,
        deployment: str | UUID,
        body: HideBody | Mapping[str, Any],
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Hide an incorrect record.

        Mark a record as incorrect and exclude it from the current state.

        The record is still listed, marked as hidden. Nothing is deleted. Deployments carried out by
        Gatepost cannot be hidden.

        Requires the `admin` role.

        Args:
            deployment: The deployment's id or number (`DEP-42` or `42`).
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            hide_deployment._get_kwargs(
                deployment=str(deployment),
                body=as_model(HideBody, body),
                if_match=or_unset(if_match),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            hide_deployment._parse_response,
        )

    async def list_environment_history(
        self,
        environment: str | UUID,
        *,
        service: Sequence[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List the deployments to an environment.

        List the deployments to an environment, newest first.

        Deployments are ordered by when they were deployed or, if not deployed, requested.
        Pagination is stable while deployments are added.

        Args:
            environment: The environment's name.
            service: Filter by service.
            since: Deployed or, if not deployed, requested at or after this time.
            until: Deployed or, if not deployed, requested before this time.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_environment_history._get_kwargs(
                environment=str(environment),
                service=or_unset(as_list(service)),
                since=or_unset(since),
                until=or_unset(until),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_environment_history._parse_response,
        )

    async def get_current_in_environment(
        self,
        environment: str | UUID,
        *,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get the current state of an environment.

        Return the live version of each service in one environment.

        Args:
            environment: The environment's name.
            at: Return the state at this past time. Default: now.
        """
        parsed: CurrentState = await self._call(
            get_current_in_environment._get_kwargs(
                environment=str(environment),
                at=or_unset(at),
            ),
            get_current_in_environment._parse_response,
        )
        return parsed

    async def get_delivery_report(
        self,
        *,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        service: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        tier: Sequence[Tier | str] | None = None,
        team: Sequence[str] | None = None,
        bucket: Bucket | str | None = None,
    ) -> DeliveryReport:
        """Get the delivery report.

        Report the frequency, speed and stability of deployments, and how approvals are used.

        Each metric states what it counts and lists the deployments on which it is based. A
        rollback made through Gatepost names the deployment that it reverts; nothing is inferred
        from timing. A record names none, so a record that returns to an earlier version counts as a
        rollback.

        Args:
            since: The start of the period. Default: 90 days before its end.
            until: The end of the period, exclusive. Default: now.
            service: Filter by service.
            environment: Filter by environment.
            tier: Filter by tier.
            team: Filter by the team of the service.
            bucket: The length of a report's buckets. Buckets start and end at midnight UTC.
        """
        return await self._call(
            get_delivery_report._get_kwargs(
                since=or_unset(since),
                until=or_unset(until),
                service=or_unset(as_list(service)),
                environment=or_unset(as_list(environment)),
                tier=or_unset(as_enums(Tier, tier)),
                team=or_unset(as_list(team)),
                bucket=or_unset(as_enum(Bucket, bucket)),
            ),
            get_delivery_report._parse_response,
        )

    async def list_service_history(
        self,
        service: str | UUID,
        *,
        environment: Sequence[str] | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeploymentPage:
        """List the deployments of a service.

        List the deployments of a service, newest first.

        Deployments are ordered by when they were deployed or, if not deployed, requested.
        Pagination is stable while deployments are added.

        Args:
            service: The service's name.
            environment: Filter by environment.
            since: Deployed or, if not deployed, requested at or after this time.
            until: Deployed or, if not deployed, requested before this time.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_service_history._get_kwargs(
                service=str(service),
                environment=or_unset(as_list(environment)),
                since=or_unset(since),
                until=or_unset(until),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_service_history._parse_response,
        )

    async def get_current_of_service(
        self,
        service: str | UUID,
        *,
        at: datetime.datetime | None = None,
    ) -> CurrentState:
        """Get the current state of a service.

        Return the live version of one service in each environment.

        Args:
            service: The service's name.
            at: Return the state at this past time. Default: now.
        """
        parsed: CurrentState = await self._call(
            get_current_of_service._get_kwargs(
                service=str(service),
                at=or_unset(at),
            ),
            get_current_of_service._parse_response,
        )
        return parsed

    async def retire_target(
        self,
        service: str | UUID,
        environment: str | UUID,
        *,
        at: datetime.datetime | None = None,
        reason: str | None = None,
    ) -> RetiredTarget | SettingsChange:
        """Retire a target.

        Declare that a service no longer runs in an environment.

        Nothing is deleted: the state before the retirement is unchanged, and a later deployment
        makes the service live there again. If the policy of the environment has
        `settings_approvals`, another admin has to approve the retirement: the response is 202.

        Requires the `operator` role or, for a past `at`, the `admin` role.

        Args:
            service: The service's name.
            environment: The environment's name.
            at: When the target was retired. Must not be in the future. Defaults to now.
            reason: The reason for the change. Shown to the admin who has to approve the change.
        """
        parse: ResponseParser[RetiredTarget | SettingsChange] = retire_target._parse_response
        return await self._call(
            retire_target._get_kwargs(
                service=str(service),
                environment=str(environment),
                at=or_unset(at),
                reason=or_unset(reason),
            ),
            parse,
        )

    async def get_stats(
        self,
    ) -> Stats:
        """Get summary statistics.

        Count the services and the last week's deployments, and return the latest deployments.
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

        List environments in promotion order.

        Includes only active environments or, with `archived`, only archived ones.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
            archived: List only archived items instead of only active ones.
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
        body: EnvironmentCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Environment:
        """Create an environment.

        Create an environment.

        Without `policy`, the default of the tier applies: the stages `qa` and `devops` in
        production, one reviewer in staging, and no approval in test and development.

        Requires the `admin` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            create_environment._get_kwargs(
                body=as_model(EnvironmentCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            create_environment._parse_response,
        )

    async def get_environment(
        self,
        environment: str | UUID,
    ) -> Environment:
        """Get an environment.

        Return one environment by name.

        Args:
            environment: The environment's name.
        """
        parsed: Environment = await self._call(
            get_environment._get_kwargs(
                environment=str(environment),
            ),
            get_environment._parse_response,
        )
        return parsed

    async def change_environment(
        self,
        environment: str | UUID,
        body: EnvironmentChange | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> Environment | SettingsChange:
        """Update an environment.

        Update, archive or unarchive an environment.

        An archived environment accepts no new deployment requests and is listed only with
        `archived=true`; deployed versions remain deployed. If the policy has `settings_approvals`,
        another admin has to approve a change to `tier` or `archived`: the response is 202.

        Requires the `admin` role.

        Args:
            environment: The environment's name.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        parse: ResponseParser[Environment | SettingsChange] = change_environment._parse_response
        return await self._call(
            change_environment._get_kwargs(
                environment=str(environment),
                body=as_model(EnvironmentChange, body),
                if_match=or_unset(if_match),
            ),
            parse,
        )

    async def get_policy(
        self,
        environment: str | UUID,
    ) -> Policy:
        """Get an environment's policy.

        Return the current policy of an environment.

        Args:
            environment: The environment's name.
        """
        parsed: Policy = await self._call(
            get_policy._get_kwargs(
                environment=str(environment),
            ),
            get_policy._parse_response,
        )
        return parsed

    async def put_policy(
        self,
        environment: str | UUID,
        body: PolicyBody | Mapping[str, Any],
        *,
        reason: str | None = None,
        if_match: str | None = None,
    ) -> Policy | SettingsChange:
        """Replace an environment's policy.

        Replace an environment's policy with a new version, which applies to new requests.

        Open deployments keep the version they were requested under. An omitted field is set to its
        default, not to its previous value. Approval rules that no user can currently satisfy are
        refused (422 `impossible_rule`). If the policy in force has `settings_approvals`, another
        admin has to approve the change: the response is 202.

        Requires the `admin` role.

        Args:
            environment: The environment's name.
            reason: The reason for the change. Shown to the admin who has to approve the change.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        parse: ResponseParser[Policy | SettingsChange] = put_policy._parse_response
        return await self._call(
            put_policy._get_kwargs(
                environment=str(environment),
                body=as_model(PolicyBody, body),
                reason=or_unset(reason),
                if_match=or_unset(if_match),
            ),
            parse,
        )

    async def simulate_policy(
        self,
        environment: str | UUID,
        body: PolicySimulationBody | Mapping[str, Any],
    ) -> PolicySimulation:
        """Simulate a policy.

        Replay the deployments and records of a period under a proposed policy; nothing changes.

        The proposed policy must be one that could replace the policy in force. As in the
        environment's history, a deployment belongs to the period in which it was deployed or, if it
        never was, requested. Requests that never started and hidden records are not considered.

        Each deployment is evaluated as of its start, and each record as of when it was deployed,
        against these gates in evaluation order:

        * `approval`: whether the people who approved could have satisfied all stages, each counted
          once, with their current groups. With `independent_reviewers: required`, only approvals
          by independent reviewers count. Break-glass passes, as do the rollbacks that
          `rollback_approvals` exempts. Refused: a start by a reviewer if `reviewer_may_start` is
          false, and a wait longer than `approval_expires_s`. Not evaluated for records.
        * `promotion`: the version had succeeded in the `requires` environments by then, at most
          `max_age_s` before, and had not been rolled back. Which records count there depends on
          `accept_records`, on the current roles of the recorder and, unless a record is evaluated,
          on the recorder's independence of the requester. Whether targets require checks depends
          on their current settings.
        * `soak`: the version had been live there for `soak_s` without interruption. A record
          counts from when it was recorded, as at a real start; if a record is evaluated, from when
          it was deployed.
        * `freeze`: the freezes and allow windows that existed then.
        * `lane`: with `reject`, held (automatic starts) or refused if the lane was busy when the
          deployment was queued; with `supersede`, refused if a newer request of the lane was queued
          or started first. Not evaluated for records.
        * `after_review`: automatic promotions are held while a break-glass review is still open
          `after_review_s` after the use of break-glass.

        Rollbacks pass the same gates as in a real start, and the overrides that were given count.
        Not evaluated: all other gates, such as `order`; blocked versions and promotion holds;
        `max_open_per_requester` and `max_open_per_lane`; and the effects of `execution`,
        `auto_start`, `promotes_to` and `outgoing_allow`.

        Args:
            environment: The environment's name.
        """
        return await self._call(
            simulate_policy._get_kwargs(
                environment=str(environment),
                body=as_model(PolicySimulationBody, body),
            ),
            simulate_policy._parse_response,
        )

    async def list_policy_versions(
        self,
        environment: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PolicyPage:
        """List the versions of an environment's policy.

        List all versions of an environment's policy, newest first.

        A deployment keeps the policy version that was current when it was requested.

        Args:
            environment: The environment's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_policy_versions._get_kwargs(
                environment=str(environment),
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

        List all events, oldest first.

        `seq` has no gaps: a client that stores the last `seq` it received can resume without
        missing events.

        Args:
            after: Return events after this `seq`. `cursor` takes precedence.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
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

        List all freezes, newest first.

        With `active`, a page can contain fewer items than `limit` and still have a next page.

        Args:
            active: List only currently active freezes.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
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
        body: FreezeCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Freeze:
        """Create a freeze.

        Prevent deployments in a scope from starting, or allow them to start only in a window.

        Deployments in progress continue, and rollbacks are not blocked. A `deny` freeze takes
        precedence over every `allow` window. Deployments that start automatically do so once no
        freeze blocks them.

        Requires the `operator` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            impose_freeze._get_kwargs(
                body=as_model(FreezeCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            impose_freeze._parse_response,
        )

    async def get_freeze_calendar(
        self,
    ) -> str:
        """Subscribe to the freezes in a calendar program.

        Return the freezes and windows as an iCalendar file (RFC 5545), with one event for each.

        Freezes that were lifted are left out, and so are those that ended over a year ago. An
        open-ended freeze extends seven days beyond today.

        Calendar programs cannot send a bearer token, so this operation also accepts HTTP Basic
        authentication: any user name, and a token as the password.
        """
        parsed: str = await self._call(
            get_freeze_calendar._get_kwargs(),
            get_freeze_calendar._parse_response,
        )
        return parsed

    async def import_freezes(
        self,
        body: File,
        *,
        series: str | None = None,
        service: str | None = None,
        environment: str | None = None,
        tier: Tier | str | None = None,
        effect: Effect | str | None = None,
        reason: str | None = None,
        timezone: str | None = None,
        remove_missing: bool | None = None,
        idempotency_key: str | None = None,
    ) -> FreezeImportResult:
        """Import freezes from a calendar.

        Create a freeze for each event in an iCalendar file, such as one with public holidays.

        The media type may also be `text/calendar`. Days are calendar days in `timezone`, and
        recurring events become recurring freezes, without the dates that the events exclude. Events
        that have ended are left out.

        Imports all events or none; errors name each faulty event. A file can be sent again: the
        freezes of an event with the same UID are kept if the event is unchanged, and replaced
        otherwise.

        Requires the `operator` role.

        Args:
            series: The name of the series. A later import with the same name and scope changes
                the same freezes. Default: the name of the calendar.
            service: Freeze only this service.
            environment: Freeze only this environment.
            tier: The importance of an environment. Rules depend on the tier, never on the name.
            effect: How a freeze affects starts in its scope.
            reason: The reason for every freeze. Default: the summary of each event.
            timezone: The IANA time zone of all-day events and of times without a zone. Default:
                the `X-WR-TIMEZONE` of the calendar, or UTC.
            remove_missing: Lift the freezes in the series whose events are missing from the
                calendar.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            import_freezes._get_kwargs(
                body=body,
                series=or_unset(series),
                service=or_unset(service),
                environment=or_unset(environment),
                tier=or_unset(as_enum(Tier, tier)),
                effect=or_unset(as_enum(Effect, effect)),
                reason=or_unset(reason),
                timezone=or_unset(timezone),
                remove_missing=or_unset(remove_missing),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            import_freezes._parse_response,
        )

    async def preview_freeze(
        self,
        body: FreezeCreate | Mapping[str, Any],
    ) -> FreezePreview:
        """Preview a freeze.

        Return when a freeze would be active and what it would stop, without creating it.

        Requires the `operator` role.
        """
        return await self._call(
            preview_freeze._get_kwargs(
                body=as_model(FreezeCreate, body),
            ),
            preview_freeze._parse_response,
        )

    async def get_freeze(
        self,
        freeze: str | UUID,
    ) -> Freeze:
        """Get a freeze.

        Return one freeze by id.

        Args:
            freeze: The freeze's id.
        """
        return await self._call(
            get_freeze._get_kwargs(
                freeze=str(freeze),
            ),
            get_freeze._parse_response,
        )

    async def lift_freeze(
        self,
        freeze: str | UUID,
        body: LiftBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Freeze:
        """Lift a freeze.

        End a freeze early. Waiting deployments resume automatically, in order.

        Requires the `operator` role.

        Args:
            freeze: The freeze's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            lift_freeze._get_kwargs(
                freeze=str(freeze),
                body=or_unset(as_model(LiftBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            lift_freeze._parse_response,
        )

    async def list_incidents(
        self,
        *,
        service: str | None = None,
        environment: str | None = None,
        open_: bool | None = None,
        caused_by: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> IncidentPage:
        """List incidents.

        List incidents, most recently reported first.

        Args:
            service: List only incidents of this service.
            environment: List only incidents in this environment.
            open_: `true` lists only unresolved incidents, `false` only resolved ones.
            caused_by: List only incidents caused by the deployment with this number, without
                `DEP-`.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_incidents._get_kwargs(
                service=or_unset(service),
                environment=or_unset(environment),
                open_=or_unset(open_),
                caused_by=or_unset(caused_by),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_incidents._parse_response,
        )

    async def open_incident(
        self,
        body: IncidentCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Incident:
        """Report an incident.

        Report that a service is not working, or was not working for a time.

        `caused_by` names the deployment that caused the incident; it can also be named later.
        Gatepost never infers the cause from timing. In the delivery report, a deployment that
        caused an incident counts as failed, and the time until the incident was resolved counts as
        its recovery time.

        Requires the `operator` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            open_incident._get_kwargs(
                body=as_model(IncidentCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            open_incident._parse_response,
        )

    async def get_incident(
        self,
        incident: str | UUID,
    ) -> Incident:
        """Get an incident.

        Return one incident by id.

        Args:
            incident: The incident's id.
        """
        return await self._call(
            get_incident._get_kwargs(
                incident=str(incident),
            ),
            get_incident._parse_response,
        )

    async def link_incident(
        self,
        incident: str | UUID,
        body: LinkBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Incident:
        """Link an incident to a deployment.

        Name the deployment that caused an incident, or state that no deployment did.

        This replaces the deployment named previously. An incident that already has this cause is
        not changed.

        Requires the `operator` role.

        Args:
            incident: The incident's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            link_incident._get_kwargs(
                incident=str(incident),
                body=as_model(LinkBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            link_incident._parse_response,
        )

    async def resolve_incident(
        self,
        incident: str | UUID,
        body: ResolveBody | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Incident:
        """Resolve an incident.

        Report that the service works again.

        Requires the `operator` role.

        Args:
            incident: The incident's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            resolve_incident._get_kwargs(
                incident=str(incident),
                body=or_unset(as_model(ResolveBody, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            resolve_incident._parse_response,
        )

    async def list_ingest_sources(
        self,
    ) -> IngestSourceList:
        """List the ingest sources.

        List the sources whose deliveries are accepted, without their secrets.
        """
        return await self._call(
            list_ingest_sources._get_kwargs(),
            list_ingest_sources._parse_response,
        )

    async def list_ingest_deliveries(
        self,
        *,
        source: Sequence[IngestSourceKind | str] | None = None,
        state: Sequence[IngestState | str] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> IngestDeliveryPage:
        """List the deliveries.

        List the deliveries whose signature was valid, newest first.

        The `reason` of a `failed` delivery states what went wrong and how to fix it. Replay the
        delivery once the problem is fixed.

        Args:
            source: Filter by source.
            state: Filter by state.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_ingest_deliveries._get_kwargs(
                source=or_unset(as_enums(IngestSourceKind, source)),
                state=or_unset(as_enums(IngestState, state)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_ingest_deliveries._parse_response,
        )

    async def get_ingest_delivery(
        self,
        ingest_delivery: str | UUID,
    ) -> IngestDeliveryDetail:
        """Get a delivery with its payload.

        Return one delivery, with its body as received unless the body has been removed.

        Bodies are kept for the number of days in `GATEPOST_INGEST_KEEP_DAYS`, by default 30.

        Requires the `admin` role.

        Args:
            ingest_delivery: The delivery's id in Gatepost.
        """
        return await self._call(
            get_ingest_delivery._get_kwargs(
                ingest_delivery=str(ingest_delivery),
            ),
            get_ingest_delivery._parse_response,
        )

    async def replay_ingest_delivery(
        self,
        ingest_delivery: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> IngestDelivery:
        """Replay a delivery.

        Process the payload of a delivery again, with the current settings.

        A delivery that was applied is returned unchanged, except that a failed answer to a GitHub
        job is sent again. Returns 409 `payload_removed` once the payload is no longer kept.

        Requires the `admin` role.

        Args:
            ingest_delivery: The delivery's id in Gatepost.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            replay_ingest_delivery._get_kwargs(
                ingest_delivery=str(ingest_delivery),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            replay_ingest_delivery._parse_response,
        )

    async def put_ingest_source(
        self,
        source: str | UUID,
        body: IngestSourcePut | Mapping[str, Any],
    ) -> IngestSource:
        """Set up an ingest source.

        Set the secret of a source and how its payloads are read.

        Replaces the previous settings: an omitted field gets its default, except for the secret,
        which is kept. Anyone who knows the secret can record deployments, so the person who sets it
        counts as one of the people who created the records.

        Requires the `admin` role.

        Args:
            source: The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        """
        return await self._call(
            put_ingest_source._get_kwargs(
                source=str(source),
                body=as_model(IngestSourcePut, body),
            ),
            put_ingest_source._parse_response,
        )

    async def receive_delivery(
        self,
        source: str | UUID,
        body: ReceiveDeliveryBody | Mapping[str, Any],
    ) -> IngestDelivery:
        """Receive a delivery.

        Receive a webhook from GitHub, GitLab, Argo CD, a CDEvents sender or any other system.

        The delivery is authenticated by a signature of the body with the source's secret, not by a
        token. Deployments that succeeded or failed are recorded, and GitHub jobs can request or end
        a deployment. A delivery with no such effect is stored with the reason. A delivery that is
        sent again changes nothing and returns the same response.

        Args:
            source: The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        """
        return await self._call(
            receive_delivery._get_kwargs(
                source=str(source),
                body=as_model(ReceiveDeliveryBody, body),
            ),
            receive_delivery._parse_response,
        )

    async def remove_ingest_source(
        self,
        source: str | UUID,
    ) -> IngestSource:
        """Remove an ingest source.

        Remove a source with its secret. New deliveries are refused; stored ones are kept.

        Requires the `admin` role.

        Args:
            source: The source: `github`, `gitlab`, `cdevents`, `argocd`, `generic`.
        """
        return await self._call(
            remove_ingest_source._get_kwargs(
                source=str(source),
            ),
            remove_ingest_source._parse_response,
        )

    async def list_notification_channels(
        self,
        *,
        own: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> NotificationChannelPage:
        """List notification channels.

        List your channels or, with the `admin` role, all channels, newest first.

        The confidential parts of the URLs are masked.

        Args:
            own: List only your own channels.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_notification_channels._get_kwargs(
                own=or_unset(own),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_notification_channels._parse_response,
        )

    async def add_notification_channel(
        self,
        body: NotificationChannelCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> NotificationChannel:
        """Add a notification channel.

        Add a channel through which a person, a group or a team is notified.

        People and groups are notified when a deployment is waiting for an approval or an
        after-review that they can give; they are reminded later, and notified again when the
        approval or review is overdue. The people who requested a deployment are notified of its
        outcome, and the team of the deployed service is notified of all these events. Workers send
        the messages with Apprise, to the addresses that the setting `GATEPOST_OUTGOING_ALLOW`
        permits.

        Every user can add up to five channels of their own: without a `recipient`, the channel is
        yours. Adding a channel for anyone else requires the `admin` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            add_notification_channel._get_kwargs(
                body=as_model(NotificationChannelCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            add_notification_channel._parse_response,
        )

    async def get_notification_channel(
        self,
        channel: str | UUID,
    ) -> NotificationChannel:
        """Get a notification channel.

        Return one of your channels or, with the `admin` role, any channel; the URL is masked.

        Args:
            channel: The channel's id.
        """
        parsed: NotificationChannel = await self._call(
            get_notification_channel._get_kwargs(
                channel=str(channel),
            ),
            get_notification_channel._parse_response,
        )
        return parsed

    async def remove_notification_channel(
        self,
        channel: str | UUID,
    ) -> NotificationChannel:
        """Remove a notification channel.

        Remove a channel and erase its URL. Its pending notifications are not sent.

        Other people's channels require the `admin` role.

        Args:
            channel: The channel's id.
        """
        return await self._call(
            remove_notification_channel._get_kwargs(
                channel=str(channel),
            ),
            remove_notification_channel._parse_response,
        )

    async def change_notification_channel(
        self,
        channel: str | UUID,
        body: NotificationChannelUpdate | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> NotificationChannel:
        """Change a notification channel.

        Change the settings or the URL of a channel, or enable or disable it.

        The recipient of a channel cannot be changed: add another channel for another recipient.
        Events that happen while a channel is disabled are not sent later. Changing other people's
        channels requires the `admin` role.

        Args:
            channel: The channel's id.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            change_notification_channel._get_kwargs(
                channel=str(channel),
                body=as_model(NotificationChannelUpdate, body),
                if_match=or_unset(if_match),
            ),
            change_notification_channel._parse_response,
        )

    async def list_notifications(
        self,
        channel: str | UUID,
        *,
        state: NotificationState | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> NotificationPage:
        """List the notifications of a channel.

        List the sent and pending notifications of a channel, newest first.

        Other people's channels require the `admin` role. Notifications are removed
        `GATEPOST_MESSAGES_KEEP_DAYS` days (by default 90) after they ended.

        Args:
            channel: The channel's id.
            state: Whether a notification is pending, was sent, has failed or was dropped.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_notifications._get_kwargs(
                channel=str(channel),
                state=or_unset(as_enum(NotificationState, state)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_notifications._parse_response,
        )

    async def resend_notification(
        self,
        channel: str | UUID,
        notification: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> Notification:
        """Send a notification again.

        Send a failed notification again at once, with a full schedule of attempts.

        The notification is dropped if the deployment is no longer waiting for the people who would
        receive it. Returns 409 `notification_not_failed` unless the notification failed, and 409
        `notification_channel_disabled` if the channel is disabled. Other people's channels require
        the `admin` role.

        Args:
            channel: The channel's id.
            notification: The notification's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            resend_notification._get_kwargs(
                channel=str(channel),
                notification=str(notification),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            resend_notification._parse_response,
        )

    async def test_notification_channel(
        self,
        channel: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> Notification:
        """Test a notification channel.

        Send a test message to a channel at once, even during its quiet hours.

        `GET /notification-channels/{channel}/notifications` shows whether the message was sent.
        Other people's channels require the `admin` role.

        Args:
            channel: The channel's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            test_notification_channel._get_kwargs(
                channel=str(channel),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            test_notification_channel._parse_response,
        )

    async def list_services(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        archived: bool | None = None,
    ) -> ServicePage:
        """List services.

        List services, ordered by name.

        Includes only active services or, with `archived`, only archived ones.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
            archived: List only archived items instead of only active ones.
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
        body: ServiceCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> RegisteredService:
        """Register a service.

        Register a service, so that its versions can be registered and deployed.

        The response lists the contracts generated for the service (infrastructure, runtime and
        pipeline files) for all environments that are not archived.

        Requires the `requester` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            register_service._get_kwargs(
                body=as_model(ServiceCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            register_service._parse_response,
        )

    async def get_service(
        self,
        service: str | UUID,
    ) -> Service:
        """Get a service.

        Return one service by name.

        Args:
            service: The service's name.
        """
        parsed: Service = await self._call(
            get_service._get_kwargs(
                service=str(service),
            ),
            get_service._parse_response,
        )
        return parsed

    async def change_service(
        self,
        service: str | UUID,
        body: ServiceChange | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> RegisteredService:
        """Update a service.

        Update, archive or unarchive a service.

        An archived service accepts no new versions or deployment requests and is listed only with
        `archived=true`; its history remains.

        Requires the `requester` role or, to archive or unarchive a service, the `operator` or `admin` role.

        Args:
            service: The service's name.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            change_service._get_kwargs(
                service=str(service),
                body=as_model(ServiceChange, body),
                if_match=or_unset(if_match),
            ),
            change_service._parse_response,
        )

    async def get_contracts(
        self,
        service: str | UUID,
    ) -> Contracts:
        """List the contracts of a service.

        List the files generated for a service, for all environments that are not archived.

        The files depend only on the service, its environments and the templates. While these are
        unchanged, the files are byte-for-byte the same and the ETag does not change.

        Args:
            service: The service's name.
        """
        parsed: Contracts = await self._call(
            get_contracts._get_kwargs(
                service=str(service),
            ),
            get_contracts._parse_response,
        )
        return parsed

    async def get_contracts_zip(
        self,
        service: str | UUID,
    ) -> File:
        """Download the contracts of a service.

        Download all generated files in one zip archive, which is reproducible byte for byte.

        The media type is `application/zip`, or `application/octet-stream` if `Accept` prefers it.

        Args:
            service: The service's name.
        """
        parsed: File = await self._call(
            get_contracts_zip._get_kwargs(
                service=str(service),
            ),
            get_contracts_zip._parse_response,
        )
        return parsed

    async def get_contract_file(
        self,
        service: str | UUID,
        path: str | UUID,
    ) -> str:
        """Get a contract.

        Return the text of one generated file.

        Args:
            service: The service's name.
            path: The path of the file, as in the list of contracts.
        """
        parsed: str = await self._call(
            get_contract_file._get_kwargs(
                service=str(service),
                path=str(path),
            ),
            get_contract_file._parse_response,
        )
        return parsed

    async def get_service_health(
        self,
        service: str | UUID,
        *,
        environment: str | None = None,
    ) -> ServiceHealth:
        """Get the health of a service.

        Return a service's latest rollout, its declared resources and its live versions.

        The latest rollout is the deployment that was most recently queued, started or, if it is a
        record, deployed.

        Args:
            service: The service's name.
            environment: Consider only this environment. Default: all environments.
        """
        return await self._call(
            get_service_health._get_kwargs(
                service=str(service),
                environment=or_unset(environment),
            ),
            get_service_health._parse_response,
        )

    async def list_restrictions(
        self,
        service: str | UUID,
    ) -> Restrictions:
        """List the restrictions of a service.

        List the blocked versions of a service and the environments on promotion hold.

        Args:
            service: The service's name.
        """
        return await self._call(
            list_restrictions._get_kwargs(
                service=str(service),
            ),
            list_restrictions._parse_response,
        )

    async def list_targets(
        self,
        service: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TargetPage:
        """List the targets of a service.

        List all targets ever configured for a service, ordered by environment.

        Args:
            service: The service's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_targets._get_kwargs(
                service=str(service),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_targets._parse_response,
        )

    async def get_target(
        self,
        service: str | UUID,
        environment: str | UUID,
    ) -> Target:
        """Get a target.

        Return the target of a service in an environment.

        Returns 404 if the target was never configured.

        Args:
            service: The service's name.
            environment: The environment's name.
        """
        parsed: Target = await self._call(
            get_target._get_kwargs(
                service=str(service),
                environment=str(environment),
            ),
            get_target._parse_response,
        )
        return parsed

    async def put_target(
        self,
        service: str | UUID,
        environment: str | UUID,
        body: TargetBody | Mapping[str, Any],
        *,
        reason: str | None = None,
        if_match: str | None = None,
    ) -> Target | SettingsChange:
        """Create or replace a target.

        Configure how a service is rolled out to an environment and checked there.

        Replaces the previous settings: an omitted field is set to its default. If the policy of the
        environment has `settings_approvals`, another admin has to approve the change: the response
        is 202.

        Requires the `operator` role.

        Args:
            service: The service's name.
            environment: The environment's name.
            reason: The reason for the change. Shown to the admin who has to approve the change.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        parse: ResponseParser[Target | SettingsChange] = put_target._parse_response
        return await self._call(
            put_target._get_kwargs(
                service=str(service),
                environment=str(environment),
                body=as_model(TargetBody, body),
                reason=or_unset(reason),
                if_match=or_unset(if_match),
            ),
            parse,
        )

    async def list_check_runs(
        self,
        service: str | UUID,
        environment: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CheckRunPage:
        """List the check runs of a target.

        List the check runs of a service in an environment, newest first.

        Args:
            service: The service's name.
            environment: The environment's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_check_runs._get_kwargs(
                service=str(service),
                environment=str(environment),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_check_runs._parse_response,
        )

    async def run_checks(
        self,
        service: str | UUID,
        environment: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> CheckRun:
        """Run the checks of a target.

        Request that a worker run a target's checks now, outside a deployment.

        The results have no effect on any deployment. Returns 409 `check_run_open` while the checks
        are already queued or running, and 409 `no_checks` if the target has none. A run that no
        worker claims within ten minutes is marked as lost.

        Requires the `operator` role.

        Args:
            service: The service's name.
            environment: The environment's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            run_checks._get_kwargs(
                service=str(service),
                environment=str(environment),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            run_checks._parse_response,
        )

    async def get_check_run(
        self,
        service: str | UUID,
        environment: str | UUID,
        check_run: str | UUID,
    ) -> CheckRun:
        """Get a check run.

        Return one check run of a target by id.

        Args:
            service: The service's name.
            environment: The environment's name.
            check_run: The check run's id.
        """
        return await self._call(
            get_check_run._get_kwargs(
                service=str(service),
                environment=str(environment),
                check_run=str(check_run),
            ),
            get_check_run._parse_response,
        )

    async def release_hold(
        self,
        service: str | UUID,
        environment: str | UUID,
        body: ReleaseBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Hold:
        """Release a promotion hold.

        Resume automatic promotion of a service to an environment.

        Returns the removed hold. Deployments that waited because of the hold resume automatically.

        Requires the `operator` role.

        Args:
            service: The service's name.
            environment: The environment's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            release_hold._get_kwargs(
                service=str(service),
                environment=str(environment),
                body=as_model(ReleaseBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            release_hold._parse_response,
        )

    async def list_target_versions(
        self,
        service: str | UUID,
        environment: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> TargetVersionPage:
        """List the versions of a target.

        List the versions of a target's settings, newest first.

        The `target_version` of a deployment is the version that was current when it was requested.
        If the target was never configured, the list is empty.

        Args:
            service: The service's name.
            environment: The environment's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_target_versions._get_kwargs(
                service=str(service),
                environment=str(environment),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_target_versions._parse_response,
        )

    async def list_versions(
        self,
        service: str | UUID,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> VersionPage:
        """List the versions of a service.

        List the versions of a service, most recently registered first.

        Args:
            service: The service's name.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_versions._get_kwargs(
                service=str(service),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_versions._parse_response,
        )

    async def register_version(
        self,
        service: str | UUID,
        body: VersionCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Version:
        """Register a version.

        Register a build of a service, so that it can be deployed.

        A version cannot be changed later.

        Requires the `requester` role.

        Args:
            service: The service's name.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            register_version._get_kwargs(
                service=str(service),
                body=as_model(VersionCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            register_version._parse_response,
        )

    async def get_version(
        self,
        service: str | UUID,
        version: str | UUID,
    ) -> Version:
        """Get a version.

        Return one version of a service.

        Args:
            service: The service's name.
            version: The version as registered. A `/` in it can be sent as is or as `%2F`.
        """
        parsed: Version = await self._call(
            get_version._get_kwargs(
                service=str(service),
                version=str(version),
            ),
            get_version._parse_response,
        )
        return parsed

    async def unblock_version(
        self,
        service: str | UUID,
        version: str | UUID,
        body: UnblockBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> VersionBlock:
        """Unblock a version.

        Allow a version that was rolled back in an environment to be deployed there again.

        Returns the removed block. Deployments that waited because of the block resume
        automatically.

        Requires the `operator` role.

        Args:
            service: The service's name.
            version: The version as registered. A `/` in it can be sent as is or as `%2F`.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            unblock_version._get_kwargs(
                service=str(service),
                version=str(version),
                body=as_model(UnblockBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            unblock_version._parse_response,
        )

    async def list_settings_changes(
        self,
        *,
        state: SettingsChangeState | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> SettingsChangePage:
        """List settings changes.

        List settings changes, newest first.

        Args:
            state: Whether a settings change was decided, and how.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_settings_changes._get_kwargs(
                state=or_unset(as_enum(SettingsChangeState, state)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_settings_changes._parse_response,
        )

    async def get_settings_change(
        self,
        settings_change: str | UUID,
    ) -> SettingsChange:
        """Get a settings change.

        Return one settings change by id.

        Args:
            settings_change: The settings change's id.
        """
        return await self._call(
            get_settings_change._get_kwargs(
                settings_change=str(settings_change),
            ),
            get_settings_change._parse_response,
        )

    async def approve_settings_change(
        self,
        settings_change: str | UUID,
        body: SettingsChangeApproval | Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> SettingsChange:
        """Approve a settings change.

        Approve a settings change, and apply it in the name of the person who requested it.

        Only people who are independent of that person can approve. If the settings have changed
        since the request, or the change is no longer possible, nothing is applied: the response is
        409 `settings_change_stale`, and the state of the settings change becomes `stale`.

        Requires the `admin` role.

        Args:
            settings_change: The settings change's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            approve_settings_change._get_kwargs(
                settings_change=str(settings_change),
                body=or_unset(as_model(SettingsChangeApproval, body)),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            approve_settings_change._parse_response,
        )

    async def reject_settings_change(
        self,
        settings_change: str | UUID,
        body: SettingsChangeRejection | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> SettingsChange:
        """Reject a settings change.

        Reject a settings change, or withdraw one that you requested.

        Requires the `admin` role.

        Args:
            settings_change: The settings change's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            reject_settings_change._get_kwargs(
                settings_change=str(settings_change),
                body=as_model(SettingsChangeRejection, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            reject_settings_change._parse_response,
        )

    async def list_webhooks(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> WebhookPage:
        """List webhooks.

        List all webhooks, newest first, without their secrets.

        Requires the `admin` role.

        Args:
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_webhooks._get_kwargs(
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_webhooks._parse_response,
        )

    async def add_webhook(
        self,
        body: WebhookCreate | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> WebhookWithSecret:
        """Add a webhook.

        Add a URL to which later events that match the filters are sent, each at least once.

        Messages are signed according to Standard Webhooks, with the secret in the response, which
        is shown once. `webhook-id` is the same in every attempt. Workers send messages at once and,
        after failed attempts, again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h;
        each delay can be up to a fifth longer. Redirects are not followed. First attempts follow
        the order of events; a failed delivery does not delay later ones, so use `seq` to determine
        the order. Only the addresses that the setting `GATEPOST_OUTGOING_ALLOW` permits are called.

        If the receiver responds with 410, or fails for five days, the webhook is disabled. If it
        responds with 429 or 503 and `Retry-After`, nothing is sent during the requested pause.

        Requires the `admin` role.

        Args:
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            add_webhook._get_kwargs(
                body=as_model(WebhookCreate, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            add_webhook._parse_response,
        )

    async def get_webhook(
        self,
        webhook: str | UUID,
    ) -> Webhook:
        """Get a webhook.

        Return one webhook by id, without its secret.

        The ETag identifies the settings only: it does not change when `position` or the delivery
        state does.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
        """
        parsed: Webhook = await self._call(
            get_webhook._get_kwargs(
                webhook=str(webhook),
            ),
            get_webhook._parse_response,
        )
        return parsed

    async def remove_webhook(
        self,
        webhook: str | UUID,
    ) -> Webhook:
        """Remove a webhook.

        Remove a webhook. Nothing more is sent to it, not even its pending deliveries.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
        """
        return await self._call(
            remove_webhook._get_kwargs(
                webhook=str(webhook),
            ),
            remove_webhook._parse_response,
        )

    async def change_webhook(
        self,
        webhook: str | UUID,
        body: WebhookUpdate | Mapping[str, Any],
        *,
        if_match: str | None = None,
    ) -> Webhook:
        """Change a webhook.

        Change which events are sent, or enable or disable the webhook.

        The URL and the format cannot be changed: add another webhook instead. Events that happen
        while a webhook is disabled are never sent. Deliveries that were pending when it was
        disabled are sent once it is enabled again.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            if_match: The ETag of the last known revision, or several ETags, up to 1,000
                characters in all. If none of them is current, the request is refused with 412.
        """
        return await self._call(
            change_webhook._get_kwargs(
                webhook=str(webhook),
                body=as_model(WebhookUpdate, body),
                if_match=or_unset(if_match),
            ),
            change_webhook._parse_response,
        )

    async def list_webhook_deliveries(
        self,
        webhook: str | UUID,
        *,
        state: DeliveryState | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> WebhookDeliveryPage:
        """List the deliveries of a webhook.

        List the past and pending deliveries to a webhook, latest event first.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            state: Whether a delivery is pending, was delivered or has failed.
            limit: The maximum number of items per page.
            cursor: The `next_cursor` of the previous page. Default: the first page.
        """
        return await self._call(
            list_webhook_deliveries._get_kwargs(
                webhook=str(webhook),
                state=or_unset(as_enum(DeliveryState, state)),
                limit=or_unset(limit),
                cursor=or_unset(cursor),
            ),
            list_webhook_deliveries._parse_response,
        )

    async def redeliver_event(
        self,
        webhook: str | UUID,
        delivery: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookDelivery:
        """Send an event to a webhook again.

        Send the event of an ended delivery again, with the same `webhook-id`.

        If necessary, the whole schedule of attempts is repeated. Returns 409 `delivery_pending` if
        the delivery has not ended, and 409 `webhook_disabled` if the webhook is disabled.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            delivery: The delivery's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            redeliver_event._get_kwargs(
                webhook=str(webhook),
                delivery=str(delivery),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            redeliver_event._parse_response,
        )

    async def rotate_webhook_secret(
        self,
        webhook: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookWithSecret:
        """Rotate the secret of a webhook.

        Give a webhook a new secret, which is shown once.

        For 24 hours, each message has two signatures, one with the new secret and one with the
        previous one, so that the receiver can switch secrets during that time.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            rotate_webhook_secret._get_kwargs(
                webhook=str(webhook),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            rotate_webhook_secret._parse_response,
        )

    async def test_webhook(
        self,
        webhook: str | UUID,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookDelivery:
        """Send a test to a webhook.

        Send an event of the kind `webhook_tested` to this webhook, regardless of its filters.

        In the format `cdevents`, a custom event is sent, because CDEvents defines no test event.

        Requires the `admin` role.

        Args:
            webhook: The webhook's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            test_webhook._get_kwargs(
                webhook=str(webhook),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            test_webhook._parse_response,
        )

    async def finish_check_run(
        self,
        check_run: str | UUID,
        body: CheckRunFinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> CheckRun:
        """Finish a check run.

        Report the results of a check run, which ends it.

        Returns 409, and changes nothing, if another worker holds the check run or the run has
        ended.

        Requires the `worker` role.

        Args:
            check_run: The check run's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            finish_check_run._get_kwargs(
                check_run=str(check_run),
                body=as_model(CheckRunFinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_check_run._parse_response,
        )

    async def renew_check_run(
        self,
        check_run: str | UUID,
        body: RenewBody | Mapping[str, Any],
    ) -> CheckRunLease:
        """Renew the claim on a check run.

        Extend the claim on a check run by another lease.

        Returns 409 if another worker holds the check run or the run has ended. In that case, the
        worker must stop at once, and its further reports are refused.

        Requires the `worker` role.

        Args:
            check_run: The check run's id.
        """
        return await self._call(
            renew_check_run._get_kwargs(
                check_run=str(check_run),
                body=as_model(RenewBody, body),
            ),
            renew_check_run._parse_response,
        )

    async def claim_task(
        self,
        body: ClaimCreate | Mapping[str, Any],
    ) -> CheckTask | DeliveryTask | NotificationTask | ProtectionAnswerTask | Task | None:
        """Claim a task.

        Take over a lost worker's deployment, or start the one that has been queued longest.

        Deployments whose gates are not open are skipped. If `kinds` includes them, check runs come
        first; notifications, messages to webhooks and answers to waiting GitHub jobs last. With
        `wait_s`, the server waits up to that long for a task; if the client disconnects while
        waiting, nothing is started. The response is 204 if there is no task, and 409
        `worker_name_taken` while another worker with the same name is waiting, even if that worker
        is connected to another process of the server.

        Requires the `worker` role.
        """
        return await self._call_or_none(
            claim_task._get_kwargs(
                body=as_model(ClaimCreate, body),
            ),
            claim_task._parse_response,
        )

    async def finish_claim(
        self,
        claim: str | UUID,
        body: FinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> Deployment:
        """Finish a claim.

        Record the outcome of a deployment and end the claim.

        If the policy requires automatic promotion, the promotion is requested in the same
        transaction. Returns 409, and changes nothing, if another worker holds the claim or the
        deployment has ended.

        Requires the `worker` role.

        Args:
            claim: The claim's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            finish_claim._get_kwargs(
                claim=str(claim),
                body=as_model(FinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_claim._parse_response,
        )

    async def renew_claim(
        self,
        claim: str | UUID,
        body: RenewBody | Mapping[str, Any],
    ) -> ClaimLease:
        """Renew a claim.

        Extend a claim by another lease.

        Returns 409 if another worker holds the claim or the deployment has ended. In that case, the
        worker must stop at once, and its further reports are refused.

        Requires the `worker` role.

        Args:
            claim: The claim's id.
        """
        return await self._call(
            renew_claim._get_kwargs(
                claim=str(claim),
                body=as_model(RenewBody, body),
            ),
            renew_claim._parse_response,
        )

    async def report_steps(
        self,
        claim: str | UUID,
        body: StepsBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> ClaimLease:
        """Report steps.

        Record progress and renew the claim.

        Steps are stored and shown with the deployment. Returns 409 if another worker holds the
        claim or the deployment has ended.

        Requires the `worker` role.

        Args:
            claim: The claim's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            report_steps._get_kwargs(
                claim=str(claim),
                body=as_model(StepsBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            report_steps._parse_response,
        )

    async def finish_delivery(
        self,
        delivery: str | UUID,
        body: DeliveryFinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> WebhookDelivery:
        """Report an attempt to send a message.

        Report the receiver's response. The server decides whether and when to try again.

        Returns 409 `delivery_claim_lost`, and changes nothing, if another worker holds the delivery
        or the delivery has ended.

        Requires the `worker` role.

        Args:
            delivery: The delivery's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            finish_delivery._get_kwargs(
                delivery=str(delivery),
                body=as_model(DeliveryFinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_delivery._parse_response,
        )

    async def finish_notifications(
        self,
        channel: str | UUID,
        body: NotificationFinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> NotificationChannel:
        """Report an attempt to send notifications.

        Report whether the message was sent. The server decides whether and when to try again.

        Returns 409 `notification_claim_lost`, and changes nothing, if another worker holds the
        channel or the result was already reported.

        Requires the `worker` role.

        Args:
            channel: The channel's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            finish_notifications._get_kwargs(
                channel=str(channel),
                body=as_model(NotificationFinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_notifications._parse_response,
        )

    async def finish_protection_answer(
        self,
        protection_answer: str | UUID,
        body: ProtectionAnswerFinishBody | Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
    ) -> ProtectionAnswer:
        """Report an attempt to answer a job.

        Report how GitHub responded to an answer.

        The server decides whether and when to try again. Returns 409 `answer_claim_lost`, and
        changes nothing, if another worker holds the answer, or the answer has already been sent or
        has failed.

        Requires the `worker` role.

        Args:
            protection_answer: The answer's id.
            idempotency_key: Makes a retry safe: for 7 days, the same key with the same request
                returns the stored response instead of executing the request again. Errors are not
                stored. A key in quotation marks is equivalent to one without them.
        """
        return await self._call(
            finish_protection_answer._get_kwargs(
                protection_answer=str(protection_answer),
                body=as_model(ProtectionAnswerFinishBody, body),
                idempotency_key=or_unset(self._key(idempotency_key)),
            ),
            finish_protection_answer._parse_response,
        )

    async def list_workers(
        self,
    ) -> Workers:
        """List the workers.

        List the workers seen within the last hour, and the deployments that they are executing.

        A worker that stopped or was lost remains in the list for an hour, and until every
        deployment that it claimed has ended.
        """
        return await self._call(
            list_workers._get_kwargs(),
            list_workers._parse_response,
        )
