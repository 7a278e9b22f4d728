"""How Hypothesis runs here."""

from hypothesis import settings

settings.register_profile("shared machine", deadline=None)  # a busy machine is not a defect
settings.load_profile("shared machine")
