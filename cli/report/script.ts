import { createHash } from "node:crypto";

/**
 * The script of report.html: the filter of the alerts, and links to one alert. Without it the filter is hidden and everything else
 * works. It is text, because it runs in the reader's browser and is bundled by nothing.
 */
export const SCRIPT = `(() => {
  const form = document.getElementById("alert-filter");
  if (form === null) return;
  const rows = [...document.querySelectorAll("details.alert")].map((element) => ({
    element,
    item: element.parentElement,
    name: element.dataset.name,
    severity: element.dataset.severity,
    team: element.dataset.team,
    receivers: element.dataset.receivers.split("\\n"),
    text: element.textContent.toLowerCase(),
  }));
  const groups = [...document.querySelectorAll("#alerts .severity")];
  const status = form.querySelector("output");
  const { text, severity, team, receiver } = form.elements;
  const openedHere = new Set();
  const apply = () => {
    const words = text.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    const shown = rows.filter((row) => {
      const shows =
        words.every((word) => row.text.includes(word)) &&
        (severity.value === "" || row.severity === severity.value) &&
        (team.value === "" || row.team === team.value) &&
        (receiver.value === "" || row.receivers.includes(receiver.value));
      row.item.hidden = !shows;
      return shows;
    });
    for (const group of groups) group.hidden = group.querySelector("li:not([hidden])") === null;
    // A search for a name that few alerts have opens them; what a search opened, the next one folds.
    const named = words.length === 1 ? shown.filter(({ name }) => name.toLowerCase().includes(words[0])) : [];
    const opens = new Set(named.length <= 5 ? named.map(({ element }) => element) : []);
    for (const element of openedHere) if (!opens.has(element)) element.open = false;
    for (const element of opens) if (!element.open) openedHere.add(element);
    for (const element of [...openedHere]) if (!opens.has(element)) openedHere.delete(element);
    for (const element of opens) element.open = true;
    const all = shown.length === rows.length;
    status.textContent = all ? "" : shown.length === 0 ? "No alert matches." : shown.length + " of " + rows.length + " alerts";
  };
  const showLinked = () => {
    const id = location.hash.slice(1);
    const linked = rows.filter(({ element, name }) => element.id === id || "alert-" + name === id);
    if (linked.length === 0) return;
    if (linked.some(({ item }) => item.hidden)) {
      form.reset();
      apply();
    }
    for (const { element } of linked) element.open = true;
    linked[0].element.scrollIntoView();
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", showLinked);
  form.hidden = false;
  apply();
  showLinked();
})();
`;

/** The script's hash, which the page's policy allows: no other script runs. */
export const SCRIPT_SOURCE = `'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`;
