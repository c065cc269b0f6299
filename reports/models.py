"""Reports: which assessment, in which state, and the job that makes the file."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from assessments.models import Assessment, Snapshot
from records.models import Job, OwnedManager, OwnedModel, OwnedQuerySet


class ReportQuerySet(OwnedQuerySet["Report"]):
    def with_job(self) -> ReportQuerySet:
        return self.select_related("job", "job__requested_by", "snapshot")


class Report(OwnedModel):
    """One file of one state of an assessment: a snapshot, or a draft's record as it was when asked for.

    A blank questionnaire has neither: it prints the questions of the assessment's framework version, and its
    record is but the names above them.
    """

    class Kind(models.TextChoices):
        FULL = "full", _("Report")
        BRIEF = "brief", _("Board brief")
        BLANK = "blank", _("Blank questionnaire")
        WORKBOOK = "workbook", _("Workbook")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reports")
    revision = models.PositiveSmallIntegerField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="reports")
    record = models.TextField(blank=True)  # of a draft: canonical JSON of its AssessmentRecord
    stances = models.TextField(blank=True)  # the owner's answers to a review, when it was asked for: JSON
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FULL)
    paper = models.CharField(max_length=10, choices=Organisation.Paper)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="report")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedManager["Report"](ReportQuerySet)

    class Meta(OwnedModel.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"report {self.uuid}"

    @property
    def is_brief(self) -> bool:
        return self.kind == self.Kind.BRIEF

    @property
    def is_blank(self) -> bool:
        """The questions on paper for a workshop: it holds no answer."""
        return self.kind == self.Kind.BLANK

    @property
    def is_workbook(self) -> bool:
        """The tables of the results and every answer, for a spreadsheet; all others are PDFs."""
        return self.kind == self.Kind.WORKBOOK

    @property
    def is_draft(self) -> bool:
        return self.snapshot_id is None and not self.is_blank

    @property
    def is_reviewed(self) -> bool:
        return self.snapshot is not None and self.snapshot.kind == Snapshot.Kind.REVIEWED
