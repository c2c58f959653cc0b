"""The parts that all commands share: arguments, context and exit codes."""
