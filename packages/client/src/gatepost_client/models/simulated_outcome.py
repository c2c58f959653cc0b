from ..open_enum import OpenEnum


class SimulatedOutcome(OpenEnum):
    """The outcome of a simulated rollout."""

    FAIL = "fail"
    SUCCEED = "succeed"
