"""A code that is mailed to the candidate says that whoever has the link is the candidate."""

import secrets
import time
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac

from interviews.counting import within_limit
from interviews.errors import Refusal
from interviews.models import Interview
from interviews.selectors.own_page import CONFIRMED
from interviews.services.mailing import mail_send

CODES: Final = "own_page_codes"
"""Key in a session: ``{interview id: [hash of the code, second until which it is good]}``."""
GOOD_FOR_S: Final = 900
MAILS_PER_HOUR: Final = 5
TRIES: Final = 10
"""Wrong codes within :data:`GOOD_FOR_S`, for one interview from all browsers together."""


def code_mail(*, interview: Interview, session: Any) -> bool:
    """Mail a code that is good in this browser for a quarter of an hour; whether a mail server took it.

    Raises :class:`Refusal` after five an hour.
    """
    if not within_limit(f"own-page-mail:{interview.pk}", limit=MAILS_PER_HOUR, period_s=3600):
        raise Refusal("too_many", "Codes were mailed often enough for now. Try again in an hour.")
    code = f"{secrets.randbelow(10**8):08d}"
    session[CODES] = {**session.get(CODES, {}), str(interview.pk): [_hash(code), time.time() + GOOD_FOR_S]}
    message = render_to_string("interviews/own_page/code_email.txt", {"interview": interview, "code": code})
    return mail_send(to=interview.candidate.email, subject="Your code", message=message)


def code_check(*, interview: Interview, session: Any, code: str) -> bool:
    """Whether ``code`` is the one that was mailed; this browser is the candidate's then."""
    if not within_limit(f"own-page-code:{interview.pk}", limit=TRIES, period_s=GOOD_FOR_S):
        return False
    expected, until_s = session.get(CODES, {}).get(str(interview.pk), ["", 0.0])
    if not constant_time_compare(_hash(code.strip()), expected) or time.time() > until_s:
        return False
    session[CODES] = {key: value for key, value in session[CODES].items() if key != str(interview.pk)}
    session[CONFIRMED] = [*session.get(CONFIRMED, []), str(interview.pk)]
    session.cycle_key()
    return True


def _hash(code: str) -> str:
    return salted_hmac("own-page-code", code, algorithm="sha256").hexdigest()
