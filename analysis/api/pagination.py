"""Pages of long lists in the API."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from interviews.paging import rows_in_order


class UncountedPagination(PageNumberPagination):
    """Pages with the addresses of the next and the previous one, and without a count: counting all rows of a long list
    takes longer than reading a page of it."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        text = request.query_params.get(self.page_query_param, "1")
        self.number = int(text) if text.isdecimal() and len(text) < 10 else 0
        if self.number < 1:
            raise NotFound("There is no such page.")
        size = self.get_page_size(request) or 1
        start = (self.number - 1) * size
        ids = list(queryset.values_list("pk", flat=True)[start : start + size + 1])
        if not ids and self.number > 1:
            raise NotFound("There is no such page.")
        self.has_next, self.address = len(ids) > size, request.build_absolute_uri()
        # Without its filters, which the ids have passed: some take long.
        return rows_in_order(view.get_queryset(), ids[:size])

    def get_next_link(self) -> str | None:
        return replace_query_param(self.address, self.page_query_param, self.number + 1) if self.has_next else None

    def get_previous_link(self) -> str | None:
        if self.number == 1:
            return None
        if self.number == 2:
            return remove_query_param(self.address, self.page_query_param)
        return replace_query_param(self.address, self.page_query_param, self.number - 1)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        whole: dict[str, Any] = super().get_paginated_response_schema(schema)
        whole["required"].remove("count")
        del whole["properties"]["count"]
        return whole
