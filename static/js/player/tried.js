// What an act gives; undefined where the browser forbids it, as a store may be full or shut.
function tried(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
