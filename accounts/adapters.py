"""How allauth behaves here: no sign-up, mails written as rows, whom a session stands for."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from accounts.models import Consultant, User
from accounts.services.people import note_sign_in
from records.mail import write_mail

# Which mail of ours stands for which of allauth's.
MAILS = {
    "account/email/password_reset_key": "accounts/password_reset",
    "account/email/password_reset": "accounts/password_changed",
    "account/email/password_set": "accounts/password_changed",
    "account/email/password_changed": "accounts/password_changed",
    "account/email/email_confirmation": "accounts/email_confirmation",
    "account/email/email_changed": "accounts/email_changed",
    "account/email/email_deleted": "accounts/email_deleted",
}


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Who is signed in, and in the same statement whether any engagement ever named this person.

    Who was never engaged needs no look at engagements afterwards: a save takes a third less time.
    """

    def get_user(self, user_id: int) -> User | None:
        accepted = Consultant.objects.held_by(OuterRef("pk"))
        user = User.objects.annotate(consults=Exists(accepted)).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.may_consult = user.consults
        return user


class InviteOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts come from an invitation or a command, never from a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        note_sign_in(user=user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the row of the mail; allauth's own words and links are left aside."""
        write_mail(name=MAILS[template_prefix], recipient=email, about={"user": str(context["user"].uuid)})

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        self.send_mail(template_prefix, email or user.email, {"user": user})
