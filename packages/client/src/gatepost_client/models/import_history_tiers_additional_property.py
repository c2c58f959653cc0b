from ..open_enum import OpenEnum


class ImportHistoryTiersAdditionalProperty(OpenEnum):
    """None"""

    DEVELOPMENT = "development"
    TEST = "test"
    STAGING = "staging"
    PRODUCTION = "production"
