// A note of a text opens by its link alone. This lets "Back to the text", or Escape, lead to the
// mark that opened it, where a source is cited more than once, and leaves no trace in the history.
{
  let mark;

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".footnote-ref a, .footnote-backref");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.matches(".footnote-ref a")) {
      mark ??= link; // an open note is replaced by the next one: there is one way back
      if (mark !== link) {
        event.preventDefault();
        mark = link;
        location.replace(link.hash);
      }
    } else if (mark) {
      event.preventDefault();
      close();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && mark) close();
  });

  function close() {
    const back = mark;
    mark = undefined;
    addEventListener("popstate", () => back.focus({ preventScroll: true }), { once: true });
    history.back();
  }
}
