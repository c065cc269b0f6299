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
from urllib.parse import urlsplit

import psycopg


class MissingServer(RuntimeError):
    """A server program is not installed."""


@dataclass
class Server:
    """A running server: its address; its process and its folder where it is ours."""

    url: str
    process: subprocess.Popen[bytes] | None = None
    folder: Path | None = None

    def stop(self) -> None:
        """Stop the server if it is ours."""
        if self.process is None or self.folder is None:
            return
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
    """The PostgreSQL of TEST_DATABASE_URL, or one of our own on loopback: as root it runs as another user."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return Server(given)
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
    """The Redis of TEST_REDIS_URL, or one of our own on loopback that keeps nothing on disk."""
    if given := os.environ.get("TEST_REDIS_URL"):
        return Server(given)
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


def empty_database(server: Server, name: str) -> str:
    """Another database on the server, made anew; its address."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(server.url)._replace(path=f"/{name}").geturl()


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
        if server.process is None or server.process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    server.stop()
    raise RuntimeError(f"the server on port {port} did not start")
