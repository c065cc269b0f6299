"""The one manager for what belongs to an organisation: a read without saying whose raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Organisation, User

M = TypeVar("M", bound=models.Model)


class Unscoped(RuntimeError):
    """A query that does not say whose rows it wants."""


class OwnedQuerySet(models.QuerySet[M]):
    """Rows of one organisation; `owner` is the path from the row to it."""

    owner = "organisation"

    def of(self, organisation: Organisation) -> Self:
        """The rows of one organisation."""
        return self.filter(**{self.owner: organisation})

    def visible_to(self, user: User) -> Self:
        """The rows of the organisations that this person is a member of; anybody else sees none."""
        if user.pk is None:  # no key would find those that nobody is a member of
            return self.none()
        return self.filter(**{f"{self.owner}__memberships__user": user.pk})


class OwnedManager(models.Manager[M]):
    """Refuses `all`, `get` and `filter`; the ways in say whose rows are wanted."""

    def __init__(self, queryset_class: type[OwnedQuerySet[Any]] = OwnedQuerySet) -> None:
        super().__init__()
        self._rows = queryset_class

    def get_queryset(self) -> NoReturn:
        raise Unscoped(
            f"{self.model.__name__}.objects: say whose rows, "
            "with visible_to(user), of(organisation) or unscoped(reason)"
        )

    def _everything(self) -> Any:
        return self._rows(model=self.model, using=self._db)

    def visible_to(self, user: User) -> Any:
        """What this person may see: not there for anybody else (404)."""
        return self._everything().visible_to(user)

    def of(self, organisation: Organisation) -> Any:
        """The rows of one organisation."""
        return self._everything().of(organisation)

    def again(self, found: M) -> Any:
        """The row of one that was found already, by a way that says whose it is."""
        return self._everything().filter(pk=found.pk)

    def unscoped(self, reason: str) -> Any:
        """Every row; the reason is for the reader of the code."""
        assert reason
        return self._everything()

    def create(self, **values: Any) -> M:
        """A new row, which names its organisation itself."""
        row: M = self._everything().create(**values)
        return row

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> Any:
        """New rows, which name their organisation themselves."""
        return self._everything().bulk_create(objs, *args, **options)


class OwnedModel(models.Model):
    """A row that belongs to an organisation, itself or through a parent."""

    # What Django itself needs (uniqueness checks, reverse relations of a row already found).
    unguarded = models.Manager["Self"]()

    class Meta:
        abstract = True
        default_manager_name = "unguarded"
        base_manager_name = "unguarded"
