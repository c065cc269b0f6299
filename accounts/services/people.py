"""People and the organisations they belong to."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Engagement, Membership, Organisation, User
from records.events import Entry, record


@transaction.atomic
def create_owner(*, email: str, organisation_name: str, name: str = "", password: str | None = None) -> User:
    """A person with a verified address who owns the organisation; both are made where they are missing.

    Raises ValidationError for an address or a name that is none.
    """
    organisation = Organisation.objects.filter(name__iexact=organisation_name.strip()).first()
    if organisation is None:
        organisation = Organisation(name=organisation_name.strip())
        organisation.full_clean()
        organisation.save()
        note(organisation, "organisation.created", {"name": organisation.name, "kind": organisation.kind})
    return join_organisation(
        email=email, organisation=organisation, role=Membership.Role.OWNER, name=name, password=password
    )


@transaction.atomic
def change_organisation(*, actor: User, organisation: Organisation, name: str, kind: str, paper: str) -> None:
    """Another name, kind or paper of later reports. Raises ValidationError for values that cannot be.

    A consultancy that is engaged stays one.
    """
    if kind != Organisation.Kind.CONSULTANCY and Engagement.objects.running_with(organisation).exists():
        raise ValidationError(
            {"kind": _("Clients have engaged this consultancy; it stays one until that ends.")}
        )
    before = {"was": organisation.name, "was_kind": organisation.kind, "was_paper": organisation.paper}
    organisation.name, organisation.kind, organisation.paper = name, kind, paper
    organisation.full_clean()
    organisation.save(update_fields=["name", "kind", "paper"])
    note(
        organisation,
        "organisation.changed",
        {"name": name, "kind": kind, "paper": paper, **before},
        actor=actor,
    )


@transaction.atomic
def create_admin(
    *, email: str, editor: bool, programme: bool, name: str = "", password: str | None = None
) -> User:
    """A person with a verified address who edits content, works the waitlist, or both.

    The switches of an account that exists are only turned on here, and one that was closed is opened again.
    Raises ValidationError for an address that is none.
    """
    user = _account(email, name, password)
    user.is_editor, user.is_programme_admin = user.is_editor or editor, user.is_programme_admin or programme
    user.is_active = True
    _save_admin(user, "admin.made", {})
    return user


@transaction.atomic
def change_admin(
    *, email: str, editor: bool | None = None, programme: bool | None = None, closes: bool = False
) -> User:
    """Turn the switches of an account on or off, None leaving one as it is, or close the account: from the
    next request on. Raises ValidationError where no account has the address.
    """
    user = User.objects.at_address(email).select_for_update().first()
    if user is None:
        raise ValidationError(_("No account has the address %(email)s.") % {"email": email})
    before = _switches(user)
    user.is_editor = user.is_editor if editor is None else editor
    user.is_programme_admin = user.is_programme_admin if programme is None else programme
    user.is_active = user.is_active and not closes
    _save_admin(user, "admin.changed", before)
    return user


def left_without_owner(user: User) -> list[Organisation]:
    """The organisations that this person owns and in which no owner can sign in, by name."""
    owned = Organisation.objects.filter(memberships__user=user, memberships__role=Membership.Role.OWNER)
    active = {"role": Membership.Role.OWNER, "user__is_active": True}
    return [
        organisation
        for organisation in owned.order_by("name")
        if not Membership.objects.of(organisation).filter(**active).exists()
    ]


@transaction.atomic
def join_organisation(
    *, email: str, organisation: Organisation, role: str, name: str = "", password: str | None = None
) -> User:
    """A person with a verified address and this role; an account that exists keeps its name and password.

    Raises ValidationError for an address that is none.
    """
    user = _account(email, name, password)
    membership, joined = Membership.objects.of(organisation).get_or_create(
        user=user, defaults={"organisation": organisation, "role": role}
    )
    if joined or membership.role != role:
        membership.role = role
        membership.save(update_fields=["role"])
        note(organisation, "member.joined", {"user": str(user.uuid), "role": role})
    return user


@transaction.atomic
def change_profile(*, actor: User, name: str, job_title: str) -> None:
    """Another name or function of one's own, everywhere but in what was kept before.

    Raises ValidationError for what is no name.
    """
    before = {"name": actor.name, "job_title": actor.job_title}
    after = {"name": name, "job_title": job_title}
    if before == after:
        return
    actor.name, actor.job_title = name, job_title
    actor.clean_fields(exclude=["password"])
    actor.save(update_fields=["name", "job_title"])
    _note_of_person(actor, "member.renamed", before, after)


@transaction.atomic
def note_sign_in(*, user: User) -> None:
    """Keep a sign-in on the trail."""
    _note_of_person(user, "member.signed_in", {}, {})


def set_answering(
    *,
    user: User,
    single_keys: bool | None = None,
    whole_dimension: bool | None = None,
    shown_part: str | None = None,
) -> None:
    """Keep how this person likes to answer, and which part of the questions; what is None stays."""
    if single_keys is not None:
        user.single_keys = single_keys
    if whole_dimension is not None:
        user.whole_dimension = whole_dimension
    if shown_part is not None:
        user.shown_part = shown_part
    user.save(update_fields=["single_keys", "whole_dimension", "shown_part"])


def _save_admin(user: User, action: str, before: dict[str, bool]) -> None:
    """The switches as they are set now, with their entry; none where nothing changed."""
    after = _switches(user)
    if before == after:
        return
    user.save(update_fields=["is_editor", "is_programme_admin", "is_active"])
    entry = Entry(action, "user", str(user.uuid), before=dict(before), after=dict(after))
    record(actor=None, organisation=None, entry=entry)


def _switches(user: User) -> dict[str, bool]:
    return {
        "editor": user.is_editor,
        "programme_admin": user.is_programme_admin,
        "active": user.is_active,
    }


def _account(email: str, name: str, password: str | None) -> User:
    """The account that has an address, made where there is none; the address counts as verified."""
    user = User.objects.at_address(email).first()
    if user is None:
        user = User(email=User.objects.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
    if user.email.lower() == email.lower():  # another address is verified: the account was found by it
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
    return user


def lock_organisation(organisation: Organisation) -> None:
    """One change of members or engagements at a time: two last owners cannot leave at once.

    No key of the row changes, so that rows which point to it can still be written meanwhile: with the
    stronger lock, PostgreSQL let this and an event's insert wait for each other.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _note_of_person(user: User, action: str, before: dict[str, str], after: dict[str, str]) -> None:
    """An entry in the chain of each of the person's organisations; without one, the installation's."""
    organisations: list[Organisation | None] = [*Organisation.objects.filter(memberships__user=user)]
    entry = Entry(action, "user", str(user.uuid), before=before, after=after)
    for organisation in organisations or [None]:
        record(actor=user, organisation=organisation, entry=entry)


def note(
    organisation: Organisation, action: str, after: dict[str, str], *, actor: User | None = None
) -> None:
    """An entry about the organisation itself or its members."""
    entry = Entry(action, "organisation", str(organisation.uuid), before={}, after=after)
    record(actor=actor, organisation=organisation, entry=entry)
