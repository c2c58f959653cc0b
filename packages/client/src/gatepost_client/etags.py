"""Acting on what was seen: the condition that nothing has changed since."""


def etag(revision: int) -> str:
    """The ETag of a revision, for `if_match`: `if_match=etag(deployment.revision)`."""
    return f'"{revision}"'
