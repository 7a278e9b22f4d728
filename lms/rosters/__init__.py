"""Reading, planning and carrying out an import of people."""
