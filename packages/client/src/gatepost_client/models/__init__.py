"""Contains all the data models used in inputs/outputs"""

from .accept_records import AcceptRecords
from .action_body import ActionBody
from .action_offer import ActionOffer
from .after_review import AfterReview
from .after_review_body import AfterReviewBody
from .after_review_state import AfterReviewState
from .age import Age
from .answer_state import AnswerState
from .answer_verdict import AnswerVerdict
from .api_index import ApiIndex
from .api_index_links import ApiIndexLinks
from .approval import Approval
from .approval_rule import ApprovalRule
from .approval_rule_body import ApprovalRuleBody
from .approval_stage import ApprovalStage
from .approval_stage_body import ApprovalStageBody
from .approve_body import ApproveBody
from .break_glass import BreakGlass
from .break_glass_body import BreakGlassBody
from .bucket import Bucket
from .cancel_reason import CancelReason
from .cell import Cell
from .cell_difference import CellDifference
from .changed_version import ChangedVersion
from .channel_quiet_hours import ChannelQuietHours
from .channel_recipient import ChannelRecipient
from .channel_recipient_body import ChannelRecipientBody
from .check_result import CheckResult
from .check_result_body import CheckResultBody
from .check_run import CheckRun
from .check_run_finish_body import CheckRunFinishBody
from .check_run_lease import CheckRunLease
from .check_run_page import CheckRunPage
from .check_run_result import CheckRunResult
from .check_run_state import CheckRunState
from .check_state import CheckState
from .check_task import CheckTask
from .claim_create import ClaimCreate
from .claim_lease import ClaimLease
from .command_executor import CommandExecutor
from .command_executor_body import CommandExecutorBody
from .commit_range import CommitRange
from .compared_state import ComparedState
from .consent import Consent
from .consented_target import ConsentedTarget
from .consented_target_settings import ConsentedTargetSettings
from .consented_to import ConsentedTo
from .consistency_proof import ConsistencyProof
from .contract_file import ContractFile
from .contracts import Contracts
from .count_figure import CountFigure
from .current_state import CurrentState
from .delivery_attempt import DeliveryAttempt
from .delivery_bucket import DeliveryBucket
from .delivery_figures import DeliveryFigures
from .delivery_finish_body import DeliveryFinishBody
from .delivery_report import DeliveryReport
from .delivery_state import DeliveryState
from .delivery_task import DeliveryTask
from .dependence import Dependence
from .deployment import Deployment
from .deployment_action import DeploymentAction
from .deployment_changes import DeploymentChanges
from .deployment_create import DeploymentCreate
from .deployment_execution import DeploymentExecution
from .deployment_gates import DeploymentGates
from .deployment_kind import DeploymentKind
from .deployment_page import DeploymentPage
from .deployment_preview import DeploymentPreview
from .deployment_status import DeploymentStatus
from .deployment_step import DeploymentStep
from .deployment_steps import DeploymentSteps
from .difference import Difference
from .digest_period import DigestPeriod
from .digested_approval import DigestedApproval
from .direction import Direction
from .disabled_reason import DisabledReason
from .duration_figure import DurationFigure
from .earlier_run import EarlierRun
from .effect import Effect
from .ending import Ending
from .envelope_signature import EnvelopeSignature
from .environment import Environment
from .environment_change import EnvironmentChange
from .environment_create import EnvironmentCreate
from .environment_page import EnvironmentPage
from .event import Event
from .event_data import EventData
from .event_inclusion import EventInclusion
from .event_kind import EventKind
from .event_page import EventPage
from .evidence import Evidence
from .evidence_chain import EvidenceChain
from .evidence_format import EvidenceFormat
from .execution_mode import ExecutionMode
from .execution_state import ExecutionState
from .export_format import ExportFormat
from .fault import Fault
from .finish_body import FinishBody
from .freeze import Freeze
from .freeze_create import FreezeCreate
from .freeze_import_result import FreezeImportResult
from .freeze_page import FreezePage
from .freeze_period import FreezePeriod
from .freeze_preview import FreezePreview
from .freeze_scope import FreezeScope
from .freeze_scope_body import FreezeScopeBody
from .freeze_stops import FreezeStops
from .frequency_figure import FrequencyFigure
from .gate import Gate
from .gate_at_start import GateAtStart
from .gate_kind import GateKind
from .gate_override import GateOverride
from .gate_state import GateState
from .grant import Grant
from .grant_body import GrantBody
from .health import Health
from .health_source import HealthSource
from .health_state import HealthState
from .hide_body import HideBody
from .hold import Hold
from .http_method import HttpMethod
from .import_conflict import ImportConflict
from .import_history_tiers import ImportHistoryTiers
from .import_history_tiers_additional_property import (
    ImportHistoryTiersAdditionalProperty,
)
from .import_result import ImportResult
from .in_progress import InProgress
from .inbox_page import InboxPage
from .incident import Incident
from .incident_create import IncidentCreate
from .incident_page import IncidentPage
from .inclusion_proof import InclusionProof
from .independence import Independence
from .independent_reviewers import IndependentReviewers
from .ingest_delivery import IngestDelivery
from .ingest_delivery_detail import IngestDeliveryDetail
from .ingest_delivery_page import IngestDeliveryPage
from .ingest_mapping import IngestMapping
from .ingest_mapping_body import IngestMappingBody
from .ingest_mapping_body_status_map import IngestMappingBodyStatusMap
from .ingest_mapping_status_map import IngestMappingStatusMap
from .ingest_signature import IngestSignature
from .ingest_source import IngestSource
from .ingest_source_environment_map import IngestSourceEnvironmentMap
from .ingest_source_kind import IngestSourceKind
from .ingest_source_list import IngestSourceList
from .ingest_source_pipelines import IngestSourcePipelines
from .ingest_source_put import IngestSourcePut
from .ingest_source_put_environment_map import IngestSourcePutEnvironmentMap
from .ingest_source_put_pipelines import IngestSourcePutPipelines
from .ingest_source_put_service_map import IngestSourcePutServiceMap
from .ingest_source_put_workflows import IngestSourcePutWorkflows
from .ingest_source_service_map import IngestSourceServiceMap
from .ingest_source_workflows import IngestSourceWorkflows
from .ingest_state import IngestState
from .ingested_deployment import IngestedDeployment
from .invitation import Invitation
from .issued_token import IssuedToken
from .lane_mode import LaneMode
from .lift_body import LiftBody
from .link_body import LinkBody
from .list_order import ListOrder
from .login import Login
from .login_body import LoginBody
from .mapped_outcome import MappedOutcome
from .me import Me
from .means import Means
from .message_header import MessageHeader
from .notification import Notification
from .notification_channel import NotificationChannel
from .notification_channel_create import NotificationChannelCreate
from .notification_channel_page import NotificationChannelPage
from .notification_channel_update import NotificationChannelUpdate
from .notification_finish_body import NotificationFinishBody
from .notification_page import NotificationPage
from .notification_reason import NotificationReason
from .notification_state import NotificationState
from .notification_task import NotificationTask
from .on_conflict import OnConflict
from .override_body import OverrideBody
from .pending_review import PendingReview
from .pipeline_proof import PipelineProof
from .policy import Policy
from .policy_body import PolicyBody
from .policy_page import PolicyPage
from .policy_simulation import PolicySimulation
from .policy_simulation_body import PolicySimulationBody
from .problem import Problem
from .problem_error import ProblemError
from .promote_body import PromoteBody
from .promotion_blocked import PromotionBlocked
from .protection_answer import ProtectionAnswer
from .protection_answer_finish_body import ProtectionAnswerFinishBody
from .protection_answer_task import ProtectionAnswerTask
from .quiet_hours_body import QuietHoursBody
from .rate_figure import RateFigure
from .readiness import Readiness
from .readiness_body import ReadinessBody
from .reason_body import ReasonBody
from .receive_delivery_body import ReceiveDeliveryBody
from .recipient_kind import RecipientKind
from .record_create import RecordCreate
from .recorded_state import RecordedState
from .recorded_state_columns import RecordedStateColumns
from .recording_event import RecordingEvent
from .registered_service import RegisteredService
from .release_body import ReleaseBody
from .renew_body import RenewBody
from .replaced_deployment import ReplacedDeployment
from .request_texts import RequestTexts
from .request_texts_body import RequestTextsBody
from .requires_mode import RequiresMode
from .resolve_body import ResolveBody
from .restrictions import Restrictions
from .retired_target import RetiredTarget
from .review import Review
from .review_refused import ReviewRefused
from .review_stage import ReviewStage
from .role import Role
from .rollback_approvals import RollbackApprovals
from .rollback_body import RollbackBody
from .rollback_target import RollbackTarget
from .service import Service
from .service_change import ServiceChange
from .service_create import ServiceCreate
from .service_health import ServiceHealth
from .service_page import ServicePage
from .service_status import ServiceStatus
from .settings_change import SettingsChange
from .settings_change_approval import SettingsChangeApproval
from .settings_change_details import SettingsChangeDetails
from .settings_change_details_after import SettingsChangeDetailsAfter
from .settings_change_details_before_type_0 import SettingsChangeDetailsBeforeType0
from .settings_change_page import SettingsChangePage
from .settings_change_rejection import SettingsChangeRejection
from .settings_change_state import SettingsChangeState
from .settings_kind import SettingsKind
from .settings_operation import SettingsOperation
from .signed_checkpoint import SignedCheckpoint
from .signed_envelope import SignedEnvelope
from .simulated_executor import SimulatedExecutor
from .simulated_executor_body import SimulatedExecutorBody
from .simulated_gate import SimulatedGate
from .simulated_outcome import SimulatedOutcome
from .state_differences import StateDifferences
from .stats import Stats
from .step_body import StepBody
from .step_kind import StepKind
from .step_state import StepState
from .steps_body import StepsBody
from .stopped_deployment import StoppedDeployment
from .target import Target
from .target_body import TargetBody
from .target_check import TargetCheck
from .target_check_body import TargetCheckBody
from .target_check_body_expect_json import TargetCheckBodyExpectJson
from .target_check_expect_json import TargetCheckExpectJson
from .target_page import TargetPage
from .target_settings import TargetSettings
from .target_version_page import TargetVersionPage
from .task import Task
from .task_kind import TaskKind
from .tier import Tier
from .token import Token
from .token_create import TokenCreate
from .token_kind import TokenKind
from .token_page import TokenPage
from .unblock_body import UnblockBody
from .unknown_actor import UnknownActor
from .unknown_executor import UnknownExecutor
from .user import User
from .user_change import UserChange
from .user_create import UserCreate
from .user_kind import UserKind
from .user_page import UserPage
from .user_provenance import UserProvenance
from .user_reset import UserReset
from .verdict import Verdict
from .verification import Verification
from .version import Version
from .version_block import VersionBlock
from .version_create import VersionCreate
from .version_page import VersionPage
from .vouched_steps import VouchedSteps
from .waived_review import WaivedReview
from .webhook import Webhook
from .webhook_create import WebhookCreate
from .webhook_delivery import WebhookDelivery
from .webhook_delivery_page import WebhookDeliveryPage
from .webhook_disabled import WebhookDisabled
from .webhook_executor import WebhookExecutor
from .webhook_executor_body import WebhookExecutorBody
from .webhook_format import WebhookFormat
from .webhook_message import WebhookMessage
from .webhook_message_data import WebhookMessageData
from .webhook_page import WebhookPage
from .webhook_update import WebhookUpdate
from .webhook_with_secret import WebhookWithSecret
from .worker import Worker
from .worker_claim import WorkerClaim
from .worker_state import WorkerState
from .workers import Workers

__all__ = (
    "AcceptRecords",
    "ActionBody",
    "ActionOffer",
    "AfterReview",
    "AfterReviewBody",
    "AfterReviewState",
    "Age",
    "AnswerState",
    "AnswerVerdict",
    "ApiIndex",
    "ApiIndexLinks",
    "Approval",
    "ApprovalRule",
    "ApprovalRuleBody",
    "ApprovalStage",
    "ApprovalStageBody",
    "ApproveBody",
    "BreakGlass",
    "BreakGlassBody",
    "Bucket",
    "CancelReason",
    "Cell",
    "CellDifference",
    "ChangedVersion",
    "ChannelQuietHours",
    "ChannelRecipient",
    "ChannelRecipientBody",
    "CheckResult",
    "CheckResultBody",
    "CheckRun",
    "CheckRunFinishBody",
    "CheckRunLease",
    "CheckRunPage",
    "CheckRunResult",
    "CheckRunState",
    "CheckState",
    "CheckTask",
    "ClaimCreate",
    "ClaimLease",
    "CommandExecutor",
    "CommandExecutorBody",
    "CommitRange",
    "ComparedState",
    "Consent",
    "ConsentedTarget",
    "ConsentedTargetSettings",
    "ConsentedTo",
    "ConsistencyProof",
    "ContractFile",
    "Contracts",
    "CountFigure",
    "CurrentState",
    "DeliveryAttempt",
    "DeliveryBucket",
    "DeliveryFigures",
    "DeliveryFinishBody",
    "DeliveryReport",
    "DeliveryState",
    "DeliveryTask",
    "Dependence",
    "Deployment",
    "DeploymentAction",
    "DeploymentChanges",
    "DeploymentCreate",
    "DeploymentExecution",
    "DeploymentGates",
    "DeploymentKind",
    "DeploymentPage",
    "DeploymentPreview",
    "DeploymentStatus",
    "DeploymentStep",
    "DeploymentSteps",
    "Difference",
    "DigestedApproval",
    "DigestPeriod",
    "Direction",
    "DisabledReason",
    "DurationFigure",
    "EarlierRun",
    "Effect",
    "Ending",
    "EnvelopeSignature",
    "Environment",
    "EnvironmentChange",
    "EnvironmentCreate",
    "EnvironmentPage",
    "Event",
    "EventData",
    "EventInclusion",
    "EventKind",
    "EventPage",
    "Evidence",
    "EvidenceChain",
    "EvidenceFormat",
    "ExecutionMode",
    "ExecutionState",
    "ExportFormat",
    "Fault",
    "FinishBody",
    "Freeze",
    "FreezeCreate",
    "FreezeImportResult",
    "FreezePage",
    "FreezePeriod",
    "FreezePreview",
    "FreezeScope",
    "FreezeScopeBody",
    "FreezeStops",
    "FrequencyFigure",
    "Gate",
    "GateAtStart",
    "GateKind",
    "GateOverride",
    "GateState",
    "Grant",
    "GrantBody",
    "Health",
    "HealthSource",
    "HealthState",
    "HideBody",
    "Hold",
    "HttpMethod",
    "ImportConflict",
    "ImportHistoryTiers",
    "ImportHistoryTiersAdditionalProperty",
    "ImportResult",
    "InboxPage",
    "Incident",
    "IncidentCreate",
    "IncidentPage",
    "InclusionProof",
    "Independence",
    "IndependentReviewers",
    "IngestDelivery",
    "IngestDeliveryDetail",
    "IngestDeliveryPage",
    "IngestedDeployment",
    "IngestMapping",
    "IngestMappingBody",
    "IngestMappingBodyStatusMap",
    "IngestMappingStatusMap",
    "IngestSignature",
    "IngestSource",
    "IngestSourceEnvironmentMap",
    "IngestSourceKind",
    "IngestSourceList",
    "IngestSourcePipelines",
    "IngestSourcePut",
    "IngestSourcePutEnvironmentMap",
    "IngestSourcePutPipelines",
    "IngestSourcePutServiceMap",
    "IngestSourcePutWorkflows",
    "IngestSourceServiceMap",
    "IngestSourceWorkflows",
    "IngestState",
    "InProgress",
    "Invitation",
    "IssuedToken",
    "LaneMode",
    "LiftBody",
    "LinkBody",
    "ListOrder",
    "Login",
    "LoginBody",
    "MappedOutcome",
    "Me",
    "Means",
    "MessageHeader",
    "Notification",
    "NotificationChannel",
    "NotificationChannelCreate",
    "NotificationChannelPage",
    "NotificationChannelUpdate",
    "NotificationFinishBody",
    "NotificationPage",
    "NotificationReason",
    "NotificationState",
    "NotificationTask",
    "OnConflict",
    "OverrideBody",
    "PendingReview",
    "PipelineProof",
    "Policy",
    "PolicyBody",
    "PolicyPage",
    "PolicySimulation",
    "PolicySimulationBody",
    "Problem",
    "ProblemError",
    "PromoteBody",
    "PromotionBlocked",
    "ProtectionAnswer",
    "ProtectionAnswerFinishBody",
    "ProtectionAnswerTask",
    "QuietHoursBody",
    "RateFigure",
    "Readiness",
    "ReadinessBody",
    "ReasonBody",
    "ReceiveDeliveryBody",
    "RecipientKind",
    "RecordCreate",
    "RecordedState",
    "RecordedStateColumns",
    "RecordingEvent",
    "RegisteredService",
    "ReleaseBody",
    "RenewBody",
    "ReplacedDeployment",
    "RequestTexts",
    "RequestTextsBody",
    "RequiresMode",
    "ResolveBody",
    "Restrictions",
    "RetiredTarget",
    "Review",
    "ReviewRefused",
    "ReviewStage",
    "Role",
    "RollbackApprovals",
    "RollbackBody",
    "RollbackTarget",
    "Service",
    "ServiceChange",
    "ServiceCreate",
    "ServiceHealth",
    "ServicePage",
    "ServiceStatus",
    "SettingsChange",
    "SettingsChangeApproval",
    "SettingsChangeDetails",
    "SettingsChangeDetailsAfter",
    "SettingsChangeDetailsBeforeType0",
    "SettingsChangePage",
    "SettingsChangeRejection",
    "SettingsChangeState",
    "SettingsKind",
    "SettingsOperation",
    "SignedCheckpoint",
    "SignedEnvelope",
    "SimulatedExecutor",
    "SimulatedExecutorBody",
    "SimulatedGate",
    "SimulatedOutcome",
    "StateDifferences",
    "Stats",
    "StepBody",
    "StepKind",
    "StepsBody",
    "StepState",
    "StoppedDeployment",
    "Target",
    "TargetBody",
    "TargetCheck",
    "TargetCheckBody",
    "TargetCheckBodyExpectJson",
    "TargetCheckExpectJson",
    "TargetPage",
    "TargetSettings",
    "TargetVersionPage",
    "Task",
    "TaskKind",
    "Tier",
    "Token",
    "TokenCreate",
    "TokenKind",
    "TokenPage",
    "UnblockBody",
    "UnknownActor",
    "UnknownExecutor",
    "User",
    "UserChange",
    "UserCreate",
    "UserKind",
    "UserPage",
    "UserProvenance",
    "UserReset",
    "Verdict",
    "Verification",
    "Version",
    "VersionBlock",
    "VersionCreate",
    "VersionPage",
    "VouchedSteps",
    "WaivedReview",
    "Webhook",
    "WebhookCreate",
    "WebhookDelivery",
    "WebhookDeliveryPage",
    "WebhookDisabled",
    "WebhookExecutor",
    "WebhookExecutorBody",
    "WebhookFormat",
    "WebhookMessage",
    "WebhookMessageData",
    "WebhookPage",
    "WebhookUpdate",
    "WebhookWithSecret",
    "Worker",
    "WorkerClaim",
    "Workers",
    "WorkerState",
)
