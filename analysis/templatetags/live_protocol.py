"""The protocol of the live sockets for the pages of a room."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from analysis.live.contract import Side, contract

register = template.Library()


@register.simple_tag
def live_protocol(side: Side) -> SafeString:
    """The contract of one side as JSON data in the page, where ``static/js/room/protocol.js`` finds it."""
    return json_script(contract(side), "room-protocol")
