// A plan against the clock. It never counts ticks: what is left follows from when a moment ends,
// so a tab that was hidden, or a phone that slept, is where it should be when it is seen again.
class Timeline {
  constructor(moments) {
    this.moments = moments;
    this.playedMs = 0; // without pauses
    this.goTo(moments.findIndex(({ begins }) => begins)); // the first, where none does
  }

  get isRunning() {
    return this.endsAt !== null;
  }

  get isOver() {
    return this.index >= this.moments.length;
  }

  get moment() {
    return this.moments[this.index];
  }

  // Milliseconds left of the present moment.
  get leftMs() {
    return this.isRunning ? Math.max(0, this.endsAt - Date.now()) : this.restMs;
  }

  // Milliseconds since the present moment began, pauses apart.
  get sinceMs() {
    return this.lengthMs - this.leftMs;
  }

  run() {
    if (this.isRunning || this.isOver) return;
    this.endsAt = Date.now() + this.restMs;
    this.ranFrom = Date.now();
  }

  pause() {
    if (!this.isRunning) return;
    this.restMs = this.leftMs;
    this.stop(Date.now());
  }

  // Begins a moment anew, running or paused as it was.
  goTo(index) {
    const wasRunning = this.endsAt > 0;
    this.stop(Date.now());
    this.index = Math.max(0, index);
    this.lengthMs = this.restMs = (this.moment?.seconds ?? 0) * 1000;
    if (wasRunning) this.run();
  }

  add(seconds) {
    this.lengthMs += seconds * 1000;
    if (this.isRunning) this.endsAt += seconds * 1000;
    else this.restMs += seconds * 1000;
  }

  // Passes over every moment whose time is up; says whether there was one.
  catchUp() {
    const before = this.index;
    while (this.isRunning && this.endsAt <= Date.now()) {
      this.index += 1;
      if (this.isOver) return this.stop(this.endsAt) ?? true;
      this.lengthMs = this.moment.seconds * 1000;
      this.endsAt += this.lengthMs;
    }
    return this.index !== before;
  }

  // The first moment after the optional ones that follow each other here.
  get afterOptional() {
    let index = this.index;
    while (this.moments[index]?.isOptional) index += 1;
    return index;
  }

  stop(at) {
    if (this.endsAt > 0) this.playedMs += Math.max(0, at - this.ranFrom);
    this.endsAt = null;
  }
}
