// <routine-player> plays the list of moments inside it by the clock, when its form is sent.
class RoutinePlayer extends HTMLElement {
  connectedCallback() {
    if (this.stage) return;
    this.stage = new Stage(this.querySelector("template[data-stage]"));
    this.tones = new Tones();
    this.voice = new Voice();
    this.wake = new Wake();
    this.append(this.stage.dialog);
    this.finish = new Finish(this.stage.dialog, { title: this.dataset.name, url: this.dataset.path });
    this.form = this.querySelector("[data-start]");
    this.form.addEventListener("submit", (event) => this.open(event));
    this.form.addEventListener("change", () => this.forget());
    this.stage.dialog.addEventListener("click", ({ target }) => this.act(target.dataset.act));
    this.stage.dialog.addEventListener("keydown", (event) => this.press(event));
    this.stage.dialog.addEventListener("close", () => this.leave());
    document.addEventListener("visibilitychange", () => this.look());
    for (const [name, signal] of [["sound", this.tones], ["voice", this.voice]]) {
      this.stage.act(name).setAttribute("aria-pressed", signal.isOn);
    }
    this.stage.act("voice").hidden = !this.voice.isThere;
    keepForOffline(this.dataset);
  }

  // Starts, or goes on where it was left.
  open(event) {
    event.preventDefault();
    if (this.timeline?.isOver) this.timeline = null;
    this.stage.dialog.showModal();
    this.play();
  }

  play() {
    this.timeline ??= new Timeline(chosenMoments(this, this.form));
    this.stage.showEnd(false);
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.look(), 200);
    this.wake.hold();
    this.timeline.run();
    this.enter();
  }

  look() {
    if (!this.stage.dialog.open || !this.timeline || this.timeline.isOver) return;
    if (this.timeline.catchUp()) this.enter();
    else this.stage.showTime(this.timeline);
  }

  // A moment has begun, or all have ended.
  enter() {
    const { timeline, stage } = this;
    if (timeline.isOver) return this.end();
    const { moment } = timeline;
    stage.showMoment(timeline);
    stage.showTime(timeline);
    stage.say(stage.said("Moment", { ...moment, title: nameOf(moment) }));
    this.tones.play(moment.kind);
    this.voice.say(moment.kind === "hold" ? moment.cue : `${nameOf(moment)}. ${moment.cue}`);
  }

  end() {
    clearInterval(this.ticking);
    this.wake.release();
    this.tones.play("end");
    this.voice.say(this.stage.said("Over"));
    this.stage.say("");
    this.stage.showEnd(true);
    const painBefore = this.querySelector("[data-pain-now]")?.value ?? "";
    this.finish.begin(Math.round(this.timeline.playedMs / 1000), painBefore);
  }

  act(name) {
    const { timeline } = this;
    const index = timeline?.index;
    const acts = {
      toggle: () => this.toggle(),
      previous: () => this.goTo(index - 1),
      next: () => this.goTo(index + 1),
      skip: () => this.goTo(timeline.afterOptional),
      more: () => this.look(timeline.add(15)),
      restart: () => this.restart(),
      sound: () => this.switch("sound", this.tones),
      voice: () => this.switch("voice", this.voice),
      leave: () => this.stage.dialog.close(),
    };
    acts[name]?.();
  }

  press(event) {
    if (this.timeline.isOver || event.altKey || event.ctrlKey || event.metaKey) return;
    const name = { " ": "toggle", ArrowLeft: "previous", ArrowRight: "next" }[event.key];
    if (!name || (name === "toggle" && event.target.matches("button"))) return;
    event.preventDefault();
    this.act(name);
  }

  toggle() {
    const { timeline } = this;
    if (timeline.isRunning) timeline.pause();
    else timeline.run();
    if (timeline.isRunning) this.wake.hold();
    else [this.wake.release(), this.voice.hush()];
    this.stage.say(this.stage.said(timeline.isRunning ? "GoingOn" : "Paused"));
    this.stage.showTime(timeline);
  }

  goTo(index) {
    this.timeline.goTo(index);
    this.enter();
    const focused = this.stage.dialog.querySelector(":focus");
    if (!focused?.checkVisibility() || focused.disabled) this.stage.refocus();
  }

  restart() {
    this.timeline = null;
    this.play();
    this.stage.refocus();
  }

  switch(name, signal) {
    signal.isOn = !signal.isOn;
    remembered.set(name, signal.isOn);
    this.stage.act(name).setAttribute("aria-pressed", signal.isOn);
    if (signal.isOn) this.enter();
    else this.voice.hush();
  }

  // The window was closed: by its button, or by Escape.
  leave() {
    clearInterval(this.ticking);
    this.timeline?.pause();
    this.wake.release();
    this.voice.hush();
    const isOver = !this.timeline || this.timeline.isOver;
    this.querySelector("[data-go]").textContent = said(this, isOver ? "Again" : "Resume");
  }

  // Another choice begins anew.
  forget() {
    this.timeline = null;
    this.querySelector("[data-go]").textContent = said(this, "Start");
  }
}

customElements.define("routine-player", RoutinePlayer);
