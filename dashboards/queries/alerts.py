"""The SQL of the alert rules: one moment and one number each, above a threshold where it is wrong.

No macros and no `$`: a provisioning file may put variables of its own in their place.
"""

from typing import Final

# Minutes since the last minute in which anything was stored; a day where there was none.
NO_DATA: Final = """SELECT now() AS time, coalesce(
    extract(epoch FROM now() - max(time))::float / 60, 1440) AS value
FROM ledger_balance WHERE stored > 0 AND time > now() - interval '1 day'"""

# Readings that went missing, or came from nowhere, within an hour.
IMBALANCE: Final = """SELECT now() AS time, coalesce(sum(abs(imbalance)), 0)::float AS value
FROM ledger_balance WHERE time > now() - interval '1 hour'"""

# Seconds that the slowest of those who read the change feed is behind.
READER: Final = """SELECT now() AS time, coalesce(max(waiting_s), 0)::float AS value
FROM reader_list"""

# Seconds since the newest beat was sent; no row where no beat ever came.
CANARY: Final = """SELECT now() AS time, extract(epoch FROM now() - time)::float AS value
FROM canary_beats ORDER BY canary_beats.time DESC LIMIT 1"""

# The share of its limit that the database has reached. Grafana sees no disk: the limit is what
# an engineer set (cityops.database_limit_gb), 100 GB where nobody did.
DATABASE: Final = """SELECT now() AS time, pg_database_size(current_database()) / (1e9 * coalesce(
    nullif(current_setting('cityops.database_limit_gb', true), ''), '100')::float) AS value"""

# The share of what came within ten minutes that could not be read.
REJECTED: Final = """SELECT now() AS time, coalesce(
    sum(rejected)::float / nullif(sum(received), 0), 0) AS value
FROM ledger_balance WHERE time > now() - interval '10 minutes'"""
