// <turn-table data-frames data-start data-stop data-angle data-failed> lets the picture before it be
// turned, by dragging or by the keys of a slider. Its frames are one sheet, fetched when the visitor
// asks for it. It never turns by itself. Without it there is the picture.
{
  const FRAMES = 24;
  const COLUMNS = 6;

  class TurnTable extends HTMLElement {
    connectedCallback() {
      if (this.button) return;
      this.button = document.createElement("button");
      this.button.type = "button";
      this.button.className = "turntable__button";
      this.button.textContent = this.dataset.start;
      this.button.addEventListener("click", () => (this.stage ? this.stop() : this.start()));
      this.append(this.button);
    }

    async start() {
      const sheet = new Image();
      sheet.src = this.dataset.frames;
      this.button.ariaBusy = "true";
      const loaded = await sheet.decode().then(
        () => true,
        () => false,
      );
      this.button.ariaBusy = null;
      if (!loaded) return void (this.button.textContent = this.dataset.failed);
      this.button.textContent = this.dataset.stop;
      this.stage = document.createElement("div");
      this.stage.className = "turntable__stage";
      this.stage.style.backgroundImage = `url("${sheet.src}")`;
      this.slider = document.createElement("input");
      Object.assign(this.slider, { type: "range", className: "turntable__slider", min: 0 });
      Object.assign(this.slider, { max: FRAMES - 1, value: 0, ariaLabel: this.dataset.start });
      this.slider.addEventListener("input", () => this.show(this.slider.valueAsNumber));
      this.slider.addEventListener("keydown", (event) => this.wrap(event));
      this.stage.addEventListener("pointerdown", (event) => this.grab(event));
      this.prepend(this.stage);
      this.append(this.slider);
      this.show(0);
      this.slider.focus({ preventScroll: true });
    }

    stop() {
      this.stage.remove();
      this.slider.remove();
      this.stage = null;
      this.button.textContent = this.dataset.start;
    }

    // frame: any whole number; a full turn goes on from its beginning.
    show(frame) {
      const at = ((frame % FRAMES) + FRAMES) % FRAMES;
      const across = ((at % COLUMNS) / (COLUMNS - 1)) * 100;
      const down = (Math.floor(at / COLUMNS) / (FRAMES / COLUMNS - 1)) * 100;
      this.stage.style.backgroundPosition = `${across}% ${down}%`;
      this.slider.value = at;
      this.slider.ariaValueText = this.dataset.angle.replace("#", (at * 360) / FRAMES);
    }

    wrap(event) {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.show(this.slider.valueAsNumber + by);
    }

    grab(event) {
      event.preventDefault();
      this.stage.setPointerCapture(event.pointerId);
      const from = this.slider.valueAsNumber;
      const step = this.stage.clientWidth / FRAMES;
      const drag = (move) => this.show(from + Math.round((event.clientX - move.clientX) / step));
      this.stage.addEventListener("pointermove", drag);
      const end = () => this.stage?.removeEventListener("pointermove", drag);
      this.stage.addEventListener("lostpointercapture", end, { once: true });
    }
  }

  customElements.define("turn-table", TurnTable);
}
