from ..open_enum import OpenEnum


class IngestSourceKind(OpenEnum):
    """A system that sends deliveries. There is at most one source of each kind."""

    ARGOCD = "argocd"
    CDEVENTS = "cdevents"
    GENERIC = "generic"
    GITHUB = "github"
    GITLAB = "gitlab"
