// Lets an opened player page be opened again without a network: the worker at /sw.js is told which
// pages to keep, and which static files these need. Nothing else is kept. keep, keepFiles: what is
// kept beside this page, with a space between two paths.
async function keepForOffline({ keep = "", keepFiles = "" }) {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/sw.js");
    const { active } = await navigator.serviceWorker.ready;
    const files = [...filesOfPage(), ...keepFiles.split(" ")];
    active.postMessage({ pages: [location.pathname, ...keep.split(" ")], files });
  } catch {
    // Without a worker the page needs the network, as any other.
  }
}

function filesOfPage() {
  const named = document.querySelectorAll("link[href], script[src], img[src], [data-figure]");
  const urls = [...named].map((it) => it.dataset.figure ?? it.getAttribute("src") ?? it.href);
  const own = urls.filter(Boolean).map((url) => new URL(url, location.href));
  const files = own.filter((it) => it.origin === location.origin && isStatic(it.pathname));
  return [...new Set(files.map((it) => it.pathname))];
}

function isStatic(path) {
  return path.startsWith("/static/");
}
