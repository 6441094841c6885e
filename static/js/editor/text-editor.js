// <text-editor> shows what is typed beside the form as the shop would show it, and keeps it for the
// one who types. Without it *Preview* shows the same on a page of its own, and nothing is kept.
{
  const PREVIEW_AFTER_MS = 900;
  const KEEP_AFTER_MS = 4000;

  class TextEditor extends HTMLElement {
    connectedCallback() {
      this.form = this.querySelector("form");
      this.panel = this.querySelector("section[data-preview]");
      this.frame = this.querySelector("[data-preview-frame]");
      this.form.addEventListener("input", () => this.changed());
      this.form.addEventListener("submit", (event) => this.sent(event));
    }

    changed() {
      this.measure();
      clearTimeout(this.keeping);
      this.keeping = setTimeout(() => this.keep(), KEEP_AFTER_MS);
      if (this.panel.hidden) return;
      clearTimeout(this.showing);
      this.showing = setTimeout(() => this.show(), PREVIEW_AFTER_MS);
    }

    sent(event) {
      if (event.submitter?.formAction.includes(this.dataset.preview)) {
        event.preventDefault();
        this.show();
        this.panel.scrollIntoView({ block: "nearest" });
        return;
      }
      clearTimeout(this.keeping);
      clearTimeout(this.showing);
    }

    async keep() {
      try {
        const answer = await fetch(this.dataset.autosave, {
          method: "POST",
          body: new FormData(this.form),
        });
        if (!answer.ok) throw new Error(answer.status);
        const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
        this.tell(`Kept at ${time}, not saved yet.`);
      } catch {
        this.tell("What you typed could not be kept. Save it soon.");
      }
    }

    async show() {
      this.asked?.abort();
      this.asked = new AbortController();
      try {
        const answer = await fetch(this.dataset.preview, {
          method: "POST",
          body: new FormData(this.form),
          headers: { "X-Requested-With": "preview" },
          signal: this.asked.signal,
        });
        this.put(await answer.text(), answer.ok);
      } catch (error) {
        if (error.name !== "AbortError") this.put("The shop cannot be reached just now.", false);
      }
    }

    put(text, isPage) {
      const words = this.querySelector("[data-preview-words]");
      this.panel.hidden = false;
      words.hidden = isPage;
      words.textContent = isPage ? "" : text;
      if (!isPage) return;
      const top = this.frame.contentWindow?.scrollY ?? 0;
      this.frame.addEventListener("load", () => this.frame.contentWindow.scrollTo(0, top), {
        once: true,
      });
      this.frame.srcdoc = text;
    }

    // How a search engine may show it follows what is typed.
    measure() {
      const typed = (name) => this.form.elements[name]?.value.trim() ?? "";
      const title = this.querySelector("[data-snippet-title]");
      if (!title) return;
      const words = typed("seo_description") || typed("summary");
      title.textContent = (typed("seo_title") || typed("title")) + title.dataset.after;
      this.querySelector("[data-snippet-words]").textContent = words;
      const lengths = { title: title.textContent.length, words: words.length };
      for (const [name, length] of Object.entries(lengths)) {
        this.querySelector(`[data-snippet-${name}-length]`).textContent = length;
      }
    }

    tell(words) {
      const line = this.querySelector("[data-kept]");
      line.hidden = false;
      line.textContent = words;
    }
  }

  customElements.define("text-editor", TextEditor);
}
