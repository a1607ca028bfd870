import { type Service, serviceIn, slosOf } from "./model.ts";

// Whether the objectives of a service see requests that never end. Libraries count a request that its client gave up as a success, as an
// error of the client, or not at all, and some do not count a handler that panics: docs/how-to/add-a-service.md has what each of them does.

/** Objectives that are missed if requests hang: by their duration, by a client that waits, or by what is left to do. */
const SEEING = /latency|duration|probe|freshness|backlog/;
/** Objectives of requests and messages that have ended. */
const OF_ENDED = new Set(["availability", "success"]);

/** Whether a service that matters most has objectives of finished requests and none that sees those that never end. */
export function missesHangs(service: Service, environment: string | undefined): boolean {
  if (serviceIn(service, environment).tier !== "critical") return false;
  const names = slosOf(service, environment).map(({ name }) => name);
  return names.some((name) => OF_ENDED.has(name)) && !names.some((name) => SEEING.test(name));
}

/** What to know of the services of an environment whose objectives miss requests that never end, as a sentence; none without such services. */
export function hangNotices(services: readonly Service[], environment: string): readonly string[] {
  const names = services.filter((service) => missesHangs(service, environment)).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    `The objectives of ${names.join(", ")} (tier critical) do not see requests that never end: many libraries count a request that its client gave up as a success, and some count neither it nor a handler that panics. Add objectives.latency, and probe for those that are not counted; for a worker, oldestMessage with objectives.freshness. docs/how-to/add-a-service.md has what each library counts.`,
  ];
}
