"""Sign-in with a link, a token or an identity provider, and token exchange for pipelines."""
