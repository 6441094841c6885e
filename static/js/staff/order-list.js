// <order-list> lets its rows (data-row) be dragged, and moved by their buttons (data-move) without
// sending the form: the fields of places (data-place) say the new order. Without it the numbers
// and the buttons are sent.
{
  class OrderList extends HTMLElement {
    connectedCallback() {
      this.status = document.createElement("p");
      this.status.className = "visually-hidden";
      this.status.setAttribute("role", "status");
      this.after(this.status);
      this.addEventListener("click", (event) => this.press(event));
      for (const row of this.rows) this.makeDraggable(row);
      this.addEventListener("dragover", (event) => this.over(event));
      this.addEventListener("drop", (event) => event.preventDefault());
      this.addEventListener("dragend", () => this.end());
    }

    get rows() {
      return [...this.querySelectorAll("[data-row]")];
    }

    makeDraggable(row) {
      row.classList.add("staff-order__row");
      const grip = document.createElement("span");
      grip.className = "staff-order__grip";
      grip.draggable = true;
      grip.title = "Drag to order";
      grip.textContent = "⠿";
      grip.setAttribute("aria-hidden", "true");
      grip.addEventListener("dragstart", (event) => {
        this.dragged = row;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
        event.dataTransfer.setDragImage(row, 0, 0);
      });
      row.querySelector(".staff-place").prepend(grip);
    }

    over(event) {
      if (!this.dragged) return;
      event.preventDefault();
      const row = event.target.closest("[data-row]");
      if (!row || row === this.dragged) return;
      const { top, height } = row.getBoundingClientRect();
      row[event.clientY < top + height / 2 ? "before" : "after"](this.dragged);
    }

    end() {
      if (!this.dragged) return;
      this.dragged = null;
      this.count();
      this.say("Moved. Save to keep the order.");
    }

    press(event) {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      event.preventDefault();
      const row = button.closest("[data-row]");
      const by = Number(button.dataset.move);
      const other = this.rows[this.rows.indexOf(row) + by];
      if (!other) return;
      other[by < 0 ? "before" : "after"](row);
      this.count();
      (button.disabled ? row.querySelector("[data-move]:enabled") : button)?.focus();
      this.say(`Place ${this.rows.indexOf(row) + 1} of ${this.rows.length}. Save to keep it.`);
    }

    count() {
      const rows = this.rows;
      rows.forEach((row, index) => {
        row.querySelector("[data-place]").value = index + 1;
        row.querySelector('[data-move="-1"]').disabled = index === 0;
        row.querySelector('[data-move="1"]').disabled = index === rows.length - 1;
      });
    }

    say(words) {
      this.status.textContent = words;
    }
  }

  customElements.define("order-list", OrderList);
}
