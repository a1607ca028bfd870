/** A moment as it is read, in UTC: `2026-11-03 02:10` for an ISO 8601 text with any offset, or for Unix seconds. */
export function toTheMinute(at: string | number): string {
  const moment = new Date(typeof at === "number" ? at * 1000 : at);
  return moment.toISOString().slice(0, 16).replace("T", " ");
}

/** Milliseconds since 1970 of an ISO 8601 text with an offset; undefined for any other, such as one without a time zone. */
export function momentIn(text: string): number | undefined {
  const at = /T.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
