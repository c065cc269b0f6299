"""What must outlive a process: the audit trail and jobs."""
