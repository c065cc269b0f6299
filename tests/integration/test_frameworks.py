"""Installed framework versions: published once, read once in a process, never changed through any door."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, models, transaction
from django.db.utils import InternalError, OperationalError

from frameworks.document.dump import dump_document
from frameworks.models import FrameworkDraft, FrameworkVersion, Question, QuestionNote
from frameworks.queries import _spec, spec_for
from records.models import Event
from tests.builders import BAMI, bami_spec, make_version, tiny_spec

REFUSED = (IntegrityError, InternalError, OperationalError)
# What a version consists of; drafts and respondents' notes are no part of one.
APART = (FrameworkDraft, QuestionNote)
MODELS = [row for row in apps.get_app_config("frameworks").get_models() if row not in APART]


def rows_of(model: type[models.Model]) -> list[tuple]:
    return list(model._default_manager.order_by("pk").values_list())


def every_row() -> dict[str, list[tuple]]:
    return {model.__name__: rows_of(model) for model in MODELS}


def by_command(name):
    out = StringIO()
    call_command(name, str(BAMI), stdout=out, **({"verbosity": 0} if name == "loaddata" else {}))
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["loaddata", "install_framework"])
def test_bami_is_installed_whole_and_the_same_again_does_nothing(door):
    by_command(door)
    spec, version = bami_spec(), FrameworkVersion.objects.get()
    assert (str(version), version.state, version.digest) == ("bami 1.0", "published", spec.content_digest)
    assert json.loads(version.document) == json.loads(json.dumps(dump_document(spec)))
    assert {model.__name__: len(rows) for model, rows in zip(MODELS, every_row().values(), strict=True)} == {
        "FrameworkVersion": 1,
        "Level": len(spec.levels),
        "Dimension": len(spec.dimensions),
        "Question": len(spec.questions),
        "DpmmLevel": len(spec.dpmm.levels),
        "Ceiling": len(spec.dpmm.ceilings),
        "UseCase": len(spec.use_cases),
        "Action": len(spec.actions),
        "Reference": len(spec.references),
    }
    assert list(Question.objects.values_list("code", "dimension__code", "weight")) == [
        (code, spec.dimension_of[code], question.weight) for code, question in spec.questions.items()
    ]
    before = every_row()
    said = [by_command(name) for name in ("loaddata", "install_framework")]
    assert said == ["", "bami 1.0 was installed already.\n"]
    assert every_row() == before
    events = Event.objects.unscoped("the installation's own chain").filter(organisation=None)
    assert [event.action for event in events] == ["framework.published"]


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["loaddata", "install_framework"])
def test_other_content_under_a_published_number_is_refused_with_advice(door, tmp_path):
    by_command(door)
    before = every_row()
    path = tmp_path / "bami-1.0.yaml"
    path.write_text(BAMI.read_text(encoding="utf-8").replace("title: ", "title: Other ", 1), encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        call_command(door, str(path), verbosity=0, stdout=StringIO())
    assert "bami 1.0 is published and never changes" in str(caught.value)
    assert "Give the document a higher version number." in str(caught.value)
    assert every_row() == before


def changes(model):
    """Every door through which a row could change, as deeds on a row of this model."""
    field = "notice" if model is FrameworkVersion else "dpmm" if model.__name__ == "Ceiling" else "code"
    value = 4 if field == "dpmm" else "other"
    table = model._meta.db_table

    def save(row):
        setattr(row, field, value)
        row.save()

    def save_one_field(row):
        setattr(row, field, value)
        row.save(update_fields=[field])

    def bulk_update(row):
        setattr(row, field, value)
        model._default_manager.bulk_update([row], [field])

    def raw(statement):
        def deed(row):
            with connection.cursor() as cursor:
                cursor.execute(statement, [row.pk])

        return deed

    deeds = [
        save,
        save_one_field,
        bulk_update,
        lambda row: model._default_manager.update(**{field: value}),
        lambda row: row.delete(),
        lambda row: model._default_manager.all().delete(),
        raw(f"UPDATE {table} SET {field} = {field} WHERE id = %s"),
        raw(f"DELETE FROM {table} WHERE id = %s"),
    ]
    if connection.vendor == "sqlite":
        deeds.append(raw(f"REPLACE INTO {table} SELECT * FROM {table} WHERE id = %s"))
    return deeds


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_door_changes_a_published_version(model):
    make_version(tiny_spec())
    before = every_row()
    for deed in changes(model):
        with (
            pytest.raises(REFUSED, match="a published framework version never changes"),
            transaction.atomic(),
        ):
            deed(model._default_manager.order_by("pk").first())
        assert every_row() == before


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS[1:], ids=lambda model: model.__name__)
def test_no_row_is_added_to_a_published_version_or_moved_out_of_it(model):
    version = make_version(tiny_spec())
    draft = FrameworkVersion.objects.create(
        framework="tiny", version="9.0", title="Draft", state="draft", status_as_of="2026-01-01", notice="-",
        document="{}", digest="-",
    )  # fmt: skip
    before = rows_of(model)
    row = model._default_manager.order_by("pk").first()
    with pytest.raises(REFUSED, match="never changes"), transaction.atomic():
        model._default_manager.filter(pk=row.pk).update(version=draft)
    row.pk, row.version = None, draft
    if hasattr(row, "code"):
        row.code = "NEW"
    row.save()
    with pytest.raises(REFUSED, match="never changes"), transaction.atomic():
        model._default_manager.filter(pk=row.pk).update(version=version)
    row.delete()
    row.pk, row.version = None, version
    if hasattr(row, "dpmm"):
        row.dpmm = 99
    with pytest.raises(REFUSED, match="never changes"), transaction.atomic():
        row.save(force_insert=True)
    assert rows_of(model) == before


@pytest.mark.django_db
def test_the_document_is_read_once_in_a_process(django_assert_num_queries):
    version = make_version()
    light = FrameworkVersion.objects.light().get(pk=version.pk)
    _spec.cache_clear()
    with django_assert_num_queries(1):
        first = spec_for(light)
    with django_assert_num_queries(0):
        assert spec_for(light) is first
    assert first == bami_spec()
