import { CLUSTER } from "./faults.ts";
import type { Notification } from "./notifications.ts";

/** A fault that was switched on, and what came of it. */
export interface Trial {
  /** The service, or the cluster. */
  readonly service: string;
  readonly fault: string;
  readonly alert: string;
  /** When, in milliseconds since 1970. */
  readonly from: number;
  /** When it was switched off. */
  until?: number;
  /** Seconds of production's time until the first message; left out: none yet. */
  measured?: number;
  /** Seconds of production's time within which the message is promised; left out: nothing is promised of this fault. */
  readonly promised?: number;
}

/** The trials of a lab, the newest last. */
export class Trials {
  readonly #all: Trial[] = [];
  readonly #faster: number;

  constructor(faster: number) {
    this.#faster = faster;
  }

  get all(): readonly Trial[] {
    return this.#all;
  }

  begin(trial: Trial): void {
    this.#all.push(trial);
  }

  end(service: string, now: number): void {
    for (const trial of this.#all) if (trial.service === service) trial.until ??= now;
  }

  /** Takes note of a message. */
  told({ status, at, alerts, services }: Notification): void {
    if (status !== "firing") return;
    for (const trial of this.#all)
      if (
        trial.measured === undefined &&
        (trial.service === CLUSTER || services.includes(trial.service)) &&
        alerts.includes(trial.alert)
      )
        trial.measured = ((at - trial.from) / 1000) * this.#faster;
  }
}
