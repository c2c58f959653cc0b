"""The actions: one synchronous function per operation, which loads data, decides, and saves."""
