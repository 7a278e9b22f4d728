"""How this process asks the system for memory, where that can be said: with glibc."""

import ctypes

M_MMAP_THRESHOLD, LARGE = -3, 1024 * 1024
"""Bytes from which on a block is the system's again as soon as it is free."""

M_ARENA_MAX, ARENAS = -8, 2
"""How many heaps the threads of a process share, each of which keeps what was free once."""


def give_back_large_blocks() -> None:
    """Keep no large block that is free: hashing a password takes 19 MiB, in each thread that does.

    Processes that are forked from this one do so too.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_ARENA_MAX, ARENAS)
