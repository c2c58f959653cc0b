"""What holds for every test."""

from hypothesis import settings

# The same code gets the same answer, on a busy machine too: examples are drawn from each test's
# own name, and how long one takes is not judged.
settings.register_profile("gatepost", derandomize=True, deadline=None)
settings.load_profile("gatepost")
