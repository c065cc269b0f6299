"""The demo: an invented organisation, and the password of its accounts."""

# Of accounts that exist in demo mode alone, on loopback.
PASSWORD = "demo password 2026"  # noqa: S105  # everybody may know it
