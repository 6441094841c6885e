// Shows one moment of a plan over the whole window, large enough to be read from the floor.
class Stage {
  constructor(template) {
    this.dialog = template.content.firstElementChild.cloneNode(true);
    this.parts = Object.fromEntries(
      [...this.dialog.querySelectorAll("[data-show]")].map((it) => [it.dataset.show, it]),
    );
    this.breath = this.dialog.querySelector("[data-breath]");
  }

  act(name) {
    return this.dialog.querySelector(`[data-act="${name}"]`);
  }

  // What the page says for it.
  said(name, values) {
    return said(this.dialog, name, values);
  }

  // The moment has changed: everything that stays while it lasts.
  showMoment({ moment, index, moments }) {
    const { parts } = this;
    parts.side.textContent = moment.side;
    const place = { number: index + 1, count: moments.length };
    parts.place.textContent = this.said(moment.isOptional ? "Optional" : "Place", place);
    parts.title.textContent = moment.title;
    parts.cue.textContent = moment.cue;
    parts.next.textContent = nameOf(moments[index + 1]) ?? this.said("End");
    parts.figure.hidden = !moment.figure;
    if (moment.figure) [parts.figure.src, parts.figure.alt] = [moment.figure, moment.figureAlt];
    this.dialog.dataset.kind = moment.kind;
    this.act("previous").disabled = index === 0;
    this.act("skip").hidden = !moment.isOptional;
    this.act("more").hidden = !["do", "ready", "switch", "rest"].includes(moment.kind);
  }

  // Time has passed, or the clock was stopped or started.
  showTime(timeline) {
    const left = Math.ceil(timeline.leftMs / 1000);
    write(this.parts.left, `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
    write(this.parts.paused, timeline.isRunning ? "" : this.said("Paused"));
    write(this.act("toggle"), this.said(timeline.isRunning ? "Pause" : "GoOn"));
    this.showBreath(timeline);
  }

  showBreath({ moment, sinceMs, isRunning }) {
    const breathes = moment.kind === "hold" || moment.kind === "rest";
    this.breath.hidden = !breathes;
    if (!breathes) return;
    const [inS, outS] = moment.breath;
    const isIn = (sinceMs / 1000) % (inS + outS) < inS;
    write(this.parts.breath, this.said(isIn ? "In" : "Out"));
    this.breath.dataset.breath = isRunning && isIn ? "in" : "out";
    this.breath.style.setProperty("--breath", `${isIn ? inS : outS}s`);
  }

  // For screen readers: once a moment, never each second.
  say(words) {
    this.dialog.querySelector("[data-says]").textContent = words;
  }

  // To where the keyboard is most needed, when the button that had the focus is gone.
  refocus() {
    const [pause, end] = [this.act("toggle"), this.dialog.querySelector("[data-finish]")];
    (pause.checkVisibility() ? pause : end).focus();
  }

  showEnd(isOver) {
    this.dialog.querySelector("[data-playing]").hidden = isOver;
    this.dialog.querySelector("[data-finished]").hidden = !isOver;
    const heading = this.dialog.querySelector("[data-finish]");
    heading.id = isOver ? "stage-end" : "";
    this.dialog.setAttribute("aria-labelledby", isOver ? "stage-end" : "stage-title");
    if (isOver) heading.focus();
  }
}

function nameOf(moment) {
  return moment && [moment.title, moment.sideWithin && `(${moment.sideWithin})`].filter(Boolean).join(" ");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
