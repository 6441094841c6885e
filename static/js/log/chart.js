// Pain over time, drawn as the server draws it for an account. page: has the words; sessions:
// oldest first.
function painChart(page, sessions) {
  const told = sessions.filter((it) => it.pain_before !== null || it.pain_after !== null);
  if (told.length < 2) return null;
  const [width, height, left, right, top, bottom] = [640, 240, 36, 12, 12, 28];
  const times = told.map((it) => Date.parse(it.done_at));
  const span = times.at(-1) - times[0] || 1;
  const x = (at) => left + ((at - times[0]) / span) * (width - left - right);
  const y = (pain) => top + ((10 - pain) / 10) * (height - top - bottom);
  const drawing = shape("svg", { class: "pain-chart__drawing", viewBox: `0 0 ${width} ${height}`, role: "img" });
  drawing.setAttribute("aria-label", said(page, "Pain", { count: told.length }));
  const label = (text, place) => {
    const made = shape("text", { class: "pain-chart__label", ...place });
    made.textContent = text;
    drawing.append(made);
  };
  for (const pain of [0, 5, 10]) {
    const line = { x1: left, x2: width - right, y1: y(pain), y2: y(pain) };
    drawing.append(shape("line", { class: "pain-chart__line", ...line }));
    label(pain, { x: left - 8, y: y(pain) + 5, "text-anchor": "end" });
  }
  for (const name of ["before", "after"]) {
    const points = told
      .map((it, place) => [times[place], it[`pain_${name}`]])
      .filter(([, pain]) => pain !== null)
      .map(([at, pain]) => [x(at), y(pain)]);
    drawing.append(shape("polyline", { class: `pain-chart__${name}`, points: points.join(" ") }));
    for (const [cx, cy] of points) drawing.append(dot(name, cx, cy));
  }
  label(dayOf(told[0]), { x: left, y: height - 6 });
  label(dayOf(told.at(-1)), { x: width - right, y: height - 6, "text-anchor": "end" });
  const figure = document.createElement("figure");
  figure.className = "pain-chart";
  figure.append(drawing, key(page));
  return figure;
}

function dot(name, cx, cy) {
  return name === "before"
    ? shape("rect", { class: "pain-chart__before-dot", x: cx - 4, y: cy - 4, width: 8, height: 8 })
    : shape("circle", { class: "pain-chart__after-dot", cx, cy, r: 5 });
}

function key(page) {
  const caption = document.createElement("figcaption");
  caption.className = "pain-chart__key";
  for (const [name, text] of [["before", "Before"], ["after", "After"]]) {
    const span = document.createElement("span");
    span.className = `pain-chart__name pain-chart__name--${name}`;
    span.textContent = said(page, text);
    caption.append(span, " ");
  }
  return caption;
}

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function dayOf(session) {
  return new Date(session.done_at).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
}
