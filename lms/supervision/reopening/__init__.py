"""A director's page on which an attempt that was handed in, or closed by the clock, goes on."""
