"""What the service costs, measured on real processes: `make bench`, see `__main__`."""
