"""Makes docs/analysts.md by running docs/analysts/guide.md: ``python docs/analysts/make.py``.

With ``--check`` it is compared instead, exit code 1 if it differs; with ``--picture`` the picture
is taken anew as well (by chromium). A command that fails or says nothing, and SQL that the two
databases answer differently, end it with exit code 1. Needs the extra ``dev``, bash, sqlite3, curl,
jq, and a package index that has Datasette.
"""

from __future__ import annotations

import difflib
import sys
from argparse import ArgumentParser
from pathlib import Path

from blocks import Block, parsed, written
from shell import CommandFailed, Shell
from stage import staged

HERE = Path(__file__).parent
GUIDE, PAGE, PICTURE = HERE / "guide.md", HERE.parent / "analysts.md", HERE / "datasette.png"

SQL = "psql --set ON_ERROR_STOP=1 --pset null=null --pset footer=off --file question.sql"
SAME = f"python '{HERE / 'answers.py'}' question.sql baton.db"
CHROMIUM = (
    "chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1200,720 "
    f"--screenshot='{PICTURE}' "
    '"$BI/baton/sales?basis=RECOGNISED&_facet=sales_region&_size=5&_sort=position'
    '&_col=accounting_date&_col=doc&_col=dealer&_col=sku&_col=qty&_col=net&_col=margin"'
)


def run(shell: Shell, block: Block) -> str:
    """What a block prints. Raises CommandFailed."""
    if block.language == "sh":
        return shell.run(block.code)
    if block.language == "python":
        (shell.folder / "program.py").write_text(block.code, encoding="utf-8")
        return shell.run("python program.py")
    (shell.folder / "question.sql").write_text(block.code, encoding="utf-8")
    return shell.run(SQL if block.postgresql_only else f"{SAME}\n{SQL}")


def made(*, picture: bool) -> str:
    """Run the guide; the page. Raises CommandFailed."""
    guide = parsed(GUIDE.read_text(encoding="utf-8"))
    with staged() as shell:
        outputs = [run(shell, block) for _, block in guide.steps]
        if picture:
            shell.run(CHROMIUM)
    return written(guide, outputs)


def main() -> int:
    """Make the page, or compare it."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="compare, and write nothing")
    options.add_argument("--picture", action="store_true", help="take the picture anew")
    asked = options.parse_args()
    try:
        page = made(picture=asked.picture)
    except CommandFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    if not asked.check:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    known = PAGE.read_text(encoding="utf-8").splitlines(keepends=True)
    changes = list(difflib.unified_diff(known, page.splitlines(keepends=True), "known", "run"))
    sys.stderr.writelines(changes)
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
