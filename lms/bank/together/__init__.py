"""Acts on several cases of the finder at once, each confirmed on one page."""
