"""Writes about assessments: each is a named deed, all-or-nothing, with its events."""
