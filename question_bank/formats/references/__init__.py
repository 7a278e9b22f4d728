"""Sources as reference managers and PubMed write them down, read as rows of a draft."""
