"""The actions: one synchronous function per operation, which loads, decides and saves."""
