"""The first organization of an installation and its administrator, made from a page instead of a console."""

from typing import Final

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import slugify

from interviews.errors import Refusal
from interviews.models import AuditEntry, Membership, Organization, User
from interviews.policy import Jurisdiction, Purpose
from interviews.services.accounts.team import account_create
from interviews.services.audit import audit_append
from interviews.services.mailing import mail_send

SALT: Final = "interviews.first-run"


def first_run_token() -> str:
    """What the address of the page holds. Whoever starts the installation is told it, and nobody else can know it."""
    return salted_hmac(SALT, "", algorithm="sha256").hexdigest()[:40]


def first_run_is_open(token: str) -> bool:
    """Whether the page is there: with its token, and until there is an account."""
    return constant_time_compare(token, first_run_token()) and not User.objects.exists()


@transaction.atomic
def first_run(
    *,
    organization: str,
    full_name: str,
    email: str,
    password: str,
    jurisdiction: str = Jurisdiction.UNKNOWN,
    usual_purpose: str = Purpose.UNKNOWN,
) -> User:
    """Make organization and administrator. Raises ``ValidationError`` by field, :class:`Refusal` the second time."""
    if User.objects.exists():
        raise Refusal("not_first", "This installation has accounts already.")
    user = account_create(email.strip().lower(), full_name, password, organization=organization)
    user.is_staff = user.is_superuser = True
    user.save()
    name = " ".join(organization.split())[:150]
    made = Organization.objects.create(
        name=name,
        slug=slugify(name)[:150] or "organization",
        jurisdiction=jurisdiction,
        usual_purpose=usual_purpose,
        usual_jurisdiction=jurisdiction,
    )
    Membership.objects.create(user=user, organization=made, role=Membership.Role.ADMINISTRATOR)
    action = AuditEntry.Action.ACCESS_CHANGED
    audit_append(action=action, by=user, organization=made, change="installation set up")
    return user


def mail_test(*, user: User) -> bool:
    """Send a mail to somebody's own address; whether a mail server took it."""
    return mail_send(to=user.email, subject="Candor can send mail", message="This is the test that you asked for.")
