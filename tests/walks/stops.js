// Where the focus stands: what it looks like there, and whether anything lies over it.
window.stop = () => {
  const { named, box, style } = window.probes;
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const isNative = !it.matches(":focus"); // a part inside a video or a date, with the browser's own ring
  const { left, top, right, bottom } = box(it);
  const look = style(it);
  const shape = it.querySelector("path, rect, ellipse, polygon");
  const ring = [look.outlineStyle !== "none" ? parseFloat(look.outlineWidth) : 0, look.outlineColor];
  const [width, colour] = ring[0] || !shape ? ring : [parseFloat(style(shape).strokeWidth), style(shape).stroke];
  return {
    name: named(it),
    place: [...document.querySelectorAll("*")].indexOf(it),
    doc: [left + scrollX, top + scrollY, right + scrollX, bottom + scrollY],
    width: isNative ? 2 : width,
    contrast: isNative ? 3 : contrast(colour, ground(it.parentElement)),
    isInDialog: Boolean(it.closest("dialog")),
    isCovered: !points(it).some(([x, y]) => isUnder(it, x, y)),
  };

  function points(element) {
    const rects = [...element.getClientRects()];
    return rects.flatMap(({ left, top, width, height }) =>
      [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + x * width, top + y * height])));
  }

  function isUnder(element, x, y) {
    const found = document.elementFromPoint(x, y);
    return Boolean(found) && (element.contains(found) || found.contains(element) || labels(element).some((l) => l.contains(found)));
  }

  function labels(element) {
    return [...(element.labels ?? [])];
  }

  function ground(element) {
    for (let at = element; at; at = at.parentElement) {
      const [, , , alpha] = painted(style(at).backgroundColor);
      if (alpha === 255) return style(at).backgroundColor;
    }
    return "Canvas";
  }

  function painted(colour) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  }

  function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(colour) {
    const linear = (byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = painted(colour).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
};
