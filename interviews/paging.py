"""Pages of lists that may be very long: what is on a page is found by ids, so that no database sorts whole rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

MOST: Final = 1_000


class LongListPaginator(Paginator):  # type: ignore[type-arg]  # no generic class when it runs
    """Pages of the first :data:`MOST` rows that ``found`` has, in its order. ``has_more`` says that there are others:
    to count them takes longer than to show a page.

    ``rows`` has the same rows with everything that is shown of them.
    """

    def __init__(self, found: QuerySet[Any], *, rows: QuerySet[Any], per_page: int) -> None:
        ids = list(found.values_list("pk", flat=True)[: MOST + 1])
        self.has_more = len(ids) > MOST
        self._rows = rows
        super().__init__(ids[:MOST], per_page)

    def _get_page(self, ids: Any, number: int, paginator: Any) -> Page[Any]:
        return Page(rows_in_order(self._rows, ids), number, paginator)


def rows_in_order(rows: QuerySet[Any], ids: Sequence[Any]) -> list[Any]:
    """The rows of these ids that are still there."""
    found = {row.pk: row for row in rows.order_by().filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]
