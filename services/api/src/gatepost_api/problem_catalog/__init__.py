"""The catalog of all kinds of problems that the API responds with, and how to solve each one."""
