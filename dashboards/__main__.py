"""The boards' commands: write, check (also --check), push."""

import sys
from typing import Annotated

import typer

from dashboards import provisioning

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Grafana's boards, data source and provider as code. The generated files stand in "
    "dashboards/provisioning.",
)


@app.callback(invoke_without_command=True)
def begin(
    context: typer.Context,
    *,
    only_check: Annotated[
        bool, typer.Option("--check", help="The same as the command check.")
    ] = False,
) -> None:
    """Run the check when asked by option; without a command, show the help."""
    if only_check:
        check()
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def write() -> None:
    """Generate the files anew; one that nobody generates any more is removed."""
    changed = provisioning.write()
    for name in changed:
        print(f"{'wrote' if name in provisioning.files() else 'removed'} {name}")
    if not changed:
        print("all files were fresh")


@app.command()
def check() -> None:
    """Fail where a generated file is stale, missing or was changed by hand."""
    stale = provisioning.stale()
    for name in stale:
        print(f"dashboards/provisioning/{name} is not what the code says", file=sys.stderr)
    if stale:
        print("change dashboards/*.py, then run: python -m dashboards write", file=sys.stderr)
        raise typer.Exit(1)
    print(f"all {len(provisioning.files())} generated files are fresh")


@app.command()
def push(
    *,
    url: Annotated[str, typer.Option(envvar="GRAFANA_URL", help="http://HOST:PORT of a Grafana.")],
    token: Annotated[
        str,
        typer.Option(envvar="GRAFANA_TOKEN", help="A service account's token, role Editor."),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say it, do not do it.")] = False,
) -> None:
    """Make or update the folders and the boards in a running Grafana."""
    from dashboards import push as grafana  # noqa: PLC0415 (slow to import)

    try:
        done = grafana.push(url, token, dry_run=dry_run)
    except grafana.CannotPush as why:
        print(why, file=sys.stderr)
        raise typer.Exit(1) from why
    for line in done:
        print(f"would have {line}" if dry_run and not line.startswith("unchanged") else line)


if __name__ == "__main__":
    app()
