// Single keys: / searches the list, j and k go along the rows of a table (Enter opens, as the focus is
// on the row's link), ? shows the keys. None acts where one types, and all can be switched off.
// Source: WCAG 2.2, 2.1.4 character key shortcuts.
{
  const STORE = "staff-keys";
  const TYPED_IN = "input, textarea, select, [contenteditable]";
  const dialog = document.querySelector("dialog#keys");

  const ACTS = {
    "/": () => focusOn(found("main input[type=search]") ?? found("#find")),
    j: () => step(1),
    k: () => step(-1),
    "?": () => dialog.showModal(),
  };

  function found(selector) {
    return document.querySelector(selector);
  }

  function step(by) {
    const rows = [...document.querySelectorAll("main .staff-table tbody tr")]
      .map((row) => row.querySelector(".staff-table__link, a[href]"))
      .filter((link) => link && link.checkVisibility());
    const row = document.activeElement?.closest("tr");
    const at = rows.findIndex((link) => link.closest("tr") === row);
    return focusOn(at < 0 ? rows.at(by > 0 ? 0 : -1) : rows[at + by]);
  }

  function focusOn(target) {
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
    return target;
  }

  function isOn() {
    try {
      return localStorage.getItem(STORE) !== "off";
    } catch {
      return true; // a browser that keeps nothing
    }
  }

  function keep(isWanted) {
    try {
      if (isWanted) localStorage.removeItem(STORE);
      else localStorage.setItem(STORE, "off");
    } catch {
      // it holds for this page alone
    }
  }

  if (dialog) {
    let acts = isOn();
    const box = dialog.querySelector("#keys-on");
    const button = document.querySelector("[data-keys]");
    box.checked = acts;
    box.addEventListener("change", () => keep((acts = box.checked)));
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest?.(TYPED_IN) || document.querySelector("dialog[open]");
      if (!acts || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = event.defaultPrevented ? undefined : ACTS[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
  }
}
