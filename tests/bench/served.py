"""Public pages over HTTP: from memory, with a cart, made anew; beside bare Flask and nginx.

All of them in turn, in one run, with the same bytes: the shop's own server with two processes, bare
Flask on the same server, the same file from nginx. Asked by wrk with sixteen connections, three
times in turn; the best of three counts. Needs Debian's ``wrk`` and ``nginx``. wrk asks for what is
not compressed; as browsers ask, for brotli, a page from memory is asked a second time.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from storefront.config import ROOT
from tests.bench.table import Row, show
from tests.databases import fill

PAGES = {
    "home": "/",
    "collection": "/collections/all",
    "product": "/products/ql-claw",
    "article": "/blogs/the-ql-blawg/ql-muscle",
}
ROUNDS, SECONDS, CONNECTIONS = 3, 3, 16
BROTLI = "Accept-Encoding: br"
FROM_MEMORY, OF_NGINX, WITH_ETAG, ANEW = 2.5, 0.4, 1.0, 0.12
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 2;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


def main() -> list[Row]:
    """Print the table; return its rows."""
    if missing := [name for name in ("wrk", "nginx") if shutil.which(name) is None]:
        print(f"Not measured over HTTP: {' and '.join(missing)} of Debian are missing.")
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's processes are another's
        url = f"sqlite:///{folder / 'bench.sqlite3'}"
        fill(url, seeded=True)
        rows = [row for page in PAGES for row in _page(page, folder, url)]
    show("Public pages over HTTP", rows)
    return rows


def _page(name: str, folder: Path, url: str) -> list[Row]:
    """Measure one page in every way."""
    path = PAGES[name]
    shop = {"DATABASE_URL": url, "INSTANCE_PATH": str(folder / "instance")}
    app = ("app:create_app", "--factory")
    with (
        granian(app, shop | {"PAGE_CACHE": "on"}) as kept,
        granian(app, shop | {"PAGE_CACHE": "off"}) as anew,
    ):
        www = folder / "www"
        www.mkdir(exist_ok=True)
        etag = f"If-None-Match: {_save(kept + path, '', www / 'page.html')}"
        _save(kept + path, "br", folder / "page.br")
        with (
            _bare(www / "page.html") as bare,
            _bare(folder / "page.br") as bare_small,
            _nginx(folder) as nginx,
        ):
            form = {"id": "1", "quantity": "2"}
            laid = requests.post(f"{kept}/cart/add", form, allow_redirects=False, timeout=10)
            cart = f"Cookie: cart={laid.cookies['cart']}"
            ways = {
                "kept": (kept + path, ""),
                "etag": (kept + path, etag),
                "cart": (kept + path, cart),
                "anew": (anew + path, ""),
                "bare": (f"{bare}/", ""),
                "small": (kept + path, BROTLI),
                "bare_small": (f"{bare_small}/", BROTLI),
                "nginx": (f"{nginx}/page.html", ""),
            }
            best = dict.fromkeys(ways, 0.0)
            for _ in range(ROUNDS):
                for way, (address, header) in ways.items():
                    best[way] = max(best[way], rate(address, header))
    return [
        Row(f"{name}, from memory / bare Flask", best["kept"], best["bare"], FROM_MEMORY),
        Row(
            f"{name}, as browsers ask / bare Flask",
            *(best["small"], best["bare_small"], FROM_MEMORY),
        ),
        Row(f"{name}, from memory / nginx", best["kept"], best["nginx"], OF_NGINX),
        Row(f"{name}, with its ETag / without", best["etag"], best["kept"], WITH_ETAG),
        Row(f"{name}, with a cart / bare Flask", best["cart"], best["bare"], ANEW),
        Row(f"{name}, made anew / bare Flask", best["anew"], best["bare"], ANEW),
    ]


def _save(address: str, encoding: str, path: Path) -> str:
    """Keep a page as it comes over the wire; return its ETag."""
    headers = {"Accept-Encoding": encoding}
    with requests.get(address, headers=headers, timeout=10, stream=True) as answer:
        assert answer.headers.get("Content-Encoding", "") == encoding
        path.write_bytes(answer.raw.read(decode_content=False))
    return answer.headers["ETag"]


def rate(address: str, header: str = "", *, is_ours: bool = True) -> float:
    """Return how many requests a second are answered; ours all of them well."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    command += ["-H", header] if header else []
    said = subprocess.run([*command, address], check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in said or not is_ours, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


@contextmanager
def granian(
    target: tuple[str, ...],
    settings: Mapping[str, str],
    python: str = sys.executable,
    options: Sequence[str] = (),
) -> Iterator[str]:
    """Serve as in production: two processes; return the address."""
    port = free_port()
    command = [python, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "2"]
    command += ["--log-level", "error", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers-kill-timeout", "5", *options, *target]
    with _running(command, port, os.environ | {"PYTHONPATH": str(ROOT)} | settings):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _bare(path: Path) -> Iterator[str]:
    """Serve the bytes of a file by bare Flask; return the address."""
    with granian(("tests.bench.bare:app",), {"BODY": str(path)}) as address:
        yield address


@contextmanager
def _nginx(folder: Path) -> Iterator[str]:
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    with _running(["nginx", "-c", str(folder / "nginx.conf")], port, os.environ):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(command: list[str], port: int, environ: Mapping[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(900):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server; one that still waits for a slow client is not waited for."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


if __name__ == "__main__":
    main()
