// Steps that are dragged by their names to another place; the fields *Place* say where they are.
// Without it, or by the keyboard, the same is typed there or done by *Move up* and *Move down*.
{
  let dragged = null;

  const steps = () => [...document.querySelectorAll("[data-step]")];

  function number() {
    steps().forEach((step, at) => {
      step.querySelector("[data-grip]").textContent = `Step ${at + 1}`;
      step.querySelector("[data-place]").value = at + 1;
    });
    dragged.querySelector("[data-place]").dispatchEvent(new Event("input", { bubbles: true }));
  }

  for (const step of steps()) {
    const grip = step.querySelector("[data-grip]");
    grip.draggable = true;
    grip.classList.add("staff-step__grip");
    grip.addEventListener("dragstart", (event) => {
      dragged = step;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(step, 0, 0);
    });
    grip.addEventListener("dragend", () => {
      if (dragged) number();
      dragged = null;
    });
    step.addEventListener("dragover", (event) => {
      if (!dragged || dragged === step) return;
      event.preventDefault();
      const box = step.getBoundingClientRect();
      const isBelow = event.clientY > box.top + box.height / 2;
      step[isBelow ? "after" : "before"](dragged);
    });
    step.addEventListener("drop", (event) => event.preventDefault());
  }
}
