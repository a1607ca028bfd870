/** Counters whose exporters do not call them so; test/components/alerts/fixtures.test.ts holds each against an exposition. */
const BY_OTHER_NAMES: readonly string[] = ["awscni_no_available_ip_addresses"];

/** Whether a metric is a counter, or one of the counters that make up a histogram or summary: what a rate may be taken of. */
export function isCounter(metric: string): boolean {
  return /_(total|bucket|count|sum)$/.test(metric) || BY_OTHER_NAMES.includes(metric);
}
