"""The facts that a draft rests on: found in the fact base, or written down."""
