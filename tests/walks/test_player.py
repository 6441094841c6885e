"""The player in a real browser: by keyboard, by the clock, hidden, offline, without script."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import Practice
from storefront.routines.plan import STOP
from tests.factories import PASSWORD, make_customer
from tests.walks.test_walk import AXE, RULES

QL = "/pages/ql-release/play"
# The QL release without its optional steps: title, side, seconds.
FIRST_SIDE = [
    ("Lie down on it slowly", 30),
    ("Start with little weight", 10),
    ("Breathe into it", 20),
    ("Hold, then decide", 30),
    ("Notice how it lets go", 10),
    ("Get off with care", 20),
    ("Rest", 20),
]
TICK_MS = 300  # the player looks at its clock a little more often
SPOKEN = """
  window.spoken = [];
  window.awake = 0;
  speechSynthesis.speak = (said) => window.spoken.push(said.text);
  navigator.wakeLock.request = async () => (window.awake++, { release: () => window.awake-- });
"""

pytestmark = [pytest.mark.browser, pytest.mark.seeded]
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.add_init_script(SPOKEN)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == []


def start(page: Page, address: str = QL, *choices: str) -> None:
    """Open a player with a clock of the test's own, and start it."""
    page.clock.install()
    page.goto(address)
    for choice in choices:
        page.get_by_label(choice).check()
    page.get_by_role("button", name="I have read this. Start").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 2"))  # a busy machine may take a while


def shown(page: Page, name: str) -> str:
    return page.locator(f"[data-show={name}]").inner_text()


def look(page: Page, state: str) -> None:
    """Nothing that axe finds, and nothing that sticks out."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
    problems = [(v["id"], [n["target"] for n in v["nodes"]]) for v in found["violations"]]
    assert problems == [], (state, problems)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state


@on_sqlite
def test_a_whole_tutorial_is_played_by_keyboard_alone(page: Page):
    page.clock.install()
    page.goto(QL)
    page.evaluate("document.querySelector('[data-pain-now]').focus()")
    page.keyboard.press("6")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    page.evaluate("""() => {
      window.said = [];
      new MutationObserver(([it]) => window.said.push(it.target.textContent)).observe(
        document.querySelector('[data-says]'), { childList: true });
    }""")
    seen = []
    for _ in range(40):
        if not page.locator("[data-playing]").is_visible():
            break
        seen.append((shown(page, "title"), shown(page, "side")))
        minutes, seconds = shown(page, "left").split(":")
        page.clock.run_for((int(minutes) * 60 + int(seconds)) * 1000 + TICK_MS)

    sides = [(title, side) for side in ("Left side", "Right side") for title, _ in FIRST_SIDE]
    assert [it for it in seen if it[1]] == [
        *sides[:7],
        ("Do the other side", "Right side"),
        *sides[7:],
    ]
    assert len(seen) == 18
    expect(page.get_by_role("heading", name="That was all")).to_be_focused()
    assert page.get_by_role("dialog").get_by_label("Pain before").input_value() == "6"
    said = page.evaluate("window.said")
    assert len(said) == len(seen), said  # once a moment: each after the first, and the end
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Start again")).to_be_focused()


@on_sqlite
def test_space_pauses_and_arrows_lead_back_and_on(page: Page):
    start(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.clock.run_for(5400)
    assert (shown(page, "title"), shown(page, "left")) == ("Lie down on it slowly", "0:25")
    assert page.evaluate("window.awake") == 1

    page.keyboard.press("Space")
    page.clock.run_for(60_000)
    assert (shown(page, "left"), shown(page, "paused")) == ("0:25", "Paused")
    assert page.evaluate("window.awake") == 0
    page.keyboard.press("Space")
    page.clock.run_for(1000)
    assert (shown(page, "left"), shown(page, "paused")) == ("0:24", "")
    page.get_by_role("button", name="15 s more").click()
    assert shown(page, "left") == "0:39"
    page.keyboard.press("ArrowLeft")
    assert shown(page, "title") == "Find the soft gap"

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Go on where you left").click()
    assert shown(page, "title") == "Find the soft gap"
    page.get_by_role("button", name="Restart").click()
    assert shown(page, "title") == "Get ready"


@on_sqlite
def test_a_tab_that_was_hidden_is_where_it_should_be(page: Page):
    start(page)
    before = page.evaluate("Date.now()")
    first_has = int(shown(page, "left").split(":")[1])  # of its 15 seconds: the click took some

    page.clock.fast_forward(15_000 + 20_000 + 25_000 + 30_000 + 10_000 + 4_000)  # one late tick

    assert shown(page, "title") == "Breathe into it"
    since = page.evaluate("Date.now()") - before
    assert since == 104_000
    assert shown(page, "left") == f"0:{first_has + 1:02d}"
    page.clock.fast_forward(3_600_000)
    expect(page.get_by_role("heading", name="That was all")).to_be_visible()


@on_sqlite
def test_one_side_the_right_one_with_more_pressure_that_is_skipped_at_once(page: Page):
    start(
        page,
        QL,
        "Right side",
        "This side only, today",
        "Also the optional steps, for more pressure",
    )
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    assert shown(page, "title") == "More pressure 1: lift one foot"
    assert shown(page, "place") == "8 of 16, optional"
    assert shown(page, "side") == "Right side"

    page.get_by_role("button", name="Skip optional").click()

    assert shown(page, "title") == "Notice how it lets go"
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    page.clock.run_for(10_000 + 20_000 + 20_000 + 500)
    expect(page.get_by_role("heading", name="That was all")).to_be_visible()


@on_sqlite
def test_sound_and_voice_are_off_until_chosen_and_then_remembered(page: Page):
    start(page)
    voice = page.get_by_role("button", name="Voice")
    assert page.evaluate("[window.spoken.length, localStorage.length]") == [0, 0]

    voice.click()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.spoken") == [
        f"Get ready. Have the tool within reach. {STOP}",
        "Pick the right end. Find the trigger, the narrow raised tip. That end presses.",
    ]
    page.reload()
    page.get_by_role("button", name="I have read this. Start").click()
    expect(voice).to_have_attribute("aria-pressed", "true")
    voice.click()
    assert page.evaluate("localStorage.length") == 0


@on_sqlite
def test_the_breath_swells_and_with_reduced_motion_only_its_words_change(page: Page):
    start(page)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    form = page.locator(".stage__breath-form")
    style = "it => getComputedStyle(it).transitionDuration"
    page.clock.run_for(1000)
    assert (shown(page, "breath"), form.evaluate(style)) == ("Breathe in", "4s")
    page.clock.run_for(4000)
    assert (shown(page, "breath"), form.evaluate(style)) == ("Breathe out", "6s")

    page.emulate_media(reduced_motion="reduce")
    assert form.evaluate("it => getComputedStyle(it).scale") == "1"
    assert form.evaluate("it => getComputedStyle(it).transitionProperty") == "none"
    page.clock.run_for(6000)
    assert shown(page, "breath") == "Breathe in"


@on_sqlite
def test_without_javascript_the_same_steps_are_a_list(chromium: Browser, site: str):
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(QL)
    expect(page.get_by_label("This side only")).to_be_hidden()
    page.get_by_label("Right side").check()
    page.get_by_role("button", name="I have read this. Start").click()
    expect(page).to_have_url(f"{site}{QL}?first=right#steps")
    rows = page.locator(".moments > li")
    expect(rows).to_have_count(30)
    expect(rows.nth(3)).to_contain_text("Right side")
    expect(page.get_by_role("dialog")).to_be_hidden()
    context.close()


def kept(page: Page) -> list[str]:
    """The paths that the worker keeps on the device."""
    return page.evaluate("""async () => {
      const cache = await caches.open('player-1');
      return (await cache.keys()).map((it) => new URL(it.url).pathname);
    }""")


def until_kept(page: Page) -> None:
    """Wait for the worker, which ``wait_for_function`` does not: to it a promise is a yes."""
    for _ in range(100):
        paths = kept(page)
        if {QL, "/log", "/offline"} <= {*paths} and sum(".svg" in it for it in paths) >= 7:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"not all was kept: {paths}")


@on_sqlite
def test_what_was_opened_plays_without_a_network_and_nothing_personal_is_kept(
    page: Page, site: str
):
    page.goto("/products/ql-claw")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("link", name="Cart (1 item)")).to_be_visible()
    page.goto(QL)
    until_kept(page)
    page.goto("/account/login")
    page.goto("/cart")
    page.wait_for_load_state("networkidle")
    pages = {path for path in kept(page) if not path.startswith("/static/")}
    assert pages == {QL, "/log", "/offline"}
    text = (
        f"caches.match('{QL}', {{cacheName: 'player-1', ignoreVary: true}}).then((it) => it.text())"
    )
    assert "Cart (0 items)" in page.evaluate(text)

    page.context.set_offline(True)
    page.goto(QL)
    page.get_by_role("button", name="I have read this. Start").click()
    page.keyboard.press("ArrowRight")
    assert shown(page, "title") == "Pick the right end"
    width = "it => it.decode().then(() => it.naturalWidth)"
    assert page.locator("[data-show=figure]").evaluate(width) > 0
    page.goto("/log")
    expect(page.locator("main")).to_contain_text("Nothing is kept here yet")
    page.goto("/pages/psoas-release")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no network")


def finish(page: Page, after: str, note: str = "") -> None:
    """Go to the end and keep the session on the device."""
    for _ in range(40):
        if page.locator("[data-playing]").is_visible():
            page.keyboard.press("ArrowRight")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Pain before").select_option("6")
    dialog.get_by_label("Pain after").select_option(after)
    dialog.get_by_label("Note").fill(note)
    dialog.get_by_role("button", name="Keep a log on this device").click()
    expect(dialog).to_contain_text("Kept on this device.")


def exported(page: Page, name: str) -> str:
    """The file that a link of this name gives."""
    with page.expect_download() as saved:
        page.get_by_role("link", name=name).click()
    return saved.value.path().read_text()


@on_sqlite
def test_a_log_is_kept_on_the_device_changed_taken_along_and_deleted(page: Page):
    start(page)
    finish(page, "3", "=danger, or not")
    page.get_by_role("button", name="Play it again").click()
    page.clock.run_for(86_400_000)
    finish(page, "2")
    page.goto("/log")

    rows = page.locator("[data-rows] tr")
    expect(rows).to_have_count(2)
    expect(page.get_by_role("img", name="Pain from 0 to 10 over 2 sessions")).to_be_visible()
    rows.nth(1).get_by_role("button", name="Change").click()
    page.get_by_role("dialog").get_by_label("Pain after").select_option("10")
    page.get_by_role("button", name="Save").click()
    expect(rows.nth(1).locator("td").nth(3)).to_have_text("10")
    assert '"\'=danger, or not"' in exported(page, "CSV")
    sessions = json.loads(exported(page, "JSON"))["sessions"]
    assert [it["pain_after"] for it in sessions] == [10, 2]
    rows.nth(0).get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(1)
    page.get_by_text("Delete the whole log").click()
    page.get_by_role("button", name="Delete all").click()
    expect(page.locator("main")).to_contain_text("Nothing is kept here yet")
    assert page.evaluate("localStorage.length") == 0


def test_what_is_on_the_device_is_moved_to_the_account(page: Page, session):
    start(page)
    finish(page, "3")
    page.get_by_role("button", name="Play it again").click()
    finish(page, "4")
    page.get_by_role("button", name="Play it again").click()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Add it to my account").click()
    expect(page.get_by_role("dialog")).to_contain_text("You are not signed in.")
    assert session.scalars(select(Practice)).all() == []

    customer = make_customer(session)
    page.goto("/account/login")
    page.get_by_label("Email").fill(customer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/account/log")
    page.get_by_role("button", name="Move 2 sessions from this device to your account").click()
    expect(page.locator("table tbody tr")).to_have_count(2)
    expect(page.get_by_role("button", name="Move")).to_have_count(0)
    assert page.evaluate("localStorage.length") == 0
    assert [it.customer_id for it in session.scalars(select(Practice))] == [customer.id] * 2
    page.clock.resume()
    look(page, "the log in the account")


@on_sqlite
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(page: Page, scheme: str):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for width, height in ((320, 568), (844, 390), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(QL)
        look(page, "before")
        page.get_by_label("Also the optional steps").check()
        page.get_by_role("button", name="I have read this. Start").click()
        for _ in range(7):
            page.keyboard.press("ArrowRight")
        look(page, "optional")
        page.keyboard.press("Space")
        look(page, "paused")
        finish(page, "3")
        look(page, "kept")
        page.goto("/log")
        look(page, "log")
    page.get_by_role("button", name="Change").first.click()
    look(page, "changing")
    for address in ("/routines", "/routines/quiet-evening", "/offline", "/pages/ql-release/print"):
        page.goto(address)
        look(page, address)


@on_sqlite
def test_each_sheet_of_paper_is_one_page(page: Page):
    muscles = ("ql", "psoas", "iliacus", "gluteus-medius", "piriformis")
    routines = ("gentle-start", "quiet-evening", "after-sitting", "for-the-buttock")
    sheets = [*(f"/pages/{it}-release" for it in muscles), *(f"/routines/{it}" for it in routines)]
    for address in sheets:
        page.goto(f"{address}/print", wait_until="networkidle")
        for size in ("A4", "Letter"):
            assert page.pdf(format=size).count(b"/Type /Page\n") == 1, (address, size)
