// The command palette: Ctrl-K or ⌘-K opens it, the arrows choose, Enter goes. It lists what the page
// /staff/find finds. Source: ARIA Authoring Practices 1.2, combobox with listbox popup.
{
  const PAUSE_MS = 120;
  const dialog = document.querySelector("dialog[data-palette]");

  class Palette {
    constructor(dialog) {
      this.dialog = dialog;
      this.input = dialog.querySelector("input");
      this.list = dialog.querySelector("[role=listbox]");
      this.count = dialog.querySelector("[data-count]");
      this.input.addEventListener("input", () => this.wait());
      this.input.addEventListener("keydown", (event) => this.press(event));
      this.list.addEventListener("click", ({ target }) => this.go(target.closest("[role=option]")));
      dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    }

    open() {
      if (this.dialog.open) return this.dialog.close();
      this.input.value = "";
      this.dialog.showModal();
      this.ask();
    }

    wait() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.timer = setTimeout(() => this.ask(), PAUSE_MS);
    }

    async ask() {
      const words = new URLSearchParams({ q: this.input.value.trim() });
      this.asking = new AbortController();
      try {
        const answer = await fetch(`${this.dialog.dataset.palette}?${words}`, {
          signal: this.asking.signal,
        });
        if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
        this.show(await answer.json());
      } catch (error) {
        if (error.name === "AbortError") return;
        this.show([]);
        this.count.textContent = "The shop does not answer. Try again.";
      }
    }

    show(found) {
      this.list.replaceChildren(...found.map(option));
      this.choose(this.list.firstElementChild);
      this.count.textContent = found.length === 1 ? "1 place" : `${found.length} places`;
    }

    press(event) {
      const options = [...this.list.children];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) {
        event.preventDefault();
        const place = options.indexOf(this.chosen) + step;
        this.choose(options.at(place % options.length));
      } else if (event.key === "Enter") {
        event.preventDefault();
        this.go(this.chosen);
      }
    }

    choose(chosen) {
      this.chosen?.setAttribute("aria-selected", "false");
      this.chosen = chosen;
      if (!chosen) return this.input.removeAttribute("aria-activedescendant");
      chosen.setAttribute("aria-selected", "true");
      chosen.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", chosen.id);
    }

    go(chosen) {
      if (chosen) location.assign(chosen.dataset.url);
    }
  }

  function option({ kind, title, note, url }, place) {
    const item = document.createElement("li");
    item.className = "staff-dialog__option";
    item.id = `palette-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.url = url;
    item.append(part("bdi", title), " ", part("bdi", note, "soft"), " ");
    item.append(part("span", kind, "staff-dialog__kind"));
    return item;
  }

  function part(tag, text, name = "") {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    return element;
  }

  if (dialog) {
    const palette = new Palette(dialog);
    document.addEventListener("keydown", (event) => {
      const isAsked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!isAsked || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      palette.open();
    });
  }
}
