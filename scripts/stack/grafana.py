"""A Grafana of our own, where one is installed: found, configured, asked whether it serves."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts.stack.home import CHECKOUT, Home
from scripts.stack.refusals import BadSetting

PROVISIONING = CHECKOUT / "dashboards/provisioning"
NOBODY, NOWHERE = "nobody@not-configured.invalid", "http://not-configured.invalid/"


def find_home(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Find Grafana's folder: CITYOPS_GRAFANA_HOME, or where the program on the PATH stands.

    Raises BadSetting when the variable names no such folder.
    """
    named = environment.get("CITYOPS_GRAFANA_HOME")
    if named:
        home = Path(named).expanduser().resolve()
        if not is_home(home):
            raise BadSetting(
                f"CITYOPS_GRAFANA_HOME is {named}, which holds no conf/defaults.ini or no Grafana "
                f"program under bin."
            )
        return home
    for name in ("grafana-server", "grafana"):
        found = shutil.which(name, path=environment.get("PATH"))
        if found is None:
            continue
        # Packages put the program in the PATH and the rest in the system's share.
        places = [*Path(found).resolve().parents[1:3], Path("/usr/share/grafana")]
        for place in places:
            if (place / "conf/defaults.ini").exists():
                return place
    return None


def is_home(folder: Path) -> bool:
    """Whether this is a folder Grafana can be started from."""
    return (folder / "conf/defaults.ini").exists() and bool(command(folder))


def command(home: Path) -> list[str]:
    """Build the call of Grafana's server, or nothing where there is no program."""
    for pattern in ("bin/grafana", "bin/*/grafana", "bin/grafana-server", "bin/*/grafana-server"):
        found = [file for file in sorted(home.glob(pattern)) if file.is_file()]
        if found:
            server = ["server"] if found[0].name == "grafana" else []
            return [str(found[0]), *server, "--homepath", str(home)]
    for name in ("grafana-server", "grafana"):
        on_path = shutil.which(name)
        if on_path:
            server = ["server"] if name == "grafana" else []
            return [on_path, *server, "--homepath", str(home)]
    return []


def settings(home: Home, database: Mapping[str, str], version: int) -> dict[str, str]:
    """Build Grafana's environment: private folders, our boards, no calls to anybody outside."""
    data = home.folder / "grafana"
    return {
        "GF_PATHS_DATA": str(data),
        "GF_PATHS_LOGS": str(data / "log"),
        "GF_PATHS_PLUGINS": str(data / "plugins"),
        "GF_PATHS_PROVISIONING": str(PROVISIONING),
        "GF_LOG_MODE": "console",
        "GF_LOG_LEVEL": "warn",
        "GF_SERVER_HTTP_ADDR": home.bind,
        "GF_SERVER_HTTP_PORT": str(home.ports["grafana"]),
        "GF_SECURITY_ADMIN_PASSWORD": home.secret("grafana_admin"),
        "GF_SECURITY_SECRET_KEY": home.secret("grafana_key"),
        "GF_SECURITY_DISABLE_GRAVATAR": "true",
        "GF_USERS_ALLOW_SIGN_UP": "false",
        "GF_ANALYTICS_REPORTING_ENABLED": "false",
        "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
        "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
        "GF_NEWS_NEWS_FEED_ENABLED": "false",
        "GF_PLUGINS_PREINSTALL_DISABLED": "true",
        # Days as they are written here; a wall says 07/10 for the seventh of October.
        "GF_DATE_FORMATS_FULL_DATE": "DD/MM/YYYY HH:mm:ss",
        "GF_DATE_FORMATS_INTERVAL_HOUR": "DD/MM HH:mm",
        "GF_DATE_FORMATS_INTERVAL_DAY": "DD/MM",
        "GF_DATE_FORMATS_INTERVAL_MONTH": "MM/YYYY",
        "CITYOPS_PG_HOST": database["PGHOST"],
        "CITYOPS_PG_PORT": database["PGPORT"],
        "CITYOPS_PG_DATABASE": database["PGDATABASE"],
        "CITYOPS_PG_VERSION": str(version * 100),
        "CITYOPS_PG_SSLMODE": "disable",  # the database is on this machine
        "CITYOPS_BOARDS": str(PROVISIONING / "boards"),
        "CITYOPS_VIEWER_PASSWORD": database["PGPASSWORD"],
        # A contact point must have an address; of these two, nothing ever leaves the machine.
        "CITYOPS_ALERT_EMAIL": os.environ.get("CITYOPS_ALERT_EMAIL", NOBODY),
        "CITYOPS_ALERT_WEBHOOK": os.environ.get("CITYOPS_ALERT_WEBHOOK", NOWHERE),
        **{name: value for name, value in os.environ.items() if name.startswith("GF_SMTP_")},
    }
