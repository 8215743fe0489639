# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
"""Load on nginx with the site's release (`make load`), beside a page of one line.

Starts nginx with the release's own configuration on loopback, asks with wrk (Debian packages
nginx and wrk), and prints requests a second and latencies of both in one run.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")

#: What is asked for: name, address, whether the browser takes compressed answers.
_PLAIN = "/one-line.html"


def _port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _serve(base: Path, release: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start nginx; gives the process and its port."""
    (base / "run").mkdir()
    (base / "plain").mkdir()
    (base / "plain" / _PLAIN[1:]).write_text("<!doctype html><title>x</title>\n", encoding="utf-8")
    (base / "current").symlink_to(release.resolve())
    name = "nginx-brotli.conf" if _BROTLI.exists() else "nginx.conf"
    port = _port()
    text = (release / "server" / name).read_text("utf-8")
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}")
    text = text.replace("include ", "include current/server/")
    text = text.replace("/dev/stdout", "run/access.log")
    # The yardstick: one line, without any header of ours, from the same server.
    text = text.replace(
        "root current/site;",
        f"root current/site;\n        location = {_PLAIN} {{ root plain; add_header X-Plain 1; }}",
    )
    (base / "load.conf").write_text(text, encoding="utf-8")
    command = ["nginx", "-e", "stderr", "-p", f"{base}/", "-c", "load.conf"]
    if os.geteuid() == 0:
        command += ["-g", "user root;"]
    process = subprocess.Popen(command)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process, port
        except OSError:
            time.sleep(0.05)
    process.kill()
    raise SystemExit("load: nginx does not answer; see above")


def _measure(url: str, seconds: int, coding: str) -> tuple[float, str, str, str]:
    """Requests a second, and latency at 50 %, 99 % and as the answer's rate."""
    header = ["-H", f"Accept-Encoding: {coding}"] if coding else []
    result = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", *header, url],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = result.stdout
    bad = re.search(r"Non-2xx.*|Socket errors.*", said)
    if bad:
        raise SystemExit(f"load: {url}: {bad[0]}")
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
    latency = dict(re.findall(r"(50|99)%\s+(\S+)", said))
    return rate, latency["50"], latency["99"], re.findall(r"Transfer/sec:\s+(\S+)", said)[0]


def main() -> int:
    """Run `make load`."""
    parser = argparse.ArgumentParser(prog="make load")
    parser.add_argument("--release", type=Path, default=Path("_build/release"))
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    for program, package in (("nginx", "nginx"), ("wrk", "wrk")):
        if shutil.which(program) is None:
            print(f"load: {program} is missing; on Debian: apt install {package}", file=sys.stderr)
            return 1
    if not (options.release / "SHA256SUMS").is_file():
        print("load: there is no release yet; run make release first", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        process, port = _serve(Path(folder), options.release)
        try:
            base = f"http://127.0.0.1:{port}"
            brotli = "br" if _BROTLI.exists() else "gzip"
            style = next((options.release / "site/_static").glob("site*.css"))
            rows = [
                ("one line of HTML", _PLAIN, ""),
                (f"home page, {brotli}", "/", brotli),
                ("home page, gzip", "/", "gzip"),
                ("home page, plain", "/", ""),
                (f"home page in English, {brotli}", "/en/", brotli),
                ("style sheet, gzip", f"/_static/{style.name}", "gzip"),
                ("old address (301)", "/ueber-ikm/", ""),
                ("one line of HTML again", _PLAIN, ""),
            ]
            print(
                f"{options.seconds} s each, 32 connections, one wrk thread, {os.cpu_count()} cores"
            )
            print(f"{'':32}{'requests/s':>12}{'50 %':>10}{'99 %':>10}{'transfer/s':>12}")
            for name, path, coding in rows:
                rate, half, most, transfer = _measure(base + path, options.seconds, coding)
                print(f"{name:32}{rate:12.0f}{half:>10}{most:>10}{transfer:>12}", flush=True)
        finally:
            process.terminate()
            process.wait(20)
    return 0


if __name__ == "__main__":
    sys.exit(main())
