"""What the console does not do, each with its status and its sentence."""

from typing import ClassVar

from models.told_odd import Text
from services.console import words


class Refused(Exception):
    """What this page does not do; each kind has its status and its sentence."""

    http_status: ClassVar[int] = 400
    text: ClassVar[Text] = words.NOT_UNDERSTOOD


class NotUnderstood(Refused):
    """A form that is none of ours."""


class NotSignedIn(Refused):
    """Nobody is signed in in this browser."""

    http_status = 401
    text = words.SESSION_OVER


class Foreign(Refused):
    """A form that another page sent: the browser says so, or says nothing."""

    http_status = 403
    text = words.FOREIGN


class RoleTooLow(Refused):
    """The token's role may not do this."""

    http_status = 403
    text = words.ROLE_TOO_LOW


class TooLarge(Refused):
    """A form that is larger than any of ours."""

    http_status = 413
    text = words.TOO_LARGE
