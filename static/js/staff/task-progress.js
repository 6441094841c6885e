// <task-progress data-url> asks how far long work is until it is over, and then shows what came of
// it. When the network fails it asks again, less often. Without it the page is loaded anew.
{
  const PAUSE_MS = 1000;
  const LONGEST_MS = 30_000;

  class TaskProgress extends HTMLElement {
    connectedCallback() {
      this.pause = PAUSE_MS;
      if (this.dataset.url) this.wait();
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
    }

    wait() {
      this.timer = setTimeout(() => this.ask(), this.pause);
    }

    async ask() {
      try {
        const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
        const task = await answer.json();
        this.pause = PAUSE_MS;
        this.show(task);
        if (task.is_over) return;
      } catch {
        this.pause = Math.min(this.pause * 2, LONGEST_MS);
      }
      if (this.isConnected) this.wait();
    }

    show({ words, done, total, is_over: isOver, url, error }) {
      const bar = this.part("bar");
      if (total) Object.assign(bar, { max: total, value: done });
      bar.hidden = isOver;
      this.part("words").textContent = words;
      if (!isOver) return;
      this.part("error").textContent = error;
      this.part("error").hidden = !error;
      this.part("result").hidden = !url;
      if (url) this.part("result").firstElementChild.setAttribute("href", url);
    }

    part(name) {
      return this.querySelector(`[data-${name}]`);
    }
  }

  customElements.define("task-progress", TaskProgress);
}
