"""Finding in the bank: what rooms below know of each hit, and who may read what."""
