"""Bringing pictures in: what was uploaded is made anew from its pixels or its shapes."""
