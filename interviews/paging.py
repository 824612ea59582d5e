"""Pages of lists that may be very long."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST: Final = 10_000


class LongListPaginator(Paginator):  # type: ignore[type-arg]  # no generic class when it runs
    """Pages of the first :data:`MOST` rows of a queryset; ``has_more`` says that there are others.

    Counting all rows of a long list takes longer than showing a page of it. A page is looked up by the ids on it, so
    that no database sorts whole rows.
    """

    object_list: QuerySet[Any]

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by().values("pk")[: MOST + 1].count()

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self._counted, MOST)

    @property
    def has_more(self) -> bool:
        return self._counted > MOST

    def _get_page(self, object_list: Any, number: int, paginator: Any) -> Page[Any]:
        ids = list(object_list.values_list("pk", flat=True))
        rows = {row.pk: row for row in self.object_list.order_by().filter(pk__in=ids)}
        return Page([rows[pk] for pk in ids if pk in rows], number, paginator)
