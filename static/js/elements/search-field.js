// <search-field> makes the search field inside it a combobox that suggests while one types.
// Source: ARIA Authoring Practices 1.2, editable combobox with list autocomplete. Without it, or
// when the network fails, the form searches as before.
{
  const PAUSE_MS = 150;

  class SearchField extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form[data-suggest]");
      this.input = this.form?.querySelector("input[name=q]");
      if (!this.input || this.list) return;
      this.list = made("ul", { class: "search-suggest", id: "q-list", role: "listbox" });
      this.list.setAttribute("aria-label", this.form.dataset.name);
      this.list.hidden = true;
      this.status = made("p", { class: "visually-hidden", role: "status" });
      this.input.after(this.list, this.status);
      marked(this.input, {
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-controls": "q-list",
        "aria-expanded": "false",
      });
      this.input.addEventListener("input", () => this.wait());
      this.input.addEventListener("keydown", (event) => this.press(event));
      this.input.addEventListener("blur", () => this.close());
      this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
      this.list.addEventListener("click", ({ target }) => this.go(target.closest("li")));
    }

    wait() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.timer = setTimeout(() => this.ask(this.input.value.trim()), PAUSE_MS);
    }

    async ask(query) {
      if (query.length < 2) return this.close();
      this.asking = new AbortController();
      try {
        const url = `${this.form.dataset.suggest}?${new URLSearchParams({ q: query })}`;
        const answer = await fetch(url, { signal: this.asking.signal });
        if (answer.ok) this.show(await answer.json());
      } catch (error) {
        if (error.name !== "AbortError") this.close(); // else the next question is on its way
      }
    }

    show(found) {
      if (document.activeElement !== this.input) return;
      this.list.replaceChildren(...found.map(option));
      this.select(null);
      this.open(found.length > 0);
      const { none, one, many } = this.form.dataset;
      const words = [none, one][found.length] ?? many;
      this.status.textContent = words.replace("{count}", found.length);
    }

    press(event) {
      const options = [...this.list.children];
      const place = options.indexOf(this.chosen);
      if (event.key === "Escape" && !this.list.hidden) {
        event.preventDefault(); // the first Escape closes, the next one empties the field
        this.close();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!options.length) return;
        event.preventDefault();
        this.open(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        const next = place < 0 && step < 0 ? options.length - 1 : place + step;
        this.select(options[next] ?? null);
      } else if (event.key === "Enter" && this.chosen && !this.list.hidden) {
        event.preventDefault();
        this.go(this.chosen);
      }
    }

    select(chosen) {
      this.chosen?.setAttribute("aria-selected", "false");
      this.chosen = chosen;
      chosen?.setAttribute("aria-selected", "true");
      chosen?.scrollIntoView({ block: "nearest" });
      if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
      else this.input.removeAttribute("aria-activedescendant");
    }

    open(isOpen) {
      this.list.hidden = !isOpen;
      this.input.setAttribute("aria-expanded", String(isOpen));
    }

    close() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.select(null);
      this.open(false);
      this.status.textContent = "";
    }

    go(chosen) {
      if (chosen) location.assign(chosen.dataset.url);
    }
  }

  function option({ title, url, label }, place) {
    const item = made("li", {
      class: "search-suggest__option",
      id: `q-${place}`,
      role: "option",
      "aria-selected": "false",
      "data-url": url,
    });
    item.append(made("span", {}, title), " ", made("span", { class: "search-suggest__kind" }, label));
    return item;
  }

  function made(tag, attributes, text = "") {
    const element = marked(document.createElement(tag), attributes);
    element.textContent = text;
    return element;
  }

  function marked(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  customElements.define("search-field", SearchField);
}
