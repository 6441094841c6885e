"""The browser takes linked data as data: the policy that forbids inline scripts forbids it not."""

import pytest

PAGES = (
    "/",
    "/products/ql-claw",
    "/blogs/the-ql-blawg/ql-muscle",
    "/pages/ql-release",
    "/tutorials",
)


@pytest.mark.browser
def test_the_content_policy_has_nothing_against_linked_data(chromium, live_shop):
    page = chromium.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.log(e.violatedDirective))"
    )

    for path in PAGES:
        page.goto(f"{live_shop.base}{path}")
        kinds = page.evaluate(
            "JSON.parse(document.querySelector('[type=\"application/ld+json\"]').textContent)"
            "['@graph'].map(it => it['@type'])"
        )
        assert kinds, path

    page.close()
    assert said == []
