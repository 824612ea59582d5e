"""What a hold has kept of what was changed while it stood."""

from collections import Counter
from typing import Any

from django.apps import apps

from interviews.models import Interview


def held_counts(*, interview: Interview) -> list[tuple[str, int]]:
    """How many earlier states are kept of what kind of row."""
    counted = Counter(interview.held_revisions.values_list("model", flat=True))
    return sorted((str(apps.get_model(model)._meta.verbose_name), count) for model, count in counted.items())


def held_document(*, interview: Interview) -> list[dict[str, Any]]:
    """Every earlier state with its fields, the oldest first: what the row was until ``replaced_at``."""
    return [
        {
            "model": revision.model,
            "row": revision.row,
            "fields": revision.fields,
            "replaced_at": revision.replaced_at,
            "replaced_by": revision.replaced_by.email if revision.replaced_by else None,
        }
        for revision in interview.held_revisions.select_related("replaced_by")
    ]
