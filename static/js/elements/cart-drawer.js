// The cart in a <dialog> beside the page, after something was added to it: its contents are what
// the server sends for the drawer, also in answer to its forms. Escape and its button close it, and
// the focus goes back to where it was. Without it, a line below the form says that it was added;
// that line holds the drawer's address and its words.
{
  document.addEventListener("cart-added", async (event) => {
    const { drawer, ...words } = event.target.dataset;
    const part = await partOf(await fetch(drawer, { cache: "no-store" }).catch(() => null));
    if (!part) return;
    event.target.hidden = true; // what the drawer says now
    const dialog = made(words);
    show(dialog, part);
    dialog.showModal();
    dialog.querySelector("h2").focus();
  });

  function made({ title, close, changed }) {
    const before = document.activeElement;
    const dialog = document.createElement("dialog");
    dialog.className = "drawer";
    dialog.setAttribute("aria-labelledby", "drawer-title");
    dialog.innerHTML = `<div class="drawer__head"><h2 id="drawer-title" tabindex="-1"></h2>
      <form method="dialog"><button class="button button--quiet"></button></form></div>
      <p class="visually-hidden" role="status"></p><div data-drawer-cart></div>`;
    dialog.querySelector("h2").textContent = title;
    dialog.querySelector("button").textContent = close;
    dialog.addEventListener("submit", (event) => {
      if (event.target.method !== "post") return;
      event.preventDefault();
      send(dialog, event.target, event.submitter, changed);
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus();
    });
    document.body.append(dialog);
    return dialog;
  }

  async function send(dialog, form, submitter, title) {
    submitter?.setAttribute("aria-busy", "true");
    const body = new FormData(form, submitter);
    const answer = await fetch(form.action, { method: "post", body }).catch(() => null);
    const part = await partOf(answer);
    if (!part) return form.submit();
    show(dialog, part);
    dialog.querySelector("h2").textContent = title;
    const status = dialog.querySelector("[role=status]");
    status.textContent = part.querySelector("[data-announce]").textContent.replace(/\s+/g, " ");
    const key = submitter?.dataset.focus;
    const target =
      part.querySelector("[aria-invalid]") ??
      (key && part.querySelector(`[data-focus="${CSS.escape(key)}"]`)) ??
      part.querySelector("[data-focus=undo]") ??
      dialog.querySelector("h2");
    target.focus();
  }

  async function partOf(answer) {
    if (!answer || answer.status >= 500) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[data-drawer-cart]");
  }

  function show(dialog, part) {
    dialog.querySelector("[data-drawer-cart]").replaceWith(document.adoptNode(part));
    document.querySelector("[data-cart-link]").textContent = part.dataset.cartName;
  }
}
