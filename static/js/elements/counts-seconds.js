// Says with a form how long its page was looked at; one that comes back goes on counting.
for (const form of document.querySelectorAll("form[data-counts-seconds]")) {
  form.addEventListener("submit", (event) => {
    const field = form.elements.namedItem("seconds");
    field.value = (Number(field.value) + event.timeStamp / 1000).toFixed(1);
  });
}
