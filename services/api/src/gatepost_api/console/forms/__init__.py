"""Reading forms and binding them to actions."""
