"""Contains all the data models used in inputs/outputs"""

from .action_body import ActionBody
from .action_offer import ActionOffer
from .age import Age
from .approval import Approval
from .approval_rule import ApprovalRule
from .approval_rule_body import ApprovalRuleBody
from .approval_stage import ApprovalStage
from .approval_stage_body import ApprovalStageBody
from .approve_body import ApproveBody
from .cancel_reason import CancelReason
from .cell import Cell
from .command_executor import CommandExecutor
from .command_executor_body import CommandExecutorBody
from .contract_file import ContractFile
from .contracts import Contracts
from .current_state import CurrentState
from .deployment import Deployment
from .deployment_action import DeploymentAction
from .deployment_create import DeploymentCreate
from .deployment_execution import DeploymentExecution
from .deployment_gates import DeploymentGates
from .deployment_kind import DeploymentKind
from .deployment_page import DeploymentPage
from .deployment_preview import DeploymentPreview
from .deployment_status import DeploymentStatus
from .effect import Effect
from .environment import Environment
from .environment_change import EnvironmentChange
from .environment_create import EnvironmentCreate
from .environment_page import EnvironmentPage
from .event import Event
from .event_data import EventData
from .event_kind import EventKind
from .event_page import EventPage
from .execution_mode import ExecutionMode
from .execution_state import ExecutionState
from .freeze import Freeze
from .freeze_create import FreezeCreate
from .freeze_page import FreezePage
from .freeze_scope import FreezeScope
from .freeze_scope_body import FreezeScopeBody
from .gate import Gate
from .gate_kind import GateKind
from .gate_state import GateState
from .grant import Grant
from .grant_body import GrantBody
from .health import Health
from .health_source import HealthSource
from .health_state import HealthState
from .hide_body import HideBody
from .http_method import HttpMethod
from .import_result import ImportResult
from .in_progress import InProgress
from .issued_token import IssuedToken
from .lane_mode import LaneMode
from .lift_body import LiftBody
from .list_order import ListOrder
from .login import Login
from .login_body import LoginBody
from .me import Me
from .pipeline_proof import PipelineProof
from .policy import Policy
from .policy_body import PolicyBody
from .policy_page import PolicyPage
from .problem import Problem
from .problem_error import ProblemError
from .readiness import Readiness
from .readiness_body import ReadinessBody
from .reason_body import ReasonBody
from .record_create import RecordCreate
from .registered_service import RegisteredService
from .retired_target import RetiredTarget
from .review import Review
from .review_stage import ReviewStage
from .role import Role
from .service import Service
from .service_change import ServiceChange
from .service_create import ServiceCreate
from .service_health import ServiceHealth
from .service_page import ServicePage
from .service_status import ServiceStatus
from .simulated_executor import SimulatedExecutor
from .simulated_executor_body import SimulatedExecutorBody
from .simulated_outcome import SimulatedOutcome
from .stats import Stats
from .target import Target
from .target_body import TargetBody
from .target_check import TargetCheck
from .target_check_body import TargetCheckBody
from .target_check_body_expect_json import TargetCheckBodyExpectJson
from .target_check_expect_json import TargetCheckExpectJson
from .target_page import TargetPage
from .tier import Tier
from .token import Token
from .token_create import TokenCreate
from .token_kind import TokenKind
from .token_page import TokenPage
from .user import User
from .user_change import UserChange
from .user_create import UserCreate
from .user_kind import UserKind
from .user_page import UserPage
from .version import Version
from .version_create import VersionCreate
from .version_page import VersionPage
from .webhook_executor import WebhookExecutor
from .webhook_executor_body import WebhookExecutorBody

__all__ = (
    "ActionBody",
    "ActionOffer",
    "Age",
    "Approval",
    "ApprovalRule",
    "ApprovalRuleBody",
    "ApprovalStage",
    "ApprovalStageBody",
    "ApproveBody",
    "CancelReason",
    "Cell",
    "CommandExecutor",
    "CommandExecutorBody",
    "ContractFile",
    "Contracts",
    "CurrentState",
    "Deployment",
    "DeploymentAction",
    "DeploymentCreate",
    "DeploymentExecution",
    "DeploymentGates",
    "DeploymentKind",
    "DeploymentPage",
    "DeploymentPreview",
    "DeploymentStatus",
    "Effect",
    "Environment",
    "EnvironmentChange",
    "EnvironmentCreate",
    "EnvironmentPage",
    "Event",
    "EventData",
    "EventKind",
    "EventPage",
    "ExecutionMode",
    "ExecutionState",
    "Freeze",
    "FreezeCreate",
    "FreezePage",
    "FreezeScope",
    "FreezeScopeBody",
    "Gate",
    "GateKind",
    "GateState",
    "Grant",
    "GrantBody",
    "Health",
    "HealthSource",
    "HealthState",
    "HideBody",
    "HttpMethod",
    "ImportResult",
    "InProgress",
    "IssuedToken",
    "LaneMode",
    "LiftBody",
    "ListOrder",
    "Login",
    "LoginBody",
    "Me",
    "PipelineProof",
    "Policy",
    "PolicyBody",
    "PolicyPage",
    "Problem",
    "ProblemError",
    "Readiness",
    "ReadinessBody",
    "ReasonBody",
    "RecordCreate",
    "RegisteredService",
    "RetiredTarget",
    "Review",
    "ReviewStage",
    "Role",
    "Service",
    "ServiceChange",
    "ServiceCreate",
    "ServiceHealth",
    "ServicePage",
    "ServiceStatus",
    "SimulatedExecutor",
    "SimulatedExecutorBody",
    "SimulatedOutcome",
    "Stats",
    "Target",
    "TargetBody",
    "TargetCheck",
    "TargetCheckBody",
    "TargetCheckBodyExpectJson",
    "TargetCheckExpectJson",
    "TargetPage",
    "Tier",
    "Token",
    "TokenCreate",
    "TokenKind",
    "TokenPage",
    "User",
    "UserChange",
    "UserCreate",
    "UserKind",
    "UserPage",
    "Version",
    "VersionCreate",
    "VersionPage",
    "WebhookExecutor",
    "WebhookExecutorBody",
)
