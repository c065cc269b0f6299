"""Answering, scoring, planning and review."""
