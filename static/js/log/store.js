// The log that this browser keeps, newest first. Nothing is written before it was chosen.
const deviceLog = {
  name: "practice-log",

  all() {
    const kept = tried(() => JSON.parse(localStorage.getItem(this.name) ?? "[]"));
    return Array.isArray(kept) ? kept.filter((it) => it && typeof it.key === "string") : [];
  },

  // Says whether the browser took it: it may have no room, or keep nothing at all.
  write(sessions) {
    const newest = [...sessions].sort((a, b) => (a.done_at < b.done_at ? 1 : -1));
    return tried(() => {
      if (newest.length) localStorage.setItem(this.name, JSON.stringify(newest));
      else localStorage.removeItem(this.name);
      return true;
    });
  },

  put(session) {
    return this.write([session, ...this.all().filter((it) => it.key !== session.key)]);
  },

  remove(...keys) {
    return this.write(this.all().filter((it) => !keys.includes(it.key)));
  },
};

function newKey() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0"));
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// What a form says of a session; an empty choice is null.
function saidIn(form) {
  const typed = Object.fromEntries(new FormData(form));
  const pain = (text) => (/^([0-9]|10)$/.test(text ?? "") ? Number(text) : null);
  return {
    pain_before: pain(typed.pain_before),
    pain_after: pain(typed.pain_after),
    note: (typed.note ?? "").trim().slice(0, 500),
  };
}

// Sends sessions to the account in lots, to the data-url of an element; resolves to the keys it
// took. Throws what to tell her.
async function sendToAccount(element, sessions) {
  const taken = [];
  for (let from = 0; from < sessions.length; from += 100) {
    const lot = sessions.slice(from, from + 100);
    const answer = await fetch(element.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ sessions: lot }),
    }).catch(() => null);
    if (!answer) throw new Error(said(element, "NoNetwork"));
    if (answer.status === 401) throw new Error(said(element, "NotSignedIn"));
    if (!answer.ok) {
      const { message } = await answer.json().catch(() => ({}));
      throw new Error(message ?? said(element, "NotTaken"));
    }
    taken.push(...lot.map((it) => it.key));
  }
  return taken;
}
