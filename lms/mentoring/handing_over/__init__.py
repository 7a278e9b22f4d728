"""Who looked after a fellow before, and telling all three that another mentor does now."""
