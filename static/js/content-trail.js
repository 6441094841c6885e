// Tells the cart, when something is added, which text of this visit came first and which last. The
// browser's own history of this tab on this site knows; nothing is stored. Without it (Navigation
// API) the shop goes by the address of the page that the form was on.
{
  const TEXT =
    /^\/(blogs\/[^/]+\/[^/]+|(pages|muscles|routines)\/[^/]+|where-does-it-hurt(\/[^/]+)?|glossary)\/?$/;
  const LANGUAGE = /^\/[a-z]{2}(?=\/)/; // which a page was in does not matter

  document.addEventListener("formdata", ({ target, formData }) => {
    if (!target.getAttribute("action")?.endsWith("/cart/add") || !window.navigation?.currentEntry) return;
    const visited = navigation.entries().slice(0, navigation.currentEntry.index + 1);
    const texts = visited.flatMap(({ url }) => (url ? textsOf(new URL(url)) : []));
    if (!texts.length) return;
    formData.set("first_content", texts[0]);
    formData.set("last_content", texts.at(-1));
  });

  // Where a page was come to from, such as a mail, and the page itself where it is a text.
  function textsOf({ pathname, searchParams }) {
    const came = searchParams.get("from") ?? "";
    return [came, pathname.replace(LANGUAGE, "")].filter((it) => TEXT.test(it) || it.startsWith("mail:"));
  }
}
