// <picture-gallery data-close>: thumbnails move the strip and say which picture is seen, and a
// picture opens large in a <dialog>. Without it, thumbnails are links to the pictures on the page,
// and a picture is a link to its largest file.
{
  class PictureGallery extends HTMLElement {
    connectedCallback() {
      this.strip = this.querySelector(".gallery__strip");
      this.thumbs = [...this.querySelectorAll(".gallery__thumb")];
      for (const zoom of this.querySelectorAll(".gallery__zoom")) {
        zoom.addEventListener("click", (event) => plain(event) && enlarge(zoom, this.dataset.close));
      }
      if (!this.thumbs.length) return;
      this.thumbs.forEach((thumb, at) =>
        thumb.addEventListener("click", (event) => plain(event) && this.show(at)),
      );
      const seen = new IntersectionObserver((changes) => this.mark(changes), {
        root: this.strip,
        threshold: 0.6,
      });
      for (const item of this.strip.children) seen.observe(item);
    }

    show(at) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const left = this.strip.children[at].offsetLeft - this.strip.children[0].offsetLeft;
      this.strip.scrollTo({ left, behavior: calm ? "instant" : "smooth" });
    }

    // Only what is seen is on the way of the Tab key: its link, and what turns it.
    mark(changes) {
      for (const { target, isIntersecting } of changes) {
        const at = [...this.strip.children].indexOf(target);
        this.thumbs[at].ariaCurrent = isIntersecting ? "true" : null;
        for (const it of target.querySelectorAll("a, button, input")) {
          it.tabIndex = isIntersecting ? 0 : -1;
        }
      }
    }
  }

  function plain(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return false;
    event.preventDefault();
    return true;
  }

  function enlarge(zoom, close) {
    const small = zoom.querySelector("img");
    const dialog = document.createElement("dialog");
    dialog.className = "zoom";
    dialog.setAttribute("aria-label", small.alt);
    dialog.innerHTML = `<form method="dialog"><button class="button button--quiet"></button></form>
      <img class="zoom__picture">`;
    dialog.querySelector("button").textContent = close;
    const large = dialog.querySelector("img");
    large.alt = small.alt;
    large.width = small.width;
    large.height = small.height;
    large.src = zoom.href;
    dialog.addEventListener("click", (event) => event.target.closest("button") ?? dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      zoom.focus({ preventScroll: true });
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.scrollLeft = (dialog.scrollWidth - dialog.clientWidth) / 2;
  }

  customElements.define("picture-gallery", PictureGallery);
}
