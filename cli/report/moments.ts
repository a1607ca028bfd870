/** A moment as it is read, in UTC: `2026-11-03 02:10` for an ISO 8601 text with any offset, or for Unix seconds. */
export function toTheMinute(at: string | number): string {
  const moment = new Date(typeof at === "number" ? at * 1000 : at);
  return moment.toISOString().slice(0, 16).replace("T", " ");
}
