"""An item of a draft becomes one of another type, once it was said what does not fit that."""
