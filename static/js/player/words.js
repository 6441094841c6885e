// What the page says for a script: data-say-… of an element, with {values} in their places.
function said(element, name, values = {}) {
  const text = element.dataset[`say${name}`] ?? "";
  return text.replace(/\{(\w+)\}/g, (_, value) => values[value]);
}
