"""The framework document in plain Python: shapes, reading, checks, dump and digest."""

from frameworks.document.versions import version_key

__all__ = ["version_key"]
