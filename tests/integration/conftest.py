"""Two content editors and a draft of the first, for the tests of drafts."""

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
