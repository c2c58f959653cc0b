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
from .current_state import CurrentState
from .deployment import Deployment
from .deployment_action import DeploymentAction
from .deployment_create import DeploymentCreate
from .deployment_execution import DeploymentExecution
from .deployment_gates import DeploymentGates
from .deployment_kind import DeploymentKind
from .deployment_page import DeploymentPage
from .deployment_status import DeploymentStatus
from .environment import Environment
from .environment_create import EnvironmentCreate
from .environment_page import EnvironmentPage
from .event import Event
from .event_data import EventData
from .event_kind import EventKind
from .event_page import EventPage
from .execution_mode import ExecutionMode
from .execution_state import ExecutionState
from .gate import Gate
from .gate_kind import GateKind
from .gate_state import GateState
from .grant import Grant
from .grant_body import GrantBody
from .health import Health
from .health_state import HealthState
from .hide_body import HideBody
from .import_result import ImportResult
from .in_progress import InProgress
from .issued_token import IssuedToken
from .list_order import ListOrder
from .login import Login
from .login_body import LoginBody
from .me import Me
from .pipeline_proof import PipelineProof
from .policy import Policy
from .policy_body import PolicyBody
from .problem import Problem
from .problem_error import ProblemError
from .reason_body import ReasonBody
from .record_create import RecordCreate
from .retired_target import RetiredTarget
from .review import Review
from .review_stage import ReviewStage
from .role import Role
from .service import Service
from .service_create import ServiceCreate
from .service_page import ServicePage
from .service_status import ServiceStatus
from .stats import Stats
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
    "CurrentState",
    "Deployment",
    "DeploymentAction",
    "DeploymentCreate",
    "DeploymentExecution",
    "DeploymentGates",
    "DeploymentKind",
    "DeploymentPage",
    "DeploymentStatus",
    "Environment",
    "EnvironmentCreate",
    "EnvironmentPage",
    "Event",
    "EventData",
    "EventKind",
    "EventPage",
    "ExecutionMode",
    "ExecutionState",
    "Gate",
    "GateKind",
    "GateState",
    "Grant",
    "GrantBody",
    "Health",
    "HealthState",
    "HideBody",
    "ImportResult",
    "InProgress",
    "IssuedToken",
    "ListOrder",
    "Login",
    "LoginBody",
    "Me",
    "PipelineProof",
    "Policy",
    "PolicyBody",
    "Problem",
    "ProblemError",
    "ReasonBody",
    "RecordCreate",
    "RetiredTarget",
    "Review",
    "ReviewStage",
    "Role",
    "Service",
    "ServiceCreate",
    "ServicePage",
    "ServiceStatus",
    "Stats",
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
)
