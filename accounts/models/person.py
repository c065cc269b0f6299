"""People: who signs in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.names import one_line


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in by e-mail; without a password nobody can, until one is set by link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def at_address(self, email: str) -> models.QuerySet[User]:
        """The account that has this address: as its main one, or as another that it has confirmed."""
        confirmed = self.filter(emailaddress__email__iexact=email, emailaddress__verified=True)
        return self.filter(Q(email__iexact=email) | Q(pk__in=confirmed.values("pk")))


class User(AbstractBaseUser):
    """A person; what they may do hangs on memberships, engagements and the two switches of an admin."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[one_line])
    job_title = models.CharField(_("function"), max_length=120, blank=True, validators=[one_line])
    single_keys = models.BooleanField(_("answer with single keys"), default=True)
    whole_dimension = models.BooleanField(_("answer a whole dimension at a time"), default=False)
    shown_part = models.CharField(max_length=120, blank=True)  # of the questions, as an address names it
    is_editor = models.BooleanField(default=False)  # of the framework's content, and of no answers
    is_programme_admin = models.BooleanField(
        default=False
    )  # of the waitlist and the mails, and of no answers
    consults = models.BooleanField(
        default=False
    )  # accepted an engagement once: for anybody else nothing looks for engagements
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

    def has_address(self, email: str) -> bool:
        """Whether the address is this person's: what is held for it may be taken by them."""
        return User.objects.at_address(email).filter(pk=self.pk).exists()

    # What Django's sign-in asks of every user model; there is no admin and no permission table.
    is_staff = False
    is_superuser = False
