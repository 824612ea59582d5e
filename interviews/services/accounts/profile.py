"""What people set for themselves."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError

from interviews.models import User


def profile_change(*, user: User, full_name: str, time_zone: str, theme: str) -> User:
    """Raises ``ValidationError`` by field."""
    full_name = " ".join(full_name.split())
    errors = {}
    if not full_name or len(full_name) > 150:
        errors["full_name"] = "Enter your name, in at most 150 characters."
    if time_zone and time_zone not in available_timezones():
        errors["time_zone"] = "There is no such time zone."
    if theme not in User.Theme.values:
        errors["theme"] = "There is no such theme."
    if errors:
        raise ValidationError(errors)
    user.full_name, user.time_zone, user.theme = full_name, time_zone, theme
    user.save(update_fields=["full_name", "time_zone", "theme"])
    return user
