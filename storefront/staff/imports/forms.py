"""What one sends in."""

import re
from collections.abc import Collection

from wtforms import FileField, SelectField

from models.task import ImportKind
from storefront.forms import Form

_UNSEEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
LONGEST_NAME = 200


class UploadForm(Form):
    """A spreadsheet and what it holds."""

    kind = SelectField("What it holds", choices=[])
    sheet = FileField(
        "Spreadsheet",
        description="CSV or XLSX, at most 5 MB and 20,000 rows. Nothing is changed yet.",
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
    )

    def kind_in(self, kinds: Collection[ImportKind]) -> ImportKind | None:
        """Return the chosen kind, None where it is none of these."""
        return next((it for it in kinds if it.value == self.kind.data), None)

    def refused(self, *, has_file: bool) -> "UploadForm":
        """Say beside the fields what is missing."""
        if has_file:
            self.kind.errors = ["Choose what the file holds."]
        else:
            self.sheet.errors = ["Choose a file that is not empty."]
        return self

    @staticmethod
    def name_of(typed: str | None) -> str:
        """Return a file's name as it can be kept; it is shown and never opened."""
        return _UNSEEN.sub("", (typed or "").replace("\\", "/").rpartition("/")[2])[:LONGEST_NAME]
