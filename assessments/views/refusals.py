"""What a service refuses, said on its form, with the status that goes with it; and words given back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.middleware import SignedInRequest, typed_in
from assessments.services.lock import NotADraft
from assessments.services.settings import SettingsConflict

View = Callable[..., HttpResponse]
STALE = "stale"  # the page shows what no longer stands


@contextmanager
def refusals_on(form: Form) -> Iterator[None]:
    """Put what the service refuses on the form, which then has errors and shows what was typed."""
    try:
        yield
    except ValidationError as error:
        form.add_error(None, error.messages)
    except NotADraft:
        said = _("This assessment is submitted: reopen it to change it.")
        form.add_error(None, ValidationError(said, code=STALE))
    except SettingsConflict:
        said = _("Somebody changed this meanwhile. Open the page again; yours was not saved.")
        form.add_error(None, ValidationError(said, code=STALE))


def form_status(form: Form) -> int:
    """200 without errors, 409 where the page is out of date, 422 for values that cannot be."""
    if not form.errors:
        return 200
    return 409 if form.has_error("__all__", STALE) else 422


def gives_words_back(view: View) -> View:
    """For deeds with a person's own words: what was typed is given back where the page is gone meanwhile.

    So it is once an engagement has ended (404) or a role was lowered (403); the same for what never was.
    """

    @wraps(view)
    def deed(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Http404, PermissionDenied) as refusal:
            typed = typed_in(request) if request.method == "POST" else []
            if not typed:
                raise
            status = 404 if isinstance(refusal, Http404) else 403
            return render(request, "assessments/not_there.html", {"typed": typed}, status=status)

    return deed
