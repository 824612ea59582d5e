"""``{% load formatting %}``: the filters of :mod:`interviews.formatting`, and the widgets of forms."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.utils.safestring import SafeString

from interviews import formatting

register = template.Library()

for write in (
    formatting.clock,
    formatting.duration,
    formatting.percent,
    formatting.short_hash,
    formatting.fraction,
    formatting.times_100,
):
    register.filter(write)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with Bootstrap's class for its kind."""
    widget: Any = field.field.widget
    kind = "form-check-input" if isinstance(widget, CheckboxInput) else "form-control"
    return field.as_widget(attrs={"class": "form-select" if isinstance(widget, Select) else kind})
