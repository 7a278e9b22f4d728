"""Running the service: the mailbox, the mail ledger, the audit trail."""
