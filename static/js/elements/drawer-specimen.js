// The page of the drawer, on a developer's machine: its buttons open the drawer as a product page
// does after something was added, with what stands beside the button.
document.addEventListener("click", ({ target }) => {
  target
    .closest("[data-opens]")
    ?.parentElement.querySelector("[data-drawer]")
    .dispatchEvent(new CustomEvent("cart-added", { bubbles: true }));
});
