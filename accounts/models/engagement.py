"""A client engages a consultancy: until when, to do what, and which consultants."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Membership, Organisation
from accounts.models.person import User
from records.models import OwnedManager, OwnedModel, OwnedQuerySet


class EngagementQuerySet(OwnedQuerySet["Engagement"]):
    def running(self) -> EngagementQuerySet:
        """Neither ended nor past its last day."""
        return self.filter(ended_at=None, until_on__gte=timezone.localdate())

    def lapsed(self) -> EngagementQuerySet:
        """Past their last day, which nobody was told of yet."""
        return self.filter(ended_at=None, told_at=None, until_on__lt=timezone.localdate())

    def held_by(self, user: User) -> EngagementQuerySet:
        """Running ones that name this person, who accepted and still belongs to the consultancy."""
        return self.running().filter(
            Exists(Consultant.objects.held_by(user).filter(engagement=OuterRef("pk"))),
            Exists(Membership.objects.held_by(user).filter(organisation=OuterRef("consultancy"))),
        )


class EngagementManager(OwnedManager["Engagement"]):
    def __init__(self) -> None:
        super().__init__(EngagementQuerySet)

    def held_by(self, user: User) -> EngagementQuerySet:
        """What this person holds as a consultant: a way in, since it says whose."""
        held: EngagementQuerySet = self._everything().held_by(user)
        return held

    def running_with(self, consultancy: Organisation) -> EngagementQuerySet:
        """What clients let this consultancy do now."""
        running: EngagementQuerySet = self._everything().running().filter(consultancy=consultancy)
        return running

    def lapsed(self) -> EngagementQuerySet:
        """What passed its last day, of whichever client: for the sweep alone."""
        lapsed: EngagementQuerySet = self._everything().lapsed()
        return lapsed


class Engagement(OwnedModel):
    """What a client lets the consultants of one consultancy do with its assessments, and until when."""

    class Kind(models.TextChoices):
        READ = "reader", _("To read")
        REVIEW = "reviewer", _("To review")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="engagements")
    # Of the consultant who accepts first: the owner types addresses alone.
    consultancy = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="clients"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    until_on = models.DateField(_("last day"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)  # when mails said that its last day has passed

    objects = EngagementManager()

    class Meta(OwnedModel.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.organisation} engages {self.consultancy or '…'} until {self.until_on}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.until_on >= timezone.localdate()


class ConsultantQuerySet(OwnedQuerySet["Consultant"]):
    owner = "engagement__organisation"

    def named(self) -> ConsultantQuerySet:
        return self.filter(struck_at=None)

    def of_record(self) -> ConsultantQuerySet:
        """Who is named, and who had accepted before being struck off."""
        return self.filter(Q(struck_at=None) | Q(accepted_at__isnull=False))

    def held_by(self, user: User) -> ConsultantQuerySet:
        return self.named().filter(user=user, accepted_at__isnull=False)

    def open(self) -> ConsultantQuerySet:
        """What can be accepted now."""
        running = Q(engagement__ended_at=None, engagement__until_on__gte=timezone.localdate())
        return self.named().filter(running, accepted_at=None, expires_at__gt=timezone.now())


class ConsultantManager(OwnedManager["Consultant"]):
    def __init__(self) -> None:
        super().__init__(ConsultantQuerySet)

    def held_by(self, user: User) -> ConsultantQuerySet:
        """The places that this person accepted."""
        held: ConsultantQuerySet = self._everything().held_by(user)
        return held


class Consultant(OwnedModel):
    """A person whom an engagement names: by address until it is accepted, by account from then on."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="consultants")
    email = models.EmailField(_("work e-mail"))
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="consultancies"
    )
    token_hash = models.CharField(max_length=64, blank=True)  # of the link in the newest mail
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)

    objects = ConsultantManager()

    class Meta(OwnedModel.Meta):
        ordering = ["email"]
        indexes = [models.Index(fields=["token_hash"], name="consultant_by_link")]
        constraints = [
            models.UniqueConstraint(
                "engagement", Lower("email"), name="a_consultant_is_named_once",
                condition=Q(struck_at=None),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.email} in engagement {self.engagement_id}"

    @property
    def has_run_out(self) -> bool:
        return self.accepted_at is None and self.expires_at <= timezone.now()

    @property
    def mail_address(self) -> str:
        """Where mail reaches them: at what the owner typed until it is accepted, then at the account's."""
        return self.user.email if self.user else self.email

    @property
    def last_day(self) -> date:
        """Until when the place is good: struck off, ended with the engagement, or run out with it."""
        ended_at = self.struck_at or self.engagement.ended_at
        return timezone.localdate(ended_at) if ended_at else self.engagement.until_on
