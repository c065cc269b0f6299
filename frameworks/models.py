"""Framework versions: each is one document and the rows that pages list and join."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

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
