"""Attacks, as who would break in or break something would go about them."""
