// <stock-scan> counts without leaving the page: each code that is entered is sent in its turn, and
// the field is free for the next at once. When the network fails it is sent again, and its key lets
// it count once. What was not counted stays listed: who scans fast does not look at each. Without
// it, the browser sends the form.
const TRIES = 4;
class StockScan extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.code = this.form.elements.namedItem("code");
    this.quantity = this.form.elements.namedItem("quantity");
    this.said = this.querySelector("[data-said]");
    this.refused = this.querySelector("[data-refused]");
    this.turn = Promise.resolve();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.count();
    });
    this.addEventListener("code-seen", (event) => {
      this.code.value = event.detail;
      this.count();
    });
  }

  count() {
    const body = new FormData(this.form);
    body.set("key", crypto.getRandomValues(new Uint32Array(4)).join("-"));
    if (!body.get("code").trim()) return this.code.focus();
    this.code.value = this.quantity.value = "";
    this.code.focus();
    this.turn = this.turn.then(() => this.send(body));
  }

  async send(body, tries = TRIES) {
    try {
      const response = await fetch(this.form.action, { method: "POST", body });
      const answer = new DOMParser().parseFromString(await response.text(), "text/html");
      this.show(answer, response.ok, body);
    } catch {
      if (tries > 1) {
        this.say(`${body.get("code")} is sent again.`, true);
        await new Promise((done) => setTimeout(done, 1000));
        return this.send(body, tries - 1);
      }
      this.refuse(body, "There is no connection.");
    }
  }

  show(answer, isCounted, body) {
    const fresh = answer.querySelector("[data-counts]");
    if (!fresh) return location.reload(); // signed out meanwhile
    document.querySelector("[data-counts]").replaceWith(document.adoptNode(fresh));
    const words = answer.querySelector(isCounted ? ".staff__flash" : ".field__error, .notice");
    const said = words?.textContent.trim() ?? "";
    if (isCounted) this.say(said, true);
    else this.refuse(body, said);
  }

  refuse(body, why) {
    const line = document.createElement("li");
    line.textContent = `${body.get("code")} was not counted. ${why}`;
    this.refused.append(line);
    this.refused.hidden = false;
    this.say(line.textContent, false);
  }

  say(words, isCounted) {
    this.said.textContent = words;
    this.said.classList.toggle("stock-scan__said--wrong", !isCounted);
  }
}

customElements.define("stock-scan", StockScan);
