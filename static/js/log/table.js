const COLUMNS = ["done_at", "title", "seconds", "pain_before", "pain_after", "note", "url", "key"];

// A table for spreadsheets; no cell is one that they would compute.
function asCsv(sessions) {
  const cell = (value) => {
    const text = String(value ?? "");
    const harmless = typeof value === "string" && /^ *[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  const rows = sessions.map((it) => COLUMNS.map((name) => cell(it[name])).join(","));
  return [COLUMNS.join(","), ...rows, ""].join("\r\n");
}
