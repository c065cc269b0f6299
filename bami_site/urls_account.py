"""The addresses of allauth, each change whole: a new password never goes without the notice of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.urls import urlpatterns as allauth
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern

# allauth saves, and has its mail written, one after the other; what fails between takes the change back.
CHANGES = {
    "account_email",
    "account_confirm_email",
    "account_change_password",
    "account_set_password",
    "account_reset_password_from_key",
}


def whole(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What the view writes when it is sent to, in one transaction; opening it takes no lock."""

    @wraps(view)
    def on_post(request: HttpRequest, *args: object, **options: object) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **options)
        with transaction.atomic():
            return view(request, *args, **options)

    return on_post


urlpatterns = [
    URLPattern(entry.pattern, whole(entry.callback), entry.default_args, entry.name)
    if entry.name in CHANGES
    else entry
    for entry in allauth
]
