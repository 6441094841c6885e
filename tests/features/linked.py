"""Reads what a page says to machines."""

import json


def things(page):
    """The things in the page's linked data, by their types."""
    (block,) = page.html.find_all("script", type="application/ld+json")
    said = json.loads(block.string)
    assert said["@context"] == "https://schema.org"
    found = {}
    for each in said["@graph"]:
        kinds = each["@type"] if isinstance(each["@type"], list) else [each["@type"]]
        found |= dict.fromkeys(kinds, each)
    return found


def meta(page, name):
    (found,) = page.html.find_all("meta", attrs={"property": name})
    return found["content"]


def link(page, rel, kind=None):
    """The addresses that the head links with this relation and type."""
    found = page.html.head.find_all("link", rel=rel)
    return [each["href"] for each in found if kind is None or each.get("type") == kind]
