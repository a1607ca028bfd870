import type { Live } from "./live.ts";

/** An alert from when it was pending until it was over. Times are in milliseconds since 1970. */
export interface LoggedAlert {
  readonly name: string;
  readonly severity: string;
  readonly service: string | undefined;
  readonly objective: string | undefined;
  /** What else it is about, such as a node or a pod; empty where nothing tells it. */
  readonly about: string;
  /** When its condition was first true, as Prometheus has it. */
  readonly pending: number;
  /** When it was first seen to fire; left out: it never did. */
  firing?: number;
  /** When it was first seen to be over; left out: it is not. */
  over?: number;
}

/** Every alert that there was, the first first. */
export class AlertLog {
  readonly #open = new Map<string, LoggedAlert>();
  readonly #all: LoggedAlert[] = [];

  get all(): readonly LoggedAlert[] {
    return this.#all;
  }

  /** Takes note of what Prometheus says at a time. */
  observe({ alerts }: Live, now: number): void {
    const seen = new Set<string>();
    for (const { name, state, labels, activeAt } of alerts) {
      const key = JSON.stringify([name, Object.entries(labels).sort()]);
      seen.add(key);
      let logged = this.#open.get(key);
      if (logged === undefined) {
        logged = {
          name,
          severity: labels["severity"] ?? "",
          service: labels["service"],
          objective: labels["slo"],
          about: labels["pod"] ?? labels["deployment"] ?? labels["node"] ?? "",
          pending: Date.parse(activeAt),
        };
        this.#open.set(key, logged);
        this.#all.push(logged);
      }
      if (state === "firing") logged.firing ??= now;
    }
    for (const [key, logged] of this.#open)
      if (!seen.has(key)) {
        logged.over = now;
        this.#open.delete(key);
      }
  }
}
