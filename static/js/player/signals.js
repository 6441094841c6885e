// What the player gives to the ear and asks of the screen. All of it may be missing.
const remembered = {
  get: (name) => tried(() => localStorage.getItem(`player-${name}`) === "on") ?? false,
  // Only what was switched on is kept; off leaves nothing behind.
  set: (name, isOn) =>
    tried(() =>
      isOn
        ? localStorage.setItem(`player-${name}`, "on")
        : localStorage.removeItem(`player-${name}`),
    ),
};

class Tones {
  isOn = remembered.get("sound");

  // kind: of the moment that begins, or "end".
  play(kind) {
    if (!this.isOn || !window.AudioContext) return;
    this.context ??= new AudioContext();
    this.context.resume();
    const pitches = { hold: [523, 659], rest: [392], switch: [523, 392, 523], end: [659, 523, 392] };
    (pitches[kind] ?? [523]).forEach((pitch, place) => this.tone(pitch, place * 0.28));
  }

  tone(pitch, delay) {
    const [sound, volume] = [this.context.createOscillator(), this.context.createGain()];
    const begin = this.context.currentTime + delay;
    sound.frequency.value = pitch;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.2, begin + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + 0.6);
    sound.connect(volume).connect(this.context.destination);
    sound.start(begin);
    sound.stop(begin + 0.65);
  }
}

class Voice {
  isOn = remembered.get("voice");
  isThere = "speechSynthesis" in window;

  say(words) {
    if (!this.isOn || !this.isThere) return;
    speechSynthesis.cancel();
    const spoken = new SpeechSynthesisUtterance(words);
    spoken.lang = document.documentElement.lang;
    spoken.rate = 0.95;
    speechSynthesis.speak(spoken);
  }

  hush() {
    if (this.isThere) speechSynthesis.cancel();
  }
}

// Keeps the screen from going dark. The browser lets go when the tab is hidden, so it is asked anew.
class Wake {
  constructor() {
    document.addEventListener("visibilitychange", () => this.isWanted && this.hold());
  }

  async hold() {
    this.isWanted = true;
    if (document.visibilityState !== "visible") return;
    try {
      const lock = await navigator.wakeLock?.request("screen");
      if (this.isWanted) this.lock = lock;
      else lock?.release();
    } catch {
      // A low battery may refuse it; the routine goes on.
    }
  }

  release() {
    this.isWanted = false;
    this.lock?.release();
    this.lock = null;
  }
}
