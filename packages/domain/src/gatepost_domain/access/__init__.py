"""Users, tokens and roles, and the command that an actor passes to an action."""
