"""A server of ours in a process of its own, ended or killed by its process id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import Self

import httpx

from tests.processes.crew import ROOT
from tests.support.world import SECRET

STARTED_WITHIN_SECONDS = 60
RUN = "import sys; from api.cli import main; sys.argv[0] = 'baton'; main()"


def baton(url: str, *words: str, **settings: str) -> subprocess.Popen[str]:
    """Start a command line of ours on a database."""
    given = {f"BATON_{name.upper()}": value for name, value in settings.items()}
    env = os.environ | given | {"BATON_DATABASE_URL": url, "BATON_BOOTSTRAP_KEY": SECRET}
    command = [sys.executable, "-c", RUN, *words]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def end(process: subprocess.Popen[str]) -> int:
    """Ask a process to end, and give its exit code."""
    process.terminate()
    process.communicate(timeout=60)
    return process.returncode


class Server:
    """``baton serve`` on a free port of the loopback address."""

    def __init__(self, url: str, **settings: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process = baton(url, "serve", "--port", str(self.port), **settings)

    def __enter__(self) -> Self:
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            end(self._process)

    def kill(self) -> None:
        """Kill it with signal 9: no goodbye, no flush."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def client(self) -> httpx.Client:
        """Return a client that holds the service's key."""
        headers = {"Authorization": f"Bearer {SECRET}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=60)

    def _wait(self) -> None:
        deadline = time.monotonic() + STARTED_WITHIN_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "the server ended at its start"
            try:
                if httpx.get(f"{self.address}/healthz").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        raise TimeoutError("the server did not start")
