"""The commands that set a site up: its first owner, the demo, and the modes that refuse what is insecure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.models import Membership, Organisation, User
from accounts.services.people import join_organisation
from assessments.models import Assessment
from records.models import Event
from tests.builders import BAMI, PASSWORD, make_member, make_organisation

PHRASE = "a phrase of one's own, 2026"


def create_owner(email: str, organisation: str = "Northmere", **options: str) -> list[str]:
    out = StringIO()
    call_command("create_owner", email, organisation=organisation, stdout=out, **options)
    return out.getvalue().splitlines()


def roles() -> set[tuple[str, str, str]]:
    every = Membership.objects.unscoped("the test looks at all of them")
    return set(every.values_list("user__email", "organisation__name", "role"))


@pytest.mark.django_db
class TestCreateOwner:
    def test_the_link_sets_the_password_once_and_signs_in(self):
        said = create_owner("Ada@Northmere.example", name="Ada")
        assert said[:2] == [
            "ada@northmere.example owns Northmere.",
            "Set the password with this link, once and within one hour:",
        ]
        assert re.fullmatch(r"http://localhost:8000/accounts/password/reset/key/[\w-]+/", said[2])
        assert roles() == {("ada@northmere.example", "Northmere", "owner")}
        path = said[2].removeprefix("http://localhost:8000")
        client = Client()
        page = client.get(path, follow=True)
        form = page.redirect_chain[-1][0]
        passwords = {"password1": PHRASE, "password2": PHRASE}
        assert client.post(form, passwords, follow=True).status_code == 200
        assert User.objects.get().check_password(PHRASE)
        person = Client()
        answer = person.post(
            "/accounts/login/", {"login": "ada@northmere.example", "password": PHRASE}, follow=False
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, "/home/")
        assert person.session["_auth_user_id"] == str(User.objects.get().pk)
        again = Client()
        used = again.get(path, follow=True)
        assert used.redirect_chain == []
        again.post(path, {"password1": "another phrase of 2026", "password2": "another phrase of 2026"})
        assert User.objects.get().check_password(PHRASE)

    def test_an_organisation_that_exists_is_joined(self):
        organisation = make_organisation("Northmere")
        first = make_member(organisation, email="first@northmere.example")
        create_owner("second@northmere.example")
        assert Organisation.objects.count() == 1
        assert roles() == {
            (first.email, "Northmere", "owner"),
            ("second@northmere.example", "Northmere", "owner"),
        }

    def test_an_account_that_exists_keeps_its_name_and_password(self):
        user = make_member(make_organisation("Elsewhere"), email="ada@northmere.example", name="Ada")
        create_owner("ADA@northmere.example", name="Somebody else")
        assert User.objects.count() == 1
        user.refresh_from_db()
        assert (user.name, user.check_password(PASSWORD)) == ("Ada", True)
        assert roles() == {(user.email, "Elsewhere", "owner"), (user.email, "Northmere", "owner")}

    def test_an_account_is_found_by_each_of_its_confirmed_addresses(self):
        user = make_member(make_organisation("Third"), email="ada@third.example")
        EmailAddress.objects.create(user=user, email="ada@second.example", verified=True)
        assert create_owner("Ada@second.example")[0] == "ada@third.example owns Northmere."
        assert User.objects.get() == user

    def test_a_respondent_becomes_an_owner(self):
        user = make_member(make_organisation("Northmere"), Membership.Role.RESPONDENT, email="ada@n.example")
        create_owner("ada@n.example")
        assert roles() == {(user.email, "Northmere", "owner")}

    @pytest.mark.parametrize("address", ["no address", "", "a@b", "two@x.example, one@y.example"])
    def test_what_is_no_address_leaves_nothing_behind(self, address):
        with pytest.raises(CommandError):
            create_owner(address)
        assert (User.objects.count(), Organisation.objects.count(), roles()) == (0, 0, set())
        assert not Event.objects.unscoped("the test looks at all of them").exists()

    @pytest.mark.parametrize("name", ["", "   ", "x" * 121])
    def test_what_is_no_name_of_an_organisation_leaves_nothing_behind(self, name):
        with pytest.raises(CommandError):
            create_owner("ada@northmere.example", name)
        assert (User.objects.count(), Organisation.objects.count(), roles()) == (0, 0, set())


def admin(email: str, *options: str) -> list[str]:
    out = StringIO()
    call_command("create_admin", email, *options, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db
class TestCreateAdmin:
    ADA = "ada@bami.example"

    def changed(self) -> list[tuple[object, object]]:
        rows = Event.objects.unscoped("the test looks at all of them").filter(action="admin.changed")
        return [(row.before_json, row.after_json) for row in rows.order_by("seq")]

    def test_what_is_taken_away_is_gone_with_the_next_request(self, sign_in):
        admin(self.ADA, "--editor", "--programme")
        client = sign_in(User.objects.get())
        assert [client.get(page).status_code for page in ("/editor/", "/programme/waitlist/")] == [200, 200]
        assert admin("Ada@BAMI.example", "--no-editor") == [f"{self.ADA} is programme admin."]
        assert [client.get(page).status_code for page in ("/editor/", "/programme/waitlist/")] == [403, 200]
        assert admin(self.ADA, "--no-programme") == [f"{self.ADA} is no admin."]
        assert client.get("/programme/waitlist/").status_code == 403
        both = {"editor": True, "programme_admin": True, "active": True}
        assert self.changed() == [
            (both, both | {"editor": False}),
            (both | {"editor": False}, both | {"editor": False, "programme_admin": False}),
        ]

    def test_a_closed_account_signs_in_no_more_until_it_is_made_again(self, sign_in):
        admin(self.ADA, "--editor")
        client = sign_in(User.objects.get())
        assert client.get("/home/").status_code == 200
        assert admin(self.ADA, "--deactivate") == [
            f"{self.ADA} is content editor.",
            "The account is closed: nobody signs in with it.",
        ]
        assert client.get("/home/").status_code == 302
        before = {"editor": True, "programme_admin": False, "active": True}
        assert self.changed() == [(before, before | {"active": False})]
        said = admin(self.ADA, "--editor")
        assert said[:2] == [
            f"{self.ADA} is content editor.",
            "Set the password with this link, once and within one hour:",
        ]
        assert User.objects.get().is_active

    def test_closing_the_account_of_a_last_owner_says_what_is_left_without(self):
        firm = make_organisation("Northmere Biologics")
        other = make_organisation("Elsewhere Pharma")
        for organisation in (firm, other):
            join_organisation(email=self.ADA, organisation=organisation, role="owner")
        gone = make_member(firm, email="gone@northmere.example")
        User.objects.filter(pk=gone.pk).update(is_active=False)
        make_member(other, email="second@elsewhere.example")
        assert admin(self.ADA, "--deactivate") == [
            f"{self.ADA} is no admin.",
            "The account is closed: nobody signs in with it.",
            "It was the last owner of Northmere Biologics: nobody can invite, submit or engage there now. "
            "Make another owner with create_owner.",
        ]

    def test_one_is_given_while_the_other_is_taken(self):
        admin(self.ADA, "--editor")
        assert admin(self.ADA, "--no-editor", "--programme") == [f"{self.ADA} is programme admin."]

    def test_what_is_so_already_is_not_noted_again(self):
        admin(self.ADA, "--editor")
        admin(self.ADA, "--no-programme")
        assert self.changed() == []

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ((), "Say what for: --editor, --programme or both; or what to take away."),
            (("--no-editor",), "No account has the address ada@bami.example."),
            (("--deactivate",), "No account has the address ada@bami.example."),
            (("--editor", "--deactivate"), "Either make an admin or close the account."),
        ],
    )
    def test_what_cannot_be_is_said_and_leaves_nothing_behind(self, options, message):
        with pytest.raises(CommandError, match=re.escape(message)):
            admin(self.ADA, *options)
        assert User.objects.count() == 0


@pytest.mark.django_db
class TestLoadDemo:
    def test_twice_keeps_what_was_changed(self):
        call_command("loaddata", str(BAMI), verbosity=0)
        first = StringIO()
        call_command("load_demo", stdout=first)
        assert first.getvalue().startswith("Loading the demo\nSign in with one of these, password: ")
        every = Assessment.objects.unscoped("the test looks at all of them")
        assert sorted(every.values_list("state", flat=True)) == ["draft", "draft", "reviewed", "submitted"]
        first_look = every.filter(title="First look, winter 2026")
        first_look.update(title="Changed since")
        people = list(User.objects.order_by("pk").values())
        second = StringIO()
        call_command("load_demo", stdout=second)
        assert "Loading" not in second.getvalue()
        assert list(User.objects.order_by("pk").values()) == people
        assert every.count() == 4
        assert every.filter(title="Changed since").exists()
        assert not first_look.exists()
        for person in people:
            assert person["email"] in second.getvalue()

    def test_only_in_demo_mode(self, settings):
        settings.DEMO = False
        with pytest.raises(CommandError, match="BAMI_MODE=demo"):
            call_command("load_demo", stdout=StringIO())
        assert User.objects.count() == 0


SOUND = {
    "BAMI_MODE": "production",
    "SECRET_KEY": "production-key-" * 5,
    "SITE_URL": "https://bami.example",
    "ALLOWED_HOSTS": "bami.example",
    "DATABASE_URL": "postgres://bami@127.0.0.1:1/bami",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "HSTS_PRELOAD": "true",
    "DEFAULT_FROM_EMAIL": "BAMI Self-Assessment <no-reply@bami.example>",
    "CONTACT_URL": "mailto:desk@bami.example",
}


def start(tmp_path, **changes: str) -> subprocess.CompletedProcess[str]:
    """A start of the project's settings in an environment of its own."""
    names = {*SOUND, "BAMI_TEST_DB", "DJANGO_SETTINGS_MODULE", "DATA_DIR"}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=django_settings.BASE_DIR,
        env={**kept, **SOUND, "DATA_DIR": str(tmp_path), **changes},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_starts_on_sound_settings_without_a_warning(tmp_path):
    run = start(tmp_path)
    assert (run.returncode, run.stdout) == (0, "System check identified no issues (0 silenced).\n"), (
        run.stderr
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://bami.example"),
        ("ALLOWED_HOSTS", "*"),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "sqlite:////tmp/db.sqlite3"),
        ("REDIS_URL", ""),
        ("DEFAULT_FROM_EMAIL", "BAMI Self-Assessment <no-reply@example.org>"),
        ("CONTACT_URL", "mailto:contact@example.org"),
    ],
)
def test_production_refuses_to_start_and_names_the_setting(tmp_path, name, value):
    run = start(tmp_path, **{name: value})
    assert run.returncode != 0
    assert f"ImproperlyConfigured: {name}: " in run.stderr
    assert value not in run.stdout or not value
