"""Reports on paper, and the page that prepares a meeting: as PDF, made by a worker."""
