"""What people type about themselves, their organisations and the waitlist."""
