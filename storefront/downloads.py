"""Tables that are given as files to keep."""

from flask import Response

from storefront.spreadsheet import BYTE_ORDER_MARK


def csv_file(text: str | bytes, name: str) -> Response:
    """Return CSV as a file of this name; bytes begin with their byte order mark already."""
    content = BYTE_ORDER_MARK + text if isinstance(text, str) else text
    response = Response(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
