"""Coming in: passwords, mailed links, sessions, and who may open which page."""
