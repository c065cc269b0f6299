"""How allauth behaves here: no sign-up, mails written as rows."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.services.people import note_sign_in
from accounts.views.shared import held_for
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


class InviteOnlyAdapter(DefaultAccountAdapter):
    """Accounts come from an invitation or a command, never from a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        note_sign_in(user=user)

    def logout(self, request: HttpRequest) -> None:
        """Forget the session, but for a link whose page asks to sign out and to come back to it.

        It was opened in this browser and opens nothing by itself: who accepts it has its address.
        """
        kept = held_for(request, request.POST.get("next", ""))
        super().logout(request)
        for name, token_hash in kept.items():
            request.session[name] = token_hash

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the row of the mail; allauth's own words and links are left aside."""
        write_mail(name=MAILS[template_prefix], recipient=email, about={"user": str(context["user"].uuid)})

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        self.send_mail(template_prefix, email or user.email, {"user": user})
