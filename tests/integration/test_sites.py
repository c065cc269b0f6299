"""Sites of an organisation: listed, added, changed."""

from __future__ import annotations

from copy import copy
from importlib import import_module

import pytest
from django.urls import reverse

from accounts.models import Site
from accounts.services.sites import remove_site
from assessments.models import Assessment
from assessments.services.assessments import start_assessment
from records.models import Event
from tests import builders
from tests.answering import statements

VALUES = {"name": "Port Ellery", "place": "Port Ellery, Ireland", "time_zone": "Europe/Dublin"}

ONE = ("site_change", "site_remove")  # what is done with one site


def place(organisation, name="sites", *more) -> str:
    return reverse(f"accounts:{name}", args=[organisation.uuid, *more])


def test_members_see_their_sites_and_owners_alone_change_them(cast, sign_in):
    for role in ("owner", "respondent", "viewer"):
        page = sign_in(getattr(cast, role)).get(place(cast.organisation))
        assert page.status_code == 200
        assert b"Kelderhaven" in page.content
        assert (place(cast.organisation, "site_add").encode() in page.content) == (role == "owner")
        assert (b"/assessments/new/?site=" in page.content) == (role == "owner")
    for role in ("respondent", "viewer"):
        client = sign_in(getattr(cast, role))
        for name, more in (("site_add", ()), *((name, (cast.site.uuid,)) for name in ONE)):
            assert client.get(place(cast.organisation, name, *more)).status_code == 403
            assert client.post(place(cast.organisation, name, *more), VALUES).status_code == 403
    assert Site.objects.of(cast.organisation).count() == 1


def test_a_stranger_finds_nothing(cast, sign_in):
    client = sign_in(cast.stranger)
    for name, more in (("sites", ()), ("site_add", ()), *((name, (cast.site.uuid,)) for name in ONE)):
        assert client.get(place(cast.organisation, name, *more)).status_code == 404
    # The right organisation with the site of another one is no way in either.
    other = cast.stranger.memberships.get().organisation
    for name in ONE:
        assert client.post(place(other, name, cast.site.uuid)).status_code == 404
    assert Site.objects.of(cast.organisation).count() == 1
    assert sign_in(cast.owner).post(place(cast.organisation)).status_code == 405


def test_the_first_site_leads_on_to_its_assessment(cast, sign_in):
    reply = sign_in(cast.owner).post(place(cast.organisation, "site_add"), VALUES)
    site = Site.objects.of(cast.organisation).get(name="Port Ellery")
    assert reply["Location"] == f"{reverse('assessments:start')}?site={site.uuid}"


def test_a_site_is_added_and_changed(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    assert client.post(place(cast.organisation, "site_add"), VALUES)["Location"] == place(cast.organisation)
    site = Site.objects.of(cast.organisation).get(name="Port Ellery")
    change = place(cast.organisation, "site_change", site.uuid)
    assert b"Europe/Dublin" in client.get(change).content
    client.post(change, {**VALUES, "name": "Port Ellery North"})
    site.refresh_from_db()
    assert (site.name, site.time_zone) == ("Port Ellery North", "Europe/Dublin")
    actions = Event.objects.of(cast.organisation).filter(object_type="site").values_list("action", flat=True)
    assert sorted(actions) == ["site.added", "site.changed"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "kelderhaven"}, "Your organisation already has a site of this name."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"name": "null \x00 byte"}, "Null characters are not allowed"),
        ({"name": "two\nlines"}, "A name is one line without control characters."),
        ({"place": "gnp\u202eexe"}, "A name is one line without control characters."),
    ],
)
def test_what_cannot_be_is_said_at_the_field(cast, sign_in, wrong, message):
    reply = sign_in(cast.owner).post(place(cast.organisation, "site_add"), {**VALUES, **wrong})
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert Site.objects.of(cast.organisation).count() == 1


def test_no_site_yet_says_what_to_do(cast, sign_in):
    organisation = cast.stranger.memberships.get().organisation
    assert place(organisation, "site_add").encode() in sign_in(cast.stranger).get(place(organisation)).content
    viewer = builders.make_member(organisation, "viewer")
    shown = sign_in(viewer).get(place(organisation)).content
    assert b"An owner of the organisation adds sites." in shown
    assert place(organisation, "site_add").encode() not in shown


def test_the_list_keeps_its_statements_at_one_row_and_at_three(cast, sign_in):
    client = sign_in(cast.owner)
    at_one = statements(lambda: client.get(place(cast.organisation)))
    for _ in range(2):
        builders.make_site(cast.organisation)
    assert statements(lambda: client.get(place(cast.organisation))) == at_one <= 5


# --- Removing ----------------------------------------------------------------------------------------------


def test_a_site_added_by_mistake_is_removed(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    client.post(place(cast.organisation, "site_add"), VALUES)
    site = Site.objects.of(cast.organisation).get(name="Port Ellery")
    remove = place(cast.organisation, "site_remove", site.uuid)
    assert remove in client.get(place(cast.organisation, "site_change", site.uuid)).content.decode()
    assert "Nothing was assessed here" in client.get(remove).content.decode()
    page = client.post(remove, follow=True).content.decode()
    assert "Site Port Ellery is removed." in page
    assert [row.name for row in Site.objects.of(cast.organisation)] == ["Kelderhaven"]
    event = Event.objects.of(cast.organisation).get(action="site.removed")
    assert (event.actor, event.object_id, event.before_json) == (cast.owner, str(site.uuid), VALUES)
    assert client.post(remove).status_code == 404
    assert client.post(place(cast.organisation, "site_add"), VALUES).status_code == 302  # the name is free


@pytest.mark.parametrize("is_archived", [False, True])
def test_a_site_with_an_assessment_stays(cast, assessment, sign_in, is_archived):
    client = sign_in(cast.owner)
    if is_archived:
        client.post(reverse("assessments:archive", args=[assessment.uuid]))
    remove = place(cast.organisation, "site_remove", cast.site.uuid)
    assert remove not in client.get(place(cast.organisation, "site_change", cast.site.uuid)).content.decode()
    for reply, status in ((client.get(remove), 200), (client.post(remove), 422)):
        assert reply.status_code == status
        assert "This site has one assessment, so it stays" in reply.content.decode()
        assert "Kelderhaven cannot be removed</h1>" in reply.content.decode()
        assert "Remove the site" not in reply.content.decode()
    assert Site.objects.of(cast.organisation).get() == cast.site
    assert not Event.objects.of(cast.organisation).filter(action="site.removed").exists()


def test_a_site_that_is_removed_while_an_assessment_is_started_says_so(cast, sign_in, monkeypatch):
    builders.make_site(cast.organisation)  # there is another one to choose
    version = builders.make_version()

    def removed_before(**values):
        remove_site(actor=cast.owner, site=values["site"])
        return start_assessment(**values)

    monkeypatch.setattr("assessments.views.listing.start_assessment", removed_before)
    posted = {"site": cast.site.uuid, "title": "Too late", "scope": "", "version": version.pk}
    reply = sign_in(cast.owner).post(reverse("assessments:start"), posted)
    assert reply.status_code == 422
    assert "This site was removed meanwhile. Choose another one." in reply.content.decode()
    assert not Assessment.objects.of(cast.organisation).exists()


@pytest.mark.parametrize("deed", ["change", "remove"])
def test_a_site_that_was_removed_meanwhile_is_said_to_be(cast, sign_in, monkeypatch, deed):
    site = builders.make_site(cast.organisation, name="Port Ellery")
    views = import_module("accounts.views.sites")
    service = getattr(views, f"{deed}_site")

    def removed_before(**values):
        remove_site(actor=cast.owner, site=copy(values["site"]))
        return service(**values)

    monkeypatch.setattr(views, f"{deed}_site", removed_before)
    address = place(cast.organisation, f"site_{deed}", site.uuid)
    reply = sign_in(cast.owner).post(address, {**VALUES, "name": "Port Ellery North"}, follow=True)
    assert reply.redirect_chain == [(place(cast.organisation), 302)]
    assert "Site Port Ellery was removed meanwhile. Nothing was changed." in reply.content.decode()
    events = Event.objects.of(cast.organisation).filter(object_type="site")
    assert list(events.values_list("action", flat=True)) == ["site.removed"]
