"""Who acts and what they may do: users, tokens, roles, and the command an actor brings."""
