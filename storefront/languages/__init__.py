"""Languages: the shop's own words by catalogues, its texts by what staff say of them.

``gettext``, ``ngettext`` and ``lazy_gettext`` mark a message of the sources, as in every project
that uses gettext; values are named: ``gettext("Hello %(name)s", name=name)``.
"""

from storefront.languages.catalog import gettext, gettext_noop, lazy_gettext, ngettext

__all__ = ["gettext", "gettext_noop", "lazy_gettext", "ngettext"]
