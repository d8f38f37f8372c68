"""Why the stack does not start or stop: one sentence and one exit code each."""


class Refusal(Exception):
    """The message is the sentence a person reads; the code is what a script reads."""

    code = 1


class BadSetting(Refusal):
    """A variable or an option has a value nobody can work with."""

    code = 2


class RightsMissing(Refusal):
    """The invoking user may not do this."""

    code = 3


class DiskFull(Refusal):
    """The state folder's disk has no room."""

    code = 5


class PortTaken(Refusal):
    """Somebody else listens where we are to listen."""

    code = 8


class AlreadyUp(Refusal):
    """This state folder's installation runs already."""

    code = 9


class NotReady(Refusal):
    """A process did not become ready; the message ends with the last lines it wrote."""

    code = 10


class StateUnusable(Refusal):
    """The state folder is not to be had, or holds what the installed programs cannot use."""

    code = 11


class NotUp(Refusal):
    """What is asked for needs a running installation, and there is none."""

    code = 12
