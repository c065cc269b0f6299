"""Framework versions, each one document and the rows that pages list and join, and drafts of the next."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

CHANGE_NOTE = 4000  # code points
CHANGE_NOTE_LEAST = 10


class FrameworkVersionQuerySet(models.QuerySet["FrameworkVersion"]):
    def published(self) -> FrameworkVersionQuerySet:
        return self.filter(state=FrameworkVersion.State.PUBLISHED)

    def light(self) -> FrameworkVersionQuerySet:
        """Without the document, which is long and read through `spec_for`."""
        return self.defer("document")


class FrameworkVersion(models.Model):
    """One version of a framework; published, it never changes again (the database refuses)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    framework = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)
    status_as_of = models.DateField()
    notice = models.TextField()
    document = models.TextField()  # canonical JSON: the truth for engine, digest and export
    digest = models.CharField(max_length=71)
    change_note = models.TextField(blank=True)  # what changed and why, for everybody who reads
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # neither for what the system published

    objects = FrameworkVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "version"],
                condition=Q(state="published"),
                name="a_version_is_published_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.version}"


class FrameworkDraftQuerySet(models.QuerySet["FrameworkDraft"]):
    def open(self) -> FrameworkDraftQuerySet:
        return self.filter(state=FrameworkDraft.State.OPEN)

    def closed(self) -> FrameworkDraftQuerySet:
        return self.exclude(state=FrameworkDraft.State.OPEN)

    def for_page(self) -> FrameworkDraftQuerySet:
        """With the people and versions that pages name."""
        people = ("created_by", "changed_by", "asked_by")
        return self.select_related(*people, "base", "published").defer(
            "base__document", "published__document"
        )

    def light(self) -> FrameworkDraftQuerySet:
        """For lists: without the document, which is long."""
        return self.for_page().defer("document", "base__document", "published__document")


class FrameworkDraft(models.Model):
    """A version in the making: its document alone, faults and all; rows come with publication."""

    class State(models.TextChoices):
        OPEN = "open", _("Draft")
        PUBLISHED = "published", _("Published")
        DISCARDED = "discarded", _("Discarded")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    framework = models.CharField(max_length=40)
    number = models.CharField(max_length=20, blank=True)  # the document's, where it is a version number
    title = models.CharField(max_length=200, blank=True)
    base = models.ForeignKey(
        FrameworkVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )  # what it came from and is compared with; none for the first of a framework
    document = models.TextField()  # canonical JSON
    revision = models.PositiveIntegerField(default=0)  # rises with every change of the document
    faults = models.PositiveIntegerField(default=0)  # how many the document has, for lists
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(blank=True, max_length=CHANGE_NOTE)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True)
    published = models.OneToOneField(
        FrameworkVersion, on_delete=models.PROTECT, null=True, related_name="draft"
    )

    objects = FrameworkDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_by=None, asked_at=None) | Q(asked_by__isnull=False, asked_at__isnull=False),
                name="who_asks_for_publication_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="published", published__isnull=False)
                | (~Q(state="published") & Q(published=None)),
                name="a_published_draft_has_its_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.number or '–'}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_asked(self) -> bool:
        """Whether somebody asks to publish it as it stands."""
        return self.is_open and self.asked_at is not None


class VersionPart(models.Model):
    """A row made from the document of a version, written by `install_framework` alone."""

    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE)
    code = models.CharField(max_length=40)
    name = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["version", "position"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


def once_in_a_version(*fields: str) -> models.UniqueConstraint:
    """A key of the rows of one version."""
    return models.UniqueConstraint(fields=["version", *fields], name="%(class)s_once_in_a_version")


class Level(VersionPart):
    summary = models.TextField()

    class Meta(VersionPart.Meta):
        constraints = [once_in_a_version("code")]


class Dimension(VersionPart):
    short_name = models.TextField()
    weight = models.PositiveBigIntegerField()

    class Meta(VersionPart.Meta):
        constraints = [once_in_a_version("code")]


class Question(VersionPart):
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="questions")
    weight = models.PositiveBigIntegerField()
    gate = models.BooleanField()
    quick = models.BooleanField()

    class Meta(VersionPart.Meta):
        constraints = [once_in_a_version("code")]


class DpmmLevel(VersionPart):
    reading = models.TextField()

    class Meta(VersionPart.Meta):
        constraints = [once_in_a_version("code")]


class Ceiling(models.Model):
    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE)
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="ceilings")
    dpmm = models.PositiveSmallIntegerField()
    sustained = models.PositiveSmallIntegerField()
    ring_fenced = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [once_in_a_version("dimension", "dpmm")]

    def __str__(self) -> str:
        return f"DPMM {self.dpmm}: {self.sustained}"


class UseCase(VersionPart):
    impact_class = models.CharField(max_length=10)

    class Meta(VersionPart.Meta):
        constraints = [once_in_a_version("code")]


class Action(VersionPart):
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="actions")
    effort = models.CharField(max_length=1)

    class Meta(VersionPart.Meta):
        constraints = [once_in_a_version("code")]


class Reference(VersionPart):
    issuer = models.TextField()
    status = models.CharField(max_length=20)

    class Meta(VersionPart.Meta):
        constraints = [once_in_a_version("code")]


NOTE_LONGEST = 1_000  # characters of a note on a question


class QuestionNote(models.Model):
    """That a question is unclear, as somebody who answers says it: by design nothing tells who, or where."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="notes")
    question_code = models.CharField(max_length=40)
    text = models.TextField(max_length=NOTE_LONGEST)
    written_on = models.DateField()  # the day alone: a time would lead to who wrote it
    is_done = models.BooleanField(default=False)  # an editor has looked at it

    class Meta:
        indexes = [models.Index(fields=["question_code", "-written_on"], name="note_of_question")]

    def __str__(self) -> str:
        return f"{self.question_code}, {self.written_on:%Y-%m-%d}"
