"""ETags for conditional requests."""


def etag(revision: int) -> str:
    """Return the ETag of a revision, as in `if_match=etag(deployment.revision)`."""
    return f'"{revision}"'
