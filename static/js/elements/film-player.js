// <film-player> lets a linked film play where its poster stands, once it is clicked, and makes its
// chapters buttons that jump in the film. Without it the poster leads to the film's own page.
{
  class FilmPlayer extends HTMLElement {
    connectedCallback() {
      const link = this.querySelector("a.video__link");
      link?.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
        event.preventDefault();
        this.show(0);
      });
      for (const chapter of this.querySelectorAll("[data-at]")) this.enable(chapter);
    }

    enable(chapter) {
      const words = chapter.lastElementChild;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "video__seek";
      button.append(...words.childNodes);
      button.addEventListener("click", () => this.jump(Number(chapter.dataset.at)));
      words.replaceWith(button);
    }

    jump(seconds) {
      const video = this.querySelector("video");
      if (!video) return this.show(seconds);
      const seek = () => (video.currentTime = seconds);
      if (video.readyState) seek();
      else video.addEventListener("loadedmetadata", seek, { once: true });
      video.play().catch(() => {});
      video.focus();
    }

    // Vimeo reads the moment behind the #, YouTube among the arguments.
    show(seconds) {
      const frame = document.createElement("iframe");
      frame.className = "video__frame";
      frame.title = this.dataset.title;
      frame.allow = "autoplay; fullscreen; picture-in-picture";
      frame.referrerPolicy = "strict-origin-when-cross-origin";
      frame.src = `${this.dataset.player}&start=${seconds}#t=${seconds}s`;
      this.querySelector(".video__frame").replaceWith(frame);
      frame.focus();
    }
  }

  customElements.define("film-player", FilmPlayer);
}
