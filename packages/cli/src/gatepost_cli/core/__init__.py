"""What every command is built from: arguments, context, exit codes."""
