"""Sending mail to people."""

import logging

from django.conf import settings
from django.core.mail import send_mail

logger = logging.getLogger(__name__)


def mail_send(*, to: str, subject: str, message: str) -> bool:
    """Send a mail; whether a mail server took it."""
    try:
        send_mail(subject, message, None, [to])
    except OSError:  # smtplib's errors and those of the network
        logger.exception("A mail could not be sent")
        return False
    return has_mail_server()


def has_mail_server() -> bool:
    """Whether mail reaches anybody: the console of an embedded installation is no mail server."""
    return not settings.EMAIL_BACKEND.endswith((".console.EmailBackend", ".dummy.EmailBackend"))
