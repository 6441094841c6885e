// <code-camera> reads barcodes by the phone's camera, after a tap, and tells of each by an event
// "code-seen"; the same code again only once it was out of sight. It stops when one leaves.
class CodeCamera extends HTMLElement {
  connectedCallback() {
    this.words = document.createElement("p");
    this.words.className = "field__hint";
    if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices) {
      this.words.textContent =
        "This browser cannot read barcodes by camera. A scanner or typing works as well.";
      this.append(this.words);
      return;
    }
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button button--quiet";
    this.button.addEventListener("click", () => (this.stream ? this.stop() : this.start()));
    this.video = document.createElement("video");
    this.video.className = "code-camera__picture";
    this.video.muted = this.video.playsInline = true;
    this.video.setAttribute("aria-label", "What the camera sees");
    this.append(this.button, this.words, this.video);
    this.stop();
    addEventListener("pagehide", () => this.stop());
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
  }

  disconnectedCallback() {
    if (this.button) this.stop();
  }

  async start() {
    try {
      const wanted = { video: { facingMode: "environment" } };
      this.stream = await navigator.mediaDevices.getUserMedia(wanted);
    } catch {
      this.words.textContent = "The camera cannot be used. Allow it in the browser, or type.";
      return;
    }
    this.words.textContent = "";
    this.button.textContent = "Stop the camera";
    this.video.hidden = false;
    this.video.srcObject = this.stream;
    await this.video.play();
    this.detector = new BarcodeDetector();
    this.look();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
    this.video.hidden = true;
    this.button.textContent = "Use the camera";
  }

  async look() {
    if (!this.stream) return;
    const [found] = await this.detector.detect(this.video).catch(() => []);
    const code = found?.rawValue ?? "";
    if (code && code !== this.last) {
      this.dispatchEvent(new CustomEvent("code-seen", { detail: code, bubbles: true }));
    }
    this.last = code;
    setTimeout(() => this.look(), 200);
  }
}

customElements.define("code-camera", CodeCamera);
