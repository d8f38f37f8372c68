"""The boards' commands: write, check (also --check), push, pull, screenshots."""

import sys
from pathlib import Path
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


Url = Annotated[str, typer.Option(envvar="GRAFANA_URL", help="http://HOST:PORT of a Grafana.")]
Token = Annotated[
    str,
    typer.Option(envvar="GRAFANA_TOKEN", help="A service account's token, role Editor."),
]
TROUBLE, DIFFERENT = 1, 3  # exit codes; 2 is the command line's own


@app.command()
def push(
    *,
    url: Url,
    token: Token,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say it, do not do it.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Also remove boards that only an earlier push made.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite what was changed by hand, or is another's.")
    ] = False,
) -> None:
    """Make or update the folders and the boards in a running Grafana."""
    from dashboards import grafana, push  # noqa: PLC0415 (slow to import)

    try:
        for line in push.push(url, token, dry_run=dry_run, prune=prune, force=force):
            print(line)
    except grafana.GrafanaRefuses as why:
        print(why, file=sys.stderr)
        raise typer.Exit(TROUBLE) from why


@app.command()
def pull(
    *,
    url: Url,
    token: Token,
    write_to: Annotated[
        Path | None,
        typer.Option("--write", help="Also write the boards that differ into this folder."),
    ] = None,
) -> None:
    """Show what was changed by hand in a running Grafana; exit code 3 where anything was."""
    from dashboards import grafana, pull  # noqa: PLC0415 (slow to import)

    try:
        found = pull.pull(url, token)
        written = pull.write(found, write_to) if write_to is not None else []
    except (grafana.GrafanaRefuses, OSError) as why:
        print(why, file=sys.stderr)
        raise typer.Exit(TROUBLE) from why
    different = [each for each in found if each.lines]
    for each in different:
        print(each.name, *each.lines, sep="\n    ")
    for path in written:
        print(f"wrote {path}")
    if different:
        raise typer.Exit(DIFFERENT)
    print(f"all {len(found)} boards are as the code says")


@app.command()
def screenshots(
    *,
    url: Annotated[str, typer.Option("--grafana", envvar="GRAFANA_URL", help="http://HOST:PORT")],
    out: Annotated[Path, typer.Option(help="The folder for the pictures.")],
    board: Annotated[list[str] | None, typer.Option(help="A uid; without, all boards.")] = None,
    span: Annotated[str, typer.Option("--range", help="How far back, as in 6h or 7d.")] = "6h",
    phone: Annotated[bool, typer.Option("--phone", help="Each on a phone, too.")] = False,
) -> None:
    """Take a picture of every board of a running Grafana; exit code 3 where panels are in error.

    Sign in by GRAFANA_TOKEN, or GRAFANA_USERNAME and GRAFANA_PASSWORD, in the environment.
    """
    from dashboards import screenshots as pictures  # noqa: PLC0415 (the others need none of it)

    try:
        found = pictures.look(url, pictures.chosen(board), out, span, phone=phone)
    except (pictures.CannotLook, OSError) as why:
        print(why, file=sys.stderr)
        raise typer.Exit(TROUBLE) from why
    for file, wrong in found.items():
        print(f"{file}: {wrong} panels in error" if wrong else file)
    if any(found.values()):
        raise typer.Exit(DIFFERENT)


if __name__ == "__main__":
    app()
