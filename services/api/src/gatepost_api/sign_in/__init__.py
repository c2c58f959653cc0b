"""Coming in: by the printed link, by a token, by an identity provider; pipelines by their proof."""
