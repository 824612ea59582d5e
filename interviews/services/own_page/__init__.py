"""What the candidate does on the own page, and the links to it."""

from interviews.services.own_page.comments import comment_add
from interviews.services.own_page.confirming import code_check, code_mail
from interviews.services.own_page.links import own_page_link_create, own_page_link_mail
from interviews.services.own_page.recordings import recordings_erase
from interviews.services.own_page.requests import erasure_take_back, request_add, request_done
from interviews.services.own_page.telling import organization_tell

__all__ = [
    "code_check",
    "code_mail",
    "comment_add",
    "erasure_take_back",
    "organization_tell",
    "own_page_link_create",
    "own_page_link_mail",
    "recordings_erase",
    "request_add",
    "request_done",
]
