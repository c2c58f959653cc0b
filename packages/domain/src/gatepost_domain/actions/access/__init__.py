"""Actions on users and their credentials: tokens, passkeys, sessions, invitations and logins."""
