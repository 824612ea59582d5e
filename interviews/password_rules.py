"""The rule of passwords beyond length and likeness: how many guesses somebody needs who knows whose it is."""

from typing import Final

from django.core.exceptions import ValidationError

from interviews.models import User

FEWEST_GUESSES: Final = 1e9
"""A day's work against a stolen hash. The login itself allows a few guesses an hour."""
LONGEST_READ: Final = 72
"""Characters that are estimated, because that takes quadratic time."""
TOO_EASY: Final = "This password is too easy to guess. {why}Take several words that do not belong together."


class GuessablePasswordValidator:
    """Estimates the guesses with zxcvbn: lists of 30,000 leaked passwords, of names and of words, turned round, with
    digits for letters, repeated, in rows of keys, as dates; and the person's own name, address and organization."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ``ValidationError``."""
        from zxcvbn import zxcvbn  # a third of a second, which no start-up needs

        found = zxcvbn(password[:LONGEST_READ], user_inputs=_own_words(user))
        if found["guesses"] < FEWEST_GUESSES:
            warning = found["feedback"]["warning"]
            raise ValidationError(TOO_EASY.format(why=f"{warning} " if warning else ""), code="password_guessable")

    def get_help_text(self) -> str:
        return "Not a word, a name, a date or a well-known password, nor one of these with a few characters changed."


def _own_words(user: User | None) -> list[str]:
    """What somebody who knows the person tries first, whole and in words."""
    if user is None:
        return []
    organizations = [user.joins]
    if not user._state.adding:
        organizations += user.organizations.values_list("name", flat=True)
    texts = [user.full_name, user.email, *organizations]
    words = [word for text in texts for word in text.replace("@", " ").replace(".", " ").replace("-", " ").split()]
    return [*dict.fromkeys(text.lower() for text in (*texts, *words) if text)]
