"""Reviews of submitted assessments: decisions, questions to the site, and the owner's answers to changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q
from django.db.models.expressions import CombinedExpression
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Engagement, Organisation
from assessments.models.limits import OWN_WORDS
from records.models import OwnedManager, OwnedModel, OwnedQuerySet

NEWS = timedelta(days=30)  # so long a disagreement waits for the reviewers


def engaged_to_review() -> Q:
    """Of the engagement that a review rests on: to review, neither ended nor past its last day."""
    return Q(
        engagement__kind=Engagement.Kind.REVIEW,
        engagement__ended_at=None,
        engagement__until_on__gte=timezone.localdate(),
    )


def _undecided(about: Q) -> CombinedExpression:
    """How many answers of a review these questions to the site are about, but for those decided since."""
    decided = Q(decisions__kind__in=DECIDED, decisions__question_code=F("inquiries__question_code"))
    every, over = (
        Count("inquiries__question_code", filter=which, distinct=True) for which in (about, about & decided)
    )
    return every - over


class ReviewQuerySet(OwnedQuerySet["Review"]):
    owner = "assessment__organisation"

    def finished(self) -> ReviewQuerySet:
        return self.filter(finished_at__isnull=False)

    def unfinished(self) -> ReviewQuerySet:
        """Begun and not ended by a deed; its engagement may be over, and then it is over too."""
        return self.filter(finished_at=None, ended_at=None)

    def running(self) -> ReviewQuerySet:
        """What is being reviewed now."""
        return self.unfinished().filter(engaged_to_review())

    def standing(self) -> ReviewQuerySet:
        """What counts for its revision: finished, or running. At most one of a revision."""
        return self.filter(Q(finished_at__isnull=False) | engaged_to_review(), ended_at=None)

    def with_counts(self) -> ReviewQuerySet:
        """With `decided`, `asked` (questions to the site without a reply), `with_site` (undecided answers
        that such a question is about), `replied` (undecided answers about which every question has its
        reply), `contestable` (changes that the owner has not answered) and `disputed` (those that the owner
        disagreed with lately)."""
        waiting = Q(inquiries__replied_at=None)
        return self.annotate(
            decided=Count("decisions", filter=Q(decisions__kind__in=DECIDED), distinct=True),
            asked=Count("inquiries", filter=waiting, distinct=True),
            with_site=_undecided(waiting),
            replied=_undecided(Q(inquiries__isnull=False)) - _undecided(waiting),
            contestable=Count(
                "decisions", filter=Q(decisions__kind="set", decisions__stance=None), distinct=True
            ),
            disputed=Count(
                "decisions",
                filter=Q(
                    decisions__stance__agrees=False, decisions__stance__given_at__gt=timezone.now() - NEWS
                ),
                distinct=True,
            ),
        )


class ReviewManager(OwnedManager["Review"]):
    def __init__(self) -> None:
        super().__init__(ReviewQuerySet)

    def of_assessments(self, assessments: Iterable[int] | OuterRef) -> ReviewQuerySet:
        """Reviews of assessments that were found already: a way in, since it says whose."""
        one = isinstance(assessments, OuterRef)
        name = "assessment" if one else "assessment__in"
        reviews: ReviewQuerySet = self._everything().filter(**{name: assessments})
        return reviews


class Review(OwnedModel):
    """What the reviewers of one engagement say about one revision; only a finished one counts."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="reviews")
    revision = models.PositiveSmallIntegerField()
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="+")
    consultancy = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    statement = models.TextField(blank=True, validators=[MaxLengthValidator(OWN_WORDS)])
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # without being finished, once a deed found it over

    objects = ReviewManager()

    class Meta(OwnedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "revision"], condition=Q(ended_at=None),
                name="one_review_of_a_revision",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | (Q(ended_at=None) & ~Q(statement="")),
                name="a_review_is_finished_or_ended",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"review of revision {self.revision} by {self.consultancy}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    def over_at(self) -> datetime | None:
        """When it ended without being finished: by a deed, or with its engagement; None while it runs."""
        engagement = self.engagement
        if self.is_finished or self.ended_at:
            return self.ended_at
        if engagement.ended_at:
            return engagement.ended_at
        if engagement.is_running:
            return None
        return datetime.combine(
            engagement.until_on + timedelta(days=1), time(), timezone.get_current_timezone()
        )


class DecisionQuerySet(OwnedQuerySet["Decision"]):
    owner = "review__assessment__organisation"

    def decided(self) -> DecisionQuerySet:
        return self.filter(kind__in=DECIDED)

    def changes(self) -> DecisionQuerySet:
        """The levels that were set."""
        return self.filter(kind=Decision.Kind.SET)


class Decision(OwnedModel):
    """What the reviewers decided on one answer; it may be changed until the review is finished."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted as evidenced")
        REST = "rest", _("Accepted with the rest")  # as evidenced too, without being opened
        SET = "set", _("Another level set")
        OPEN = "open", _("Taken back")  # the site was asked first; the row keeps its version

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    question_code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    level = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(5)])
    reason = models.TextField(blank=True, validators=[MaxLengthValidator(OWN_WORDS)])
    pointer = models.TextField(blank=True, validators=[MaxLengthValidator(OWN_WORDS)])
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = OwnedManager["Decision"](DecisionQuerySet)

    class Meta(OwnedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["review", "question_code"], name="one_decision_on_an_answer"),
            models.CheckConstraint(
                condition=(
                    Q(kind="set", level__isnull=False, level__range=(0, 5)) & ~Q(reason="") & ~Q(pointer="")
                )
                | (~Q(kind="set") & Q(level=None, reason="", pointer="")),
                name="a_level_is_set_with_reason_and_pointer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_code}: {self.kind}"

    @property
    def is_decided(self) -> bool:
        return self.kind in DECIDED


DECIDED = (Decision.Kind.ACCEPTED, Decision.Kind.REST, Decision.Kind.SET)


class InquiryQuerySet(OwnedQuerySet["Inquiry"]):
    owner = "review__assessment__organisation"

    def unanswered(self) -> InquiryQuerySet:
        return self.filter(replied_at=None)


class Inquiry(OwnedModel):
    """What a reviewer asks the site about one answer; an owner replies once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="inquiries")
    question_code = models.CharField(max_length=40)
    text = models.TextField(validators=[MaxLengthValidator(OWN_WORDS)])
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reply = models.TextField(blank=True, validators=[MaxLengthValidator(OWN_WORDS)])
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True)

    objects = OwnedManager["Inquiry"](InquiryQuerySet)

    class Meta(OwnedModel.Meta):
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["review", "question_code"], name="inquiry_on_an_answer")]

    def __str__(self) -> str:
        return f"{self.question_code}: {self.text[:40]}"


class StanceQuerySet(OwnedQuerySet["Stance"]):
    owner = "decision__review__assessment__organisation"


class Stance(OwnedModel):
    """The owner's answer to one change of a finished review; given once, it stands."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="stance")
    agrees = models.BooleanField()
    text = models.TextField(blank=True, validators=[MaxLengthValidator(OWN_WORDS)])
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = OwnedManager["Stance"](StanceQuerySet)

    class Meta(OwnedModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(text=""), name="who_disagrees_says_why")
        ]

    def __str__(self) -> str:
        return f"{'agrees' if self.agrees else 'disagrees'} with decision {self.decision_id}"
