"""Rows that every app above relies on."""

from records.models.event import ChainHead, Event
from records.models.job import Job
from records.models.mail import Mail
from records.models.owned import OwnedManager, OwnedModel, OwnedQuerySet, Unscoped

__all__ = ["ChainHead", "Event", "Job", "Mail", "OwnedManager", "OwnedModel", "OwnedQuerySet", "Unscoped"]
