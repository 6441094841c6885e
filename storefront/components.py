"""What templates import of each other."""

from jinja2 import Template
from jinja2.runtime import Context


class Component(Template):
    """A template whose macros are made once.

    Jinja looks at each import whether the page was loaded with globals of its own; none is, and
    the look costs a page as much as a query's row.
    """

    def _get_default_module(self, ctx: Context | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN202 (a type of Jinja's own)
        del ctx
        return super()._get_default_module()
