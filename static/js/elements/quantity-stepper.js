// <quantity-stepper data-less data-more> puts "one less" and "one more" beside the field inside it.
{
  class QuantityStepper extends HTMLElement {
    connectedCallback() {
      const input = this.querySelector("input");
      if (!input || this.querySelector("button")) return;
      input.before(step("−", this.dataset.less, () => change(input, -1)));
      input.after(step("+", this.dataset.more, () => change(input, 1)));
    }
  }

  function step(sign, name, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quantity__step";
    button.textContent = sign;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    return button;
  }

  function change(input, by) {
    const now = Number.parseInt(input.value, 10) || 0;
    input.value = Math.min(Math.max(now + by, 1), Number(input.dataset.most));
  }

  customElements.define("quantity-stepper", QuantityStepper);
}
