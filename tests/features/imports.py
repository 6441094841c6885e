"""Sending a spreadsheet in, as staff do."""

import io

from openpyxl import Workbook

from tests.browser import Page, visit


def send(client, kind: str, content: bytes | str, name: str = "list.csv") -> Page:
    """Send a file in; the page that answers, or the task's that was started."""
    raw = content.encode() if isinstance(content, str) else content
    response = client.post(
        "/staff/imports",
        data={"kind": kind, "sheet": (io.BytesIO(raw), name)},
        headers={"Origin": "http://localhost"},
        content_type="multipart/form-data",
    )
    if response.status_code == 303:
        return visit(client, response.location)
    return Page(client, response, "http://localhost/staff/imports")


def checked(client, worker, kind: str, content: bytes | str, name: str = "list.csv") -> Page:
    """Send a file in, let the worker look at it, and open what it says."""
    task = send(client, kind, content, name)
    assert task.status == 200, task.text
    worker.work_off()
    return visit(client, task.url).follow("See the result")


def done(client, worker, page: Page, button: str) -> Page:
    """Press *Apply* or *Undo*, let the worker do it, and open what came of it."""
    task = page.submit(button)
    worker.work_off()
    return visit(client, task.url).follow("See the result")


def workbook(rows: list[list[object]]) -> bytes:
    """Return rows as XLSX."""
    book, kept = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()
