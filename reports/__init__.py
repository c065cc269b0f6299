"""Paper and files: the report as PDF."""
