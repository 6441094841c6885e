// <focal-point data-x data-y> around a picture lets a click on it fill the two fields that say, in
// percent, where a crop is centred; a mark shows the point. The fields do without it.
{
  class FocalPoint extends HTMLElement {
    connectedCallback() {
      this.picture = this.querySelector("img");
      this.fields = [this.dataset.x, this.dataset.y].map((id) => document.getElementById(id));
      if (!this.picture || this.fields.includes(null)) return;
      this.mark = document.createElement("span");
      this.mark.className = "staff-focal__mark";
      this.append(this.mark);
      this.classList.add("staff-focal--live");
      this.picture.addEventListener("click", (event) => this.choose(event));
      for (const field of this.fields) field.addEventListener("input", () => this.show());
      this.show();
    }

    choose({ clientX, clientY }) {
      const box = this.picture.getBoundingClientRect();
      const parts = [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
      parts.forEach((part, index) => {
        this.fields[index].value = Math.round(100 * Math.min(Math.max(part, 0), 1));
      });
      this.show();
    }

    show() {
      const [x, y] = this.fields.map((field) => Number.parseInt(field.value, 10));
      this.mark.hidden = Number.isNaN(x + y);
      this.mark.style.left = `${x}%`;
      this.mark.style.top = `${(y / 100) * this.picture.offsetHeight}px`;
    }
  }

  customElements.define("focal-point", FocalPoint);
}
