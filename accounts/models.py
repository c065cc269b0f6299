"""People, the organisations they belong to, and the sites that are assessed."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models import OwnedManager, OwnedModel, OwnedQuerySet

# Signs that turn the direction of what follows them, as in a file name that hides its ending.
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def one_line(text: str) -> None:
    """For names, which stand in headings and mails: no line break, no control, no turning of direction."""
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") or char in TURNING for char in text):
        raise ValidationError(_("A name is one line without control characters. Type it anew."))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in by e-mail; without a password nobody can, until one is set by link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person; what they may do hangs on their memberships alone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[one_line])
    job_title = models.CharField(_("function"), max_length=120, blank=True, validators=[one_line])
    single_keys = models.BooleanField(_("answer with single keys"), default=True)
    whole_dimension = models.BooleanField(_("answer a whole dimension at a time"), default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_for_an_address")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What others see: the name, else the function, else the address."""
        return self.name or self.job_title or self.email

    # What Django's sign-in asks of every user model; there is no admin and no permission table.
    is_staff = False
    is_superuser = False


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> OrganisationQuerySet:
        """The organisations that this person is a member of, with their role there as `role`."""
        return self.filter(memberships__user=user).annotate(role=F("memberships__role"))


class Organisation(models.Model):
    """A company that assesses its sites, or that reviews others."""

    class Kind(models.TextChoices):
        MANUFACTURER = "manufacturer", _("Manufacturer")
        CDMO = "cdmo", _("CDMO")
        BOTH = "both", _("Manufacturer and CDMO")
        CONSULTANCY = "consultancy", _("Consultancy")

    class Paper(models.TextChoices):
        A4 = "A4", _("A4")
        LETTER = "letter", _("US Letter")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120, validators=[one_line])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MANUFACTURER)
    paper = models.CharField(_("paper of reports"), max_length=10, choices=Paper, default=Paper.A4)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Site(OwnedModel):
    """A plant of an organisation; its time zone is the one that its pages and reports use."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=120, validators=[one_line])
    place = models.CharField(_("place"), max_length=120, blank=True, validators=[one_line])
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Berlin")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedManager["Site"]()

    class Meta(OwnedModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "organisation", Lower("name"), name="site_name_in_organisation",
                violation_error_message=_("Your organisation already has a site of this name."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def today(self) -> date:
        """The day it is at the site now."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))


class Membership(OwnedModel):
    """A person's place in an organisation; the role decides what they may do there."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        RESPONDENT = "respondent", _("Respondent")
        VIEWER = "viewer", _("Viewer")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedManager["Membership"]()

    class Meta(OwnedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_place_in_an_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}: {self.role}"


class InvitationQuerySet(OwnedQuerySet["Invitation"]):
    def standing(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; its time may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> InvitationQuerySet:
        """What can be accepted now."""
        return self.standing().filter(expires_at__gt=timezone.now())


class Invitation(OwnedModel):
    """A place in an organisation, held for an address until its owner takes it or the time runs out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role)
    token_hash = models.CharField(max_length=64, blank=True)  # of the link in the newest mail
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager["Invitation"](InvitationQuerySet)

    class Meta(OwnedModel.Meta):
        ordering = ["email"]
        indexes = [models.Index(fields=["token_hash"], name="invitation_by_link")]
        constraints = [
            models.UniqueConstraint(
                "organisation", Lower("email"), name="one_standing_invitation_for_an_address",
                condition=models.Q(accepted_at=None, revoked_at=None),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}: {self.role}"

    @property
    def has_run_out(self) -> bool:
        return self.expires_at <= timezone.now()
