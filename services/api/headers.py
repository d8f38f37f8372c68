"""What every answer carries beside its content."""

# An answer is data for whoever asked, now: nothing to guess, to keep, to run or to frame.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
