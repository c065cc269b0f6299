"""Rows that every app above relies on."""

from records.models.event import ChainHead, Event
from records.models.job import Job
from records.models.owned import OwnedManager, OwnedModel, OwnedQuerySet, Unscoped

__all__ = ["ChainHead", "Event", "Job", "OwnedManager", "OwnedModel", "OwnedQuerySet", "Unscoped"]
