// <device-log> lists what this browser has kept, with a chart, and lets it be changed, taken along
// and deleted.
class DeviceLog extends HTMLElement {
  connectedCallback() {
    if (!this.shown) this.render();
  }

  render() {
    this.shown?.remove();
    this.sessions = deviceLog.all();
    const name = this.sessions.length ? "list" : "empty";
    this.shown = document.createElement("div");
    this.shown.append(this.querySelector(`template[data-${name}]`).content.cloneNode(true));
    this.append(this.shown);
    if (!this.sessions.length) return;
    this.shown.querySelector("[data-rows]").append(...this.sessions.map((it) => this.row(it)));
    const chart = painChart(this, [...this.sessions].reverse());
    if (chart) this.shown.querySelector("[data-chart]").append(chart);
    this.offerFiles();
    this.shown.querySelector("[data-clear]").addEventListener("click", () => {
      deviceLog.write([]);
      this.render();
    });
  }

  row(session) {
    const row = document.createElement("tr");
    const what = document.createElement("th");
    what.scope = "row";
    what.append(session.title);
    const pains = [session.pain_before, session.pain_after].map((it) => cell(it ?? "–", "log__number"));
    const minutes = cell(Math.round(session.seconds / 60), "log__number");
    const about = `${session.title}, ${dayOf(session)}`;
    const acts = cell("");
    acts.append(
      button(said(this, "Change"), about, () => this.edit(session)),
      button(said(this, "Delete"), about, () => this.remove(session)),
    );
    row.append(cell(dayOf(session)), what, minutes, ...pains, cell(session.note), acts);
    return row;
  }

  remove(session) {
    deviceLog.remove(session.key);
    this.render();
    this.shown.querySelector("h2")?.setAttribute("tabindex", "-1");
    this.shown.querySelector("h2")?.focus();
  }

  edit(session) {
    const dialog = this.shown.querySelector("[data-edit]");
    const form = dialog.querySelector("form");
    for (const name of ["pain_before", "pain_after", "note"]) {
      form.elements[name].value = session[name] ?? "";
    }
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "save") return;
        deviceLog.put({ ...session, ...saidIn(form) });
        this.render();
      },
      { once: true },
    );
    dialog.returnValue = "";
    dialog.showModal();
  }

  offerFiles() {
    const oldestFirst = [...this.sessions].reverse();
    const texts = { csv: asCsv(oldestFirst), json: JSON.stringify({ sessions: oldestFirst }, null, 2) };
    for (const link of this.shown.querySelectorAll("[data-export]")) {
      const type = link.dataset.export === "csv" ? "text/csv" : "application/json";
      link.href = URL.createObjectURL(new Blob([texts[link.dataset.export]], { type }));
    }
  }
}

function cell(text, name = "") {
  const made = document.createElement("td");
  made.className = name;
  made.textContent = text;
  return made;
}

function button(text, about, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--text";
  made.textContent = text;
  made.setAttribute("aria-label", `${text} ${about}`);
  made.addEventListener("click", act);
  return made;
}

customElements.define("device-log", DeviceLog);
