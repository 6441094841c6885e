"""The W3C's checker of HTML (vnu), over many pages in one process."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

JAR = Path(sys.prefix) / "gates/node_modules/vnu-jar/build/dist/vnu.jar"


def mistakes(pages: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """Return what is wrong with pages: their names, each with what the checker says of it.

    folder: an empty one; the pages are written into it. Styles are left out: mails name properties
    that only readers of mail know.
    """
    java = shutil.which("java")
    assert java is not None, "Debian's default-jre-headless is missing: run make test"
    assert JAR.exists(), "the checker of HTML is missing: run make test"
    names = {}
    for number, (name, text) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_text(text, encoding="utf-8")
        names[path.name] = name
    command = [java, "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always"]
    done = subprocess.run(
        [*command, str(folder)], capture_output=True, text=True, check=False, timeout=400
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = {}
    for message in json.loads(done.stdout)["messages"]:
        if message["type"] == "info" or message["message"].startswith("CSS:"):
            continue
        name = names[message["url"].rpartition("/")[2]]
        at = f"line {message.get('lastLine')}: {message.get('extract', '').strip()}"
        found.setdefault(name, []).append(f"{message['message']} ({at})")
    return found
