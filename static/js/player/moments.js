// Reads what is played from the list on the page, less what was not chosen in the form.
function chosenMoments(page, form) {
  const names = ["Left", "Right"];
  if (form.elements.first?.value === "right") names.reverse();
  const sides = Object.fromEntries(
    ["first", "other"].map((it, place) => [it, [said(page, names[place]), said(page, `${names[place]}Within`)]]),
  );
  const isChosen = (choice) => form.querySelector(choice)?.checked ?? false;
  const [oneSide, optionalToo] = [isChosen("[data-one-side]"), isChosen("[data-optional-too]")];
  return [...page.querySelectorAll(".moments > li")]
    .filter(({ dataset }) => !oneSide || dataset.side !== "other")
    .filter(({ dataset }) => optionalToo || !("optional" in dataset))
    .map((item) => momentOf(item, sides));
}

function momentOf(item, sides) {
  const { dataset } = item;
  return {
    kind: dataset.kind,
    seconds: Number(dataset.seconds),
    title: item.querySelector("[data-title]").textContent,
    cue: item.querySelector("[data-cue]").textContent,
    side: sides[dataset.side]?.[0] ?? "",
    sideWithin: sides[dataset.side]?.[1] ?? "", // as it stands within a sentence
    breath: dataset.breath.split(" ").map(Number),
    isOptional: "optional" in dataset,
    begins: "begins" in dataset,
    figure: dataset.figure,
    figureAlt: dataset.figureAlt ?? "",
  };
}
