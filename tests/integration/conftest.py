"""Two content editors and a draft of the first, for tests of drafts; a programme admin who is signed in."""

from __future__ import annotations

import pytest

from tests.builders import make_draft, make_editor


@pytest.fixture
def editor():
    return make_editor("ada@editors.example", name="Ada")


@pytest.fixture
def other():
    return make_editor("ben@editors.example", name="Ben")


@pytest.fixture
def draft(editor):
    return make_draft(editor)


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.programme_admin)
