"""People: who they are, what roles they hold, how an address and a name are written. No pages."""
