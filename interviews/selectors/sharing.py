"""Which link a token is, and whether it opens its page now."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from interviews.models import ShareLink
from interviews.selectors.consent import consents_of

UNLOCKED: Final = "shares"
"""Key in a browser's session: ids of the links whose password was entered there."""


def share_by_token(*, token: str) -> ShareLink | None:
    """The link, if it opens its page: not revoked, not over, and agreed to by the candidate now."""
    sha256 = hashlib.sha256(token.encode()).hexdigest()
    related = ("interview__candidate", "interview__position", "interview__owner", "interview__organization")
    share = ShareLink.objects.select_related(*related).filter(token_sha256=sha256).first()
    if share is None or not share.stands or not consents_of(interview_id=share.interview_id).sharing:
        return None
    return share


def share_unlocked(*, share: ShareLink, session: Mapping[str, Any]) -> bool:
    """Whether this browser may look: there is no password, or it was entered here."""
    return not share.password or str(share.pk) in session.get(UNLOCKED, ())
