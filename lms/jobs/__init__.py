"""Jobs: work that takes longer than a page may, with its progress and its report."""
