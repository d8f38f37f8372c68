"""A time axis in the province's time."""

from datetime import timedelta, timezone
from typing import Final

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

VIETNAM: Final = timezone(timedelta(hours=7))
# Years, months, days, hours, minutes, seconds; and where the next larger one begins.
DATES: Final = (
    ["%Y", "%m/%Y", "%d/%m", "%H:%M", "%H:%M", "%H:%M:%S"],
    ["", "%Y", "%d/%m", "%d/%m", "%H:%M", "%H:%M"],
)
DAY: Final = 86400


def local_time(axes: Axes, *, least: int, most: int, upright: bool = False) -> None:
    """Let an axis, counted in days since 1970, show local time with so many ticks."""
    locator = AutoDateLocator(  # type: ignore[no-untyped-call]
        tz=VIETNAM, minticks=least, maxticks=most
    )
    formatter = ConciseDateFormatter(  # type: ignore[no-untyped-call]
        locator, VIETNAM, DATES[0], zero_formats=DATES[1], show_offset=False
    )
    axis = axes.yaxis if upright else axes.xaxis
    axis.set_major_locator(locator)
    axis.set_major_formatter(formatter)
