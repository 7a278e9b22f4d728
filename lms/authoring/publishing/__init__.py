"""Publishing a proposal: who may, and what it changes."""
