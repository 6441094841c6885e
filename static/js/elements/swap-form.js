// <swap-form> sends the forms marked data-enhanced inside it without leaving the page, then puts
// the regions marked data-swap="name" of the answer in the place of those of the same name here.
// Without it, or when the network fails, the same forms are sent by the browser.
{
  class SwapForm extends HTMLElement {
    connectedCallback() {
      this.addEventListener("submit", (event) => {
        if (!event.target.matches("form[data-enhanced]")) return;
        event.preventDefault();
        if (!this.busy) this.send(event.target, event.submitter);
      });
    }

    async send(form, submitter) {
      this.busy = true;
      submitter?.setAttribute("aria-busy", "true");
      try {
        const response = await fetch(form.action, {
          method: form.method,
          body: new FormData(form, submitter),
          headers: { "X-Requested-With": "swap" },
        });
        const html = await response.text();
        this.show(new DOMParser().parseFromString(html, "text/html"), response, submitter);
      } catch {
        form.submit();
      } finally {
        this.busy = false;
        submitter?.removeAttribute("aria-busy");
      }
    }

    show(answer, response, submitter) {
      const added = this.querySelector("[data-added]");
      if (added && response.redirected && response.ok) {
        swap(answer, "[data-swap='cart-link']");
        this.querySelector("[data-mistake]")?.remove();
        this.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
        added.hidden = false;
        announce(added.textContent);
        added.dispatchEvent(new CustomEvent("cart-added", { bubbles: true }));
        return;
      }
      const key = submitter?.dataset.focus;
      const words = answer.querySelector("[data-announce]")?.textContent ?? answer.title;
      if (!swap(answer, "[data-swap]", this)) swap(answer, "main");
      announce(words);
      focusOn(key);
    }
  }

  // Replaces what both documents have; says whether a region other than the cart link was among it.
  function swap(answer, selector, within) {
    let found = false;
    for (const old of document.querySelectorAll(selector)) {
      const name = old.dataset.swap;
      const fresh = answer.querySelector(name ? `[data-swap="${name}"]` : selector);
      if (!fresh) continue;
      found ||= !within || within.contains(old);
      old.replaceWith(document.adoptNode(fresh));
    }
    return found;
  }

  function focusOn(key) {
    const target =
      document.querySelector("main [aria-invalid='true']") ??
      (key && document.querySelector(`[data-focus="${CSS.escape(key)}"]`)) ??
      document.querySelector("main h1");
    if (!target) return;
    if (target.matches("h1")) target.tabIndex = -1;
    target.focus();
  }

  function announce(words) {
    const status = document.querySelector("[data-status]");
    status.textContent = "";
    setTimeout(() => (status.textContent = words.replace(/\s+/g, " ").trim()), 50);
  }

  customElements.define("swap-form", SwapForm);
}
