"""The starter bank and the blueprint: data."""
