"""Two content editors and a draft of the first; a programme admin who is signed in; work that is known."""

from __future__ import annotations

import pytest

from assessments.models import Assessment
from tests.answering import save
from tests.builders import make_draft, make_editor, make_submitted
from tests.live import remembered
from tests.reviewing import join, make_reviewed


@pytest.fixture
def ada():
    return make_editor("ada@editors.example", name="Ada")


@pytest.fixture
def ben():
    return make_editor("ben@editors.example", name="Ben")


@pytest.fixture
def draft(ada):
    return make_draft(ada)


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.programme_admin)


@pytest.fixture
def submitted(cast) -> Assessment:
    return make_submitted(site=cast.site, owner=cast.owner)


@pytest.fixture
def reviewed(cast, submitted) -> Assessment:
    """Its review is finished and changed two levels."""
    return make_reviewed(submitted, cast.reviewer, {"D1-CTX": 1, "D4-MES": 4})


@pytest.fixture
def second(cast):
    """A second reviewer of the same engagement."""
    return join(cast, "second@tessaly.example")


@pytest.fixture
def known(cast, assessment, sign_in):
    """The assessment, one answer saved with a real commit, and remembered by this process since."""
    save(sign_in(cast.owner), assessment, "D1-CTX", reply="2", grade="E1")
    assert remembered(assessment)
    return assessment
