"""The routing of all operations, and the checks before each one."""
