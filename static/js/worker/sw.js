// Keeps the player pages that were opened, with their own static files, for when there is no
// network. Pages are fetched for keeping without cookies, so nothing of the visitor is in them.
// Another NAME is another cache: the old ones go when this script takes over.
const NAME = "player-1";
const MOST_PAGES = 40;
// Pages of other languages stand below a prefix of two letters.
const KEPT = /^(\/[a-z]{2})?\/((pages|routines)\/[^/]+\/play|log|offline)$/;
const TEACHES = /^(\/[a-z]{2})?\/((pages|routines)\/|(routines|log)$)/;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith("player-") && name !== NAME);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  const { pages = [], files = [] } = event.data ?? {};
  const paths = [...pages.filter((path) => KEPT.test(path)), ...files.filter(isStatic)];
  event.waitUntil(Promise.all(paths.map(keep)).then(prune));
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (isStatic(pathname)) event.respondWith(file(event.request));
  else if (mode === "navigate" && TEACHES.test(pathname)) event.respondWith(page(event.request));
});

function isStatic(path) {
  return path.startsWith("/static/");
}

// The name of a static file changes with its content, so what is kept is right.
async function file(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(NAME);
    const kept = await cache.match(request.url, { ignoreSearch: true, ignoreVary: true });
    const [, prefix = ""] = TEACHES.exec(new URL(request.url).pathname);
    return kept ?? (await cache.match(`${prefix}/offline`, { ignoreVary: true })) ?? Response.error();
  }
}

async function keep(path) {
  const cache = await caches.open(NAME);
  if (isStatic(path) && (await cache.match(path))) return;
  try {
    const answer = await fetch(path, { credentials: "omit" });
    if (!answer.ok || answer.redirected) return;
    if (isStatic(path)) await forgetEditions(cache, path);
    else await cache.delete(path, { ignoreVary: true });
    await cache.put(path, answer);
  } catch {
    // What cannot be fetched now is kept the next time.
  }
}

// Other editions of the same file, which no page asks for any more.
async function forgetEditions(cache, path) {
  const plain = (name) => name.replace(/\.[0-9a-f]{12}(?=\.[a-z0-9]+$)/, "");
  for (const request of await cache.keys()) {
    if (plain(new URL(request.url).pathname) === plain(path)) await cache.delete(request);
  }
}

// The pages kept longest ago go first.
async function prune() {
  const cache = await caches.open(NAME);
  const pages = (await cache.keys()).filter(({ url }) => !isStatic(new URL(url).pathname));
  await Promise.all(pages.slice(0, -MOST_PAGES).map((old) => cache.delete(old, { ignoreVary: true })));
}
