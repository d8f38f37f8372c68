"""Where everything is: for a shell, as lines of KEY=VALUE, and for a person, as a table."""

from pathlib import Path

from rich.console import Console

from scripts.stack.home import Home
from scripts.stack.programs import Programs


def write(programs: Programs, *, grafana: bool) -> Path:
    """Write the file a shell reads with `set -a; . FILE`; only the invoking user may."""
    values = {
        **programs.database("engineer"),
        **programs.broker.connection("engineer"),
        "MQTTS_PORT": str(programs.home.ports["mqtts"]),
        "MQTTS_CERTIFICATES_PORT": str(programs.home.ports["mqtts-certificates"]),
        # Not MQTT_CA_FILE: that would have our own programs speak TLS to the plain port.
        "MQTTS_CA_FILE": str(programs.home.authority / "ca.pem"),
        "API_URL": programs.url("api"),
        "CONSOLE_URL": programs.url("console"),
        "METRICS_URL": f"{programs.url('metrics')}/metrics",
        "API_TOKEN": programs.home.kept("api_token") or "",
    }
    del values["PGAPPNAME"]
    if grafana:
        values |= {
            "GRAFANA_URL": programs.url("grafana"),
            "GRAFANA_USERNAME": "admin",
            "GRAFANA_PASSWORD": programs.home.secret("grafana_admin"),
        }
    lines = "".join(f"{key}={value}\n" for key, value in values.items())
    return programs.home.me.own_file(programs.home.addresses, lines)


def read(file: Path) -> dict[str, str]:
    """Read the file back; empty where there is none."""
    if not file.exists():
        return {}
    pairs = (line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())
    return {key: value for key, value in pairs}  # noqa: C416 - pairs are lists


def show(home: Home, console: Console) -> None:
    """Print the table, without a secret in it; a path is never broken, however long."""
    found = read(home.addresses)
    rows = [
        ("API", found["API_URL"], "token: API_TOKEN"),
        ("Console", found["CONSOLE_URL"], "the same token"),
    ]
    if "GRAFANA_URL" in found:
        rows.append(("Grafana", found["GRAFANA_URL"], "admin, GRAFANA_PASSWORD"))
    mqtt = f"{found['MQTT_HOST']}:{found['MQTT_PORT']}"
    rows.append(("MQTT", mqtt, f"{found['MQTT_USERNAME']}, MQTT_PASSWORD"))
    tls = f"{found['MQTT_HOST']}:{found['MQTTS_PORT']}"
    rows.append(("MQTT, TLS", tls, "the same; trust MQTTS_CA_FILE"))
    postgres = f"{found['PGHOST']}:{found['PGPORT']}/{found['PGDATABASE']}"
    rows.append(("PostgreSQL", postgres, f"{found['PGUSER']}, PGPASSWORD"))
    rows.append(("Metrics", found["METRICS_URL"], "ingest's counters, for Prometheus"))
    width = max(len(address) for _, address, _ in rows)
    rows.append(("Passwords", str(home.addresses), "set -a; . FILE; set +a"))
    rows.append(("Logs", str(home.logs), ""))
    for name, address, sign_in in [("", "address", "sign in"), *rows]:
        line = f"{name:<10}  {address:<{width}}  {sign_in}".rstrip()
        console.print(line, markup=False, soft_wrap=True)
