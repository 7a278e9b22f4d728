"""The domain: cases, items, credit and scores. Values in, values out; `content` is data."""
