"""What a settings service refuses, said on its form; and the status that goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.forms import Form
from django.utils.translation import gettext as _

from assessments.services.lock import NotADraft
from assessments.services.settings import SettingsConflict

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
