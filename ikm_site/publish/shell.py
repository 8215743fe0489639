# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""The place to publish to: a folder here or on another machine, and one shell that holds it.

All that changes the target is done by one POSIX shell, here or at the other end of ssh, which
holds a lock on the target (flock) as long as it lives. It ends when its input ends, so a
publisher that is killed or cut off leaves no lock behind, and one that has lost its
connection can change nothing any more.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

#: Never ask for a password in the middle of a publish; notice a dead line within a minute.
SSH = "ssh -o BatchMode=yes -o ServerAliveInterval=15 -o ServerAliveCountMax=4"

_LOCKED = 75


class TargetError(Exception):
    """Something at the target is not as it must be; the message has been made for people."""


@dataclass(frozen=True)
class Target:
    """Where to publish: `folder` on this machine, or on `host` through the command `ssh`."""

    host: str | None
    folder: str
    ssh: str = SSH

    @classmethod
    def parse(cls, text: str, ssh: str = SSH) -> Target:
        """Read `folder` or `user@host:folder`.

        Raises:
            TargetError: the text is neither.
        """
        match = re.fullmatch(r"(?:([A-Za-z0-9_.@-]+):)?([^:]*/.*|[^:]+)", text.strip())
        if match is None or re.search(r"[\x00-\x1f\x7f]", text):
            raise TargetError(
                "TARGET names no place; say TARGET=/srv/ikm or TARGET=user@host:/srv/ikm"
            )
        host, folder = match.groups()
        if host is not None and host.startswith("-"):
            raise TargetError(f"TARGET={text}: a host cannot begin with '-'")
        if not folder.strip("/"):
            raise TargetError(f"TARGET={text}: is the root folder; name a folder of the site's own")
        if host is None:
            folder = str(Path(folder).expanduser().absolute())
        elif folder.startswith(("-", "~")):
            raise TargetError(
                f"TARGET={text}: write the path from / on, or from the home folder without ~"
            )
        return cls(host, folder.rstrip("/"), ssh)

    def __str__(self) -> str:
        """The target as it is typed."""
        return f"{self.host}:{self.folder}" if self.host else self.folder


class Shell:
    """The shell in the target's folder; use it as a context manager."""

    def __init__(self, target: Target, *, create: bool, who: str, wait: int = 10) -> None:
        """Prepare a shell.

        Args:
            target: the place.
            create: whether to make the folder if it is missing.
            who: who holds the lock, shown to a second publisher.
            wait: how many seconds to wait for another publisher.
        """
        self.target = target
        folder = shlex.quote(target.folder)
        made = f"mkdir -p {folder}/releases {folder}/run || exit 73; " if create else ""
        start = (
            f"umask 022; LC_ALL=C; export LC_ALL; {made}"
            f"cd {folder} || exit 72; test -d releases || {{ "
            "echo 'nothing has been published there' >&2; exit 72; }; "
            "command -v flock >/dev/null || { echo 'flock (util-linux) is missing' >&2; exit 71; };"
            f" exec 9>>lock && flock -w {wait} 9 || {{ cat lock >&2; exit {_LOCKED}; }}; "
            f"printf '%s\\n' {shlex.quote(who)} > lock; echo ready; exec sh"
        )
        command = ["sh", "-c", start]
        if target.host:
            # Whatever shell the account has, sh reads what follows.
            remote = f"exec sh -c {shlex.quote(start)}"
            command = [*shlex.split(target.ssh), "-T", target.host, remote]
        self._command = command
        self._token = secrets.token_hex(16)

    def __enter__(self) -> Shell:
        """Start the shell and take the lock.

        Raises:
            TargetError: the target cannot be reached, written or locked.
        """
        try:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
            )  # fmt: skip
        except OSError as error:
            raise TargetError(f"{self._command[0]} cannot be started: {error.strerror}") from None
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            _, said = self._process.communicate()
            said = " ".join(said.split()) or "no answer"
            if self._process.returncode == _LOCKED:
                raise TargetError(
                    f"{self.target}: somebody else is publishing there ({said}); "
                    "try again when that is done"
                )
            raise TargetError(f"{self.target}: cannot be used: {said}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the shell, which lets go of the lock."""
        process = self._process
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()

    def attempt(self, script: str) -> tuple[int, str]:
        """Run a script in the target's folder; gives its status and what it printed.

        Raises:
            TargetError: the connection is gone.
        """
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        # In a subshell of its own: nothing it sets or reads touches the next one. A script that
        # arrives only in part is not run at all, for its closing bracket is missing.
        wrapped = f"(\n{script}\n) </dev/null 2>&1\nprintf '%s %s\\n' {self._token} $?\n"
        lines: list[str] = []
        try:
            process.stdin.write(wrapped)
            process.stdin.flush()
            for line in process.stdout:
                if self._token in line:
                    # What stands before the token is a last line without an end.
                    before, _, status = line.partition(self._token)
                    return int(status), "".join([*lines, before])
                lines.append(line)
        except OSError:
            pass
        said = "".join(lines).strip()
        raise TargetError(
            f"{self.target}: the connection is lost. {said}\n"
            "Readers still see a whole site; run the same command again."
        )

    def run(self, script: str) -> str:
        """Run a script that must succeed; gives what it printed.

        Raises:
            TargetError: it failed; the message is what it said.
        """
        status, said = self.attempt(script)
        if status:
            raise TargetError(f"{self.target}: {said.strip() or f'failed with status {status}'}")
        return said
