"""Acting on a digest from the mail, without signing in."""
