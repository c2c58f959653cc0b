"""One synchronous function for each thing that can be done: load, decide, save."""
