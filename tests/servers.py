"""Private PostgreSQL and Redis servers for tests: a free port on loopback, stopped by process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class MissingServer(RuntimeError):
    """A server program is not installed."""


@dataclass
class Server:
    """A running server of ours: its address, its process, its folder."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path

    def stop(self) -> None:
        # SIGINT is PostgreSQL's fast shutdown; Redis takes it as well.
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_postgres() -> Server:
    """An empty PostgreSQL with trust on loopback; as root it runs as `postgres` or `nobody`."""
    programs = _postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="bami-postgres-"))
    options = _unprivileged(folder)
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "bami",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        **options,
    )
    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "fsync": "off",  # tests keep nothing
        "max_connections": "60",
    }
    command: list[str] = [str(programs / "postgres"), "-D", str(folder / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(command, stdout=log, stderr=log, **options)
    server = Server(f"postgres://bami@127.0.0.1:{port}/postgres", process, folder)
    _wait_for(port, server)
    return server


def start_redis() -> Server:
    """An empty Redis that keeps nothing on disk."""
    program = shutil.which("redis-server")
    if program is None:
        raise MissingServer("redis-server is not installed: run make setup-tests")
    folder = Path(tempfile.mkdtemp(prefix="bami-redis-"))
    port = free_port()
    process = subprocess.Popen(
        [
            program,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ],
        stdout=subprocess.DEVNULL,
    )
    server = Server(f"redis://127.0.0.1:{port}/0", process, folder)
    _wait_for(port, server)
    return server


def free_port() -> int:
    """A port on loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _postgres_programs() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if folders:
        return folders[-1]
    if on_path:
        return Path(on_path).resolve().parent
    raise MissingServer("PostgreSQL is not installed: run make setup-tests")


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": folder}


def _wait_for(port: int, server: Server) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    server.stop()
    raise RuntimeError(f"the server on port {port} did not start")
