from ..open_enum import OpenEnum


class SimulatedOutcome(OpenEnum):
    """How a simulated rollout ends."""

    FAIL = "fail"
    SUCCEED = "succeed"
