"""Keeping a revision as it is."""

from __future__ import annotations

from accounts.models import User
from assessments.engine.shapes import ENGINE_VERSION
from assessments.models import Assessment, Snapshot
from assessments.results import Frozen


def keep_snapshot(actor: User, assessment: Assessment, kind: str, frozen: Frozen) -> Snapshot:
    """The row of a snapshot, which nothing changes from then on."""
    snapshot: Snapshot = Snapshot.objects.create(
        assessment=assessment,
        revision=assessment.revision,
        kind=kind,
        record=frozen.record,
        results=frozen.results,
        engine_version=ENGINE_VERSION,
        content_digest=frozen.content_digest,
        digest=frozen.digest,
        created_by=actor,
    )
    return snapshot
