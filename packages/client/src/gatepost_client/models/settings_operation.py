from ..open_enum import OpenEnum


class SettingsOperation(OpenEnum):
    """The requested operation, named by its operation id in the API."""

    ADD_USER = "add_user"
    CHANGE_ENVIRONMENT = "change_environment"
    CHANGE_USER = "change_user"
    PUT_POLICY = "put_policy"
    PUT_TARGET = "put_target"
    RETIRE_TARGET = "retire_target"
