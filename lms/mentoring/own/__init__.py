"""What fellows see of themselves."""
