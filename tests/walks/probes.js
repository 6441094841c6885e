// What axe does not measure: each probe returns what it finds wrong, as short lines.
window.probes = (() => {
  const SHORT = 60;
  const CONTROLS = "a[href], button, input, select, textarea, summary, [role=option], [tabindex='0']";

  const box = (element) => element.getBoundingClientRect();
  const style = (element, part) => getComputedStyle(element, part);

  function named(element) {
    const words = (element.getAttribute("aria-label") ?? element.textContent).trim();
    const classes = element.getAttribute("class") ?? element.name ?? "";
    return `${element.localName}.${classes.split(" ")[0]} ${words.replace(/\s+/g, " ").slice(0, SHORT)}`;
  }

  function isSeen(element) {
    const { width, height } = box(element);
    const isHidden = element.closest("[class*=__trap], .visually-hidden, .skip:not(:focus)");
    return width > 0 && height > 0 && !isHidden && element.checkVisibility({ visibilityProperty: true });
  }

  function within(selector) {
    const root = document.querySelector("dialog:modal") ?? document;
    return [...root.querySelectorAll(selector)].filter(isSeen);
  }

  // WCAG 1.4.10: nothing makes the page wider than the window.
  function sideways() {
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over <= 0) return [];
    const wide = [...document.body.querySelectorAll("*")].filter((it) => box(it).right > innerWidth + 1);
    return [`${over} px: ${named(wide.at(-1) ?? document.body)}`];
  }

  // WCAG 1.4.4, 1.4.12: no box hides a part of the words in it.
  function cut() {
    const clips = (it) => /hidden|clip/.test(style(it).overflowX + style(it).overflowY);
    return within("body *")
      .filter((it) => it.innerText?.trim() && clips(it) && style(it).display !== "inline")
      .filter((it) => it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1)
      .map(named);
  }

  // WCAG 2.5.8: 24 px each way, or a circle of 24 px free of its neighbours, or in a line of text.
  function small() {
    const targets = within(CONTROLS).filter((it) => it.type !== "hidden" && !it.disabled);
    const rects = targets.map((it) => united([it, ...(it.labels ?? [])].filter(isSeen).map(box)));
    const isSmall = rects.map(({ width, height }) => width < 23.9 || height < 23.9);
    return targets.filter((it, i) => isSmall[i] && !inText(it) && crowded(i, rects, isSmall, targets)).map(named);
  }

  function united(rects) {
    const [left, top] = ["left", "top"].map((side) => Math.min(...rects.map((it) => it[side])));
    const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...rects.map((it) => it[side])));
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  }

  function inText(element) {
    if (style(element).display !== "inline") return false;
    let block = element.parentElement;
    while (style(block).display === "inline") block = block.parentElement;
    return block.innerText.trim().length > element.innerText.trim().length;
  }

  function crowded(place, rects, isSmall, targets) {
    const centre = (it) => [(it.left + it.right) / 2, (it.top + it.bottom) / 2];
    const [x, y] = centre(rects[place]);
    return rects.some((it, i) => {
      if (i === place || targets[i].contains(targets[place]) || targets[place].contains(targets[i])) return false;
      if (isSmall[i]) return Math.hypot(x - centre(it)[0], y - centre(it)[1]) < 24;
      const dx = Math.max(it.left - x, 0, x - it.right);
      const dy = Math.max(it.top - y, 0, y - it.bottom);
      return Math.hypot(dx, dy) < 12;
    });
  }

  // Landmarks, headings, titles and languages that a screen reader goes by.
  function unnamed() {
    const counts = { main: 1, h1: 1, "body > header": 1, "body > footer": 1 };
    const wrong = Object.entries(counts).filter(([it, count]) => document.querySelectorAll(it).length !== count);
    const navs = [...document.querySelectorAll("nav")].map(labelOf);
    return [
      ...wrong.map(([selector]) => `count of ${selector}`),
      ...navs.filter((it, i) => !it || navs.indexOf(it) !== i).map((it) => `nav "${it}"`),
      ...[...document.querySelectorAll("[tabindex]")].filter((it) => it.tabIndex > 0).map(named),
      ...(document.title.trim() ? [] : ["no title"]),
    ];
  }

  // WCAG 2.5.3: what a control is called has the words that are seen on it.
  function misnamed() {
    const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join(" ") ?? "";
    return within("a, button, input, select, textarea, summary")
      .filter((it) => labelOf(it) && !words(labelOf(it)).includes(words(seenWords(it))))
      .map(named);
  }

  function seenWords(element) {
    const hidden = (it) => it.closest(".visually-hidden, [aria-hidden=true], svg");
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let found = "";
    while (walker.nextNode()) if (!hidden(walker.currentNode.parentElement)) found += walker.currentNode.data;
    return found;
  }

  function labelOf(element) {
    const other = document.getElementById(element.getAttribute("aria-labelledby"));
    return (element.getAttribute("aria-label") ?? other?.textContent ?? "").trim();
  }

  // Whoever asks for less motion gets none.
  function moving() {
    const parts = [null, "::before", "::after"];
    const moves = (it) => parts.some((part) => Math.max(...style(it, part).transitionDuration.split(",").map(parseFloat)) > 0
        && style(it, part).transitionProperty !== "none");
    return [
      ...document.getAnimations().map((it) => `runs: ${it.animationName ?? it.transitionProperty}`),
      ...[...document.querySelectorAll("*")].filter(moves).map(named),
      ...(style(document.documentElement).scrollBehavior === "smooth" ? ["scrolls smoothly"] : []),
    ];
  }

  // In forced colours a button, a field and a chosen thing keep an edge, or are a link in words.
  function edgeless() {
    const has = (it) => ["Top", "Bottom"].some((side) => parseFloat(style(it)[`border${side}Width`]) > 0
        && style(it)[`border${side}Style`] !== "none") || style(it).outlineStyle !== "none";
    const isNative = (it) => ["checkbox", "radio", "file", "range"].includes(it.type);
    const isWords = (it) => style(it).textDecorationLine.includes("underline");
    return within("button, input, select, textarea, .button, [role=button]")
      .filter((it) => !has(it) && !isNative(it) && !isWords(it))
      .map(named);
  }

  return { sideways, cut, small, unnamed, misnamed, moving, edgeless, isSeen, named, box, style };
})();
