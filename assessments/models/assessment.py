"""Assessments, their answers, and the snapshots that submission freezes."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Engagement, Membership, Organisation, Site, User, one_line
from assessments.models.limits import OWN_WORDS
from assessments.models.review import Review
from frameworks.models import FrameworkVersion, Level
from records.models import OwnedManager, OwnedModel, OwnedQuerySet


class AssessmentQuerySet(OwnedQuerySet["Assessment"]):
    def visible_to(self, user: User) -> AssessmentQuerySet:
        """What members see, and consultants while they are engaged, with the role that they have as `role`.

        Who is both is a member; of two engagements the one to review counts. For who was ever engaged,
        `engaged_until` is the last day of it and `seen_by` the person's own key.
        """
        if user.pk is None:
            return self.none()
        if not user.consults:  # nearly everybody: one join instead of five subqueries
            rows = self.filter(organisation__memberships__user=user.pk)
            return rows.annotate(role=F("organisation__memberships__role"))
        places = Membership.objects.held_by(user)
        engagements = Engagement.objects.held_by(user).order_by("-kind", "-until_on")
        mine = Q(organisation__in=places.values("organisation"))
        clients = Q(organisation__in=engagements.order_by().values("organisation"))
        here = {"organisation": OuterRef("organisation")}
        return self.filter(mine | clients).annotate(
            role=Coalesce(
                Subquery(places.filter(**here).values("role")[:1]),
                Subquery(engagements.filter(**here).values("kind")[:1]),
            ),
            engaged_until=Subquery(engagements.filter(**here).values("until_on")[:1]),
            seen_by=Value(user.pk),
        )

    def of_members(self) -> AssessmentQuerySet:
        """Of what is visible, what this person sees as a member."""
        return self.filter(Q(role__in=Membership.Role.values))

    def of_clients(self) -> AssessmentQuerySet:
        """Of what is visible, what this person sees as a consultant."""
        return self.filter(Q(role__in=Engagement.Kind.values))

    def for_page(self) -> AssessmentQuerySet:
        """With what every page of an assessment names."""
        return self.select_related("organisation", "site", "version").defer("version__document")

    def for_saving(self) -> AssessmentQuerySet:
        """With what a save asks for, and no more: a third of the work of `for_page`."""
        return self.select_related("organisation", "site", "version").only(
            *("uuid", "state", "stamp", "dpmm_source", "dpmm_level", "use_cases", "targets"),
            *("plan_capacity", "plan_blackout_weeks"),
            *("organisation__uuid", "site__time_zone", "version__digest"),
        )

    def with_state_today(self) -> AssessmentQuerySet:
        """With what `state_today` of each follows from, for lists that show it."""
        return self.annotate(review_runs=Exists(Review.objects.of_assessments(OuterRef("pk")).running()))

    def with_level_names(self) -> AssessmentQuerySet:
        """With `level_name`, `evidenced_level_name` and `validated_level_name`, for lists.

        From the rows of each version: its document may be large, and a list holds many versions.
        """

        def name_of(level: str) -> Subquery:
            levels = Level.objects.filter(version=OuterRef("version"), position=OuterRef(level))
            return Subquery(levels.values("name")[:1])

        return self.annotate(
            level_name=name_of("level"),
            evidenced_level_name=name_of("evidenced_level"),
            validated_level_name=name_of("validated_level"),
        )

    def with_to_confirm(self) -> AssessmentQuerySet:
        """With `to_confirm`: how many answers were carried over and are not confirmed yet."""
        carried = Answer.objects.of_assessment(OuterRef("pk")).filter(carried_from__isnull=False)
        counted = carried.order_by().values("assessment").annotate(n=Count("pk")).values("n")
        return self.annotate(to_confirm=Coalesce(Subquery(counted), 0))

    def beside(self, assessment: Assessment) -> AssessmentQuerySet:
        """Others of its site by the same framework, in any version: a code means the same in them."""
        framework = assessment.version.framework
        return self.filter(site=assessment.site_id, version__framework=framework).exclude(pk=assessment.pk)

    def current(self) -> AssessmentQuerySet:
        return self.filter(archived_at=None)

    def archived(self) -> AssessmentQuerySet:
        return self.exclude(archived_at=None)


class Assessment(OwnedModel):
    """One site judged by one framework version for life; the numbers are kept for lists only."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        # Never stored: it follows from a running review, which may end with a day that passes.
        IN_REVIEW = "in_review", _("In review")
        REVIEWED = "reviewed", _("Reviewed")

    class Dpmm(models.TextChoices):
        ASSESSED = "assessed", _("Assessed with the DPMM tool")
        ESTIMATED = "estimated", _("Estimated")
        NOT_KNOWN = "not_known", _("Not known")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessments")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("site")
    )
    version = models.ForeignKey(
        FrameworkVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("framework version")
    )
    title = models.CharField(_("title"), max_length=120, validators=[one_line])
    scope = models.TextField(_("scope"), max_length=OWN_WORDS, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveSmallIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    dpmm_source = models.CharField(
        _("source"), max_length=10, choices=Dpmm, blank=True
    )  # blank: not stated yet
    dpmm_level = models.PositiveSmallIntegerField(
        _("DPMM level"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    dpmm_on = models.DateField(_("date"), null=True, blank=True)
    dpmm_tool = models.CharField(_("version of the tool"), max_length=120, blank=True, validators=[one_line])
    dpmm_by = models.CharField(_("who assessed it"), max_length=120, blank=True, validators=[one_line])

    use_cases = models.JSONField(default=list, blank=True)  # codes of the chosen use cases, in document order
    targets = models.JSONField(default=dict, blank=True)  # level by dimension code, where set by hand
    plan_start_on = models.DateField(_("start of the plan"), null=True, blank=True)
    plan_capacity = models.PositiveSmallIntegerField(
        _("actions at once"), default=4, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    plan_blackout_weeks = models.JSONField(default=list, blank=True)  # weeks from 0 in which nothing starts
    settings_version = models.PositiveIntegerField(default=0)

    stamp = models.PositiveBigIntegerField(
        default=0
    )  # rises with every write of what results follow from: their key
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    evidenced_level = models.PositiveSmallIntegerField(null=True, blank=True)
    index = models.PositiveSmallIntegerField(null=True, blank=True)  # rounded once, for lists
    held_back = models.PositiveSmallIntegerField(null=True, blank=True)
    validated_level = models.PositiveSmallIntegerField(null=True, blank=True)  # of a finished review
    validated_index = models.PositiveSmallIntegerField(null=True, blank=True)
    replied = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)

    objects = OwnedManager["Assessment"](AssessmentQuerySet)

    class Meta(OwnedModel.Meta):
        indexes = [models.Index(fields=["organisation", "-changed_at"], name="assessment_recent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(dpmm_level=None) | Q(dpmm_level__range=(1, 5)), name="dpmm_level_is_1_to_5"
            ),
            models.CheckConstraint(condition=~Q(state="in_review"), name="in_review_follows_from_a_review"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_reviewed(self) -> bool:
        return self.state == self.State.REVIEWED

    @cached_property
    def is_under_review(self) -> bool:
        """Whether a review of it runs now; one statement, unless `with_state_today` said it."""
        known: bool | None = getattr(self, "review_runs", None)
        return Review.objects.of_assessments([self.pk]).running().exists() if known is None else known

    @property
    def state_today(self) -> State:
        """The state to show: in review while a review runs."""
        if self.state == self.State.SUBMITTED and self.is_under_review:
            return self.State.IN_REVIEW
        return self.State(self.state)


class BriefAnswer(NamedTuple):
    """An answer without its comment and evidence note: what lists show and results follow from."""

    question_code: str
    state: str
    level: int | None
    reason: str
    grade: str
    flagged: bool
    carried_from_id: int | None
    updated_by_id: int | None
    updated_at: datetime | None

    @property
    def is_reply(self) -> bool:
        """A flag alone is no reply."""
        return self.state != Answer.State.UNANSWERED.value


class AnswerQuerySet(OwnedQuerySet["Answer"]):
    owner = "assessment__organisation"


class AnswerManager(OwnedManager["Answer"]):
    def __init__(self) -> None:
        super().__init__(AnswerQuerySet)

    def brief_of(self, assessment: Assessment) -> tuple[int | None, list[BriefAnswer]]:
        """(the stamp at which they stand, all answers in brief) of an assessment that was found already.

        Less than half the work of whole rows. The stamp is None where the assessment is gone.
        """
        rows = self.of_assessment(assessment).values_list("assessment__stamp", *BriefAnswer._fields)
        found = list(rows)  # the same stamp in each
        return found[0][0] if found else None, [BriefAnswer._make(row[1:]) for row in found]

    def of_assessment(self, assessment: Assessment | OuterRef) -> AnswerQuerySet:
        """Answers of an assessment that was found already: a way in, since it says whose.

        Unlike those of `assessment.answers` they do not hold it: a tenth less work where all are read.
        """
        answers: AnswerQuerySet = self._everything().filter(assessment=assessment)
        return answers


class Answer(OwnedModel):
    """What a site says about one question: the row exists from the start, so a save is an update."""

    class State(models.TextChoices):
        UNANSWERED = "unanswered", _("Unanswered")
        LEVEL = "level", _("Level")
        UNKNOWN = "unknown", _("Don't know")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    class Grade(models.TextChoices):
        E0 = "E0"
        E1 = "E1"
        E2 = "E2"
        E3 = "E3"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    question_code = models.CharField(max_length=40)
    state = models.CharField(max_length=15, choices=State, default=State.UNANSWERED)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True, validators=[MaxLengthValidator(OWN_WORDS)])
    grade = models.CharField(max_length=2, choices=Grade, blank=True)
    comment = models.TextField(blank=True, validators=[MaxLengthValidator(OWN_WORDS)])
    evidence_note = models.TextField(blank=True, validators=[MaxLengthValidator(OWN_WORDS)])
    flagged = models.BooleanField(default=False)
    # The answer that this one was copied from, until somebody confirms it or gives another.
    carried_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    updated_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerManager()

    class Meta(OwnedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question_code"], name="one_answer_to_a_question"),
            models.CheckConstraint(
                condition=Q(state="level", level__range=(0, 5)) | (~Q(state="level") & Q(level=None)),
                name="a_level_when_answered_by_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_code}: {self.level if self.state == 'level' else self.state}"

    @property
    def is_reply(self) -> bool:
        """A flag or a comment alone is no reply."""
        return self.state != self.State.UNANSWERED

    @property
    def brief(self) -> BriefAnswer:
        return BriefAnswer._make(getattr(self, name) for name in BriefAnswer._fields)


class SnapshotQuerySet(OwnedQuerySet["Snapshot"]):
    owner = "assessment__organisation"


class Snapshot(OwnedModel):
    """What a revision was when it was submitted, and once more when its review was finished.

    Pages and reports of submitted work read only the latest of the two.
    """

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted")
        REVIEWED = "reviewed", _("Reviewed")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="snapshots")
    revision = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SUBMITTED)
    record = models.TextField()  # canonical JSON of the AssessmentRecord
    results = models.TextField()  # JSON of its Results, as `evaluate` prints it
    engine_version = models.CharField(max_length=20)
    content_digest = models.CharField(max_length=71)
    digest = models.CharField(max_length=64)  # SHA-256 of record, results, engine version and content digest
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedManager["Snapshot"](SnapshotQuerySet)

    class Meta(OwnedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "revision", "kind"], name="one_snapshot_of_a_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}, revision {self.revision}"
