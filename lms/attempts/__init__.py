"""The attempt's own facts: begun, handed in, closed; and where fellows stand."""
