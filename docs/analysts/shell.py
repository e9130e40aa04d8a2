"""One bash for all commands of the guide: what one exports or starts is there for the next.

What they start in the background ends with it, also where this program is killed: bash then reads
the end of its input.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_BEGIN = "set -euo pipefail; trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n"


class CommandFailed(RuntimeError):  # noqa: N818 - a command of the guide did
    """A command failed, or it said nothing; the text is what it said."""


class Shell:
    """A bash in a folder, alive inside ``with Shell(...) as shell:``."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = environment

    def __enter__(self) -> Self:
        """Start it."""
        pipe = subprocess.PIPE
        self._bash = subprocess.Popen(
            ["/bin/bash", "--norc", "--noprofile"],
            cwd=self.folder,
            env=dict(self._environment),
            stdin=pipe,
            stdout=pipe,
            text=True,
        )
        self._tell(_BEGIN)
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and what runs in its background."""
        self._bash.communicate()

    def run(self, code: str) -> str:
        """Run commands; what they print, errors included. Raises CommandFailed."""
        script, output = self.folder / ".commands.sh", self.folder / ".output"
        script.write_text(code, encoding="utf-8")
        self._tell(f". ./{script.name} < /dev/null > {output.name} 2>&1; echo done\n")
        assert self._bash.stdout is not None  # noqa: S101 - it was given a pipe
        went_well = self._bash.stdout.readline()
        lines = output.read_text(encoding="utf-8").splitlines()
        # Tables are padded to their width: what nobody sees is left out.
        told = "".join(f"{line.rstrip()}\n" for line in lines).strip("\n")
        if not went_well or not told:
            raise CommandFailed(f"{code}\n{told or 'It said nothing.'}")
        return f"{told}\n"

    def _tell(self, text: str) -> None:
        assert self._bash.stdin is not None  # noqa: S101 - it was given a pipe
        self._bash.stdin.write(text)
        self._bash.stdin.flush()
