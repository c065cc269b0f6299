from assessments.queries.reviews import (
    Waiting,
    engagement_for,
    stances_of,
    standing_review,
    waiting_for,
)
from assessments.queries.revisions import revisions_of
from assessments.queries.sample import RECORD, Sample, find_sample, sample_record

__all__ = [
    "RECORD",
    "Sample",
    "Waiting",
    "engagement_for",
    "find_sample",
    "revisions_of",
    "sample_record",
    "stances_of",
    "standing_review",
    "waiting_for",
]
