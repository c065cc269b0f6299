"""Writes of frameworks: versions that are published, and drafts of the next."""

from frameworks.services.versions import install_framework

__all__ = ["install_framework"]
