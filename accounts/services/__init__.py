"""Writes about people and organisations: each is named, all-or-nothing, with its event."""
