import { readingsOf } from "../rules/alerting/readings.ts";
import type { ResourceView } from "../rules/resource.ts";

/** For how many milliseconds texts are read before the pack looks whether the engine asks something. */
const TURN = 5;

/**
 * Reads queries and routes while the engine still registers other resources. The policies on the whole stack come at the end, when
 * nothing else is left to do, and find them read: half of their time is the reading.
 */
export class ReadAhead {
  readonly #waiting: (() => void)[] = [];

  /** Takes note of a resource, and reads later. */
  add(resource: ResourceView): void {
    const isIdle = this.#waiting.length === 0;
    this.#waiting.push(...readingsOf(resource));
    if (isIdle) this.#goOn();
  }

  #goOn(): void {
    if (this.#waiting.length === 0) return;
    const turn = setImmediate(() => {
      const end = performance.now() + TURN;
      while (this.#waiting.length > 0 && performance.now() < end) this.#waiting.pop()?.();
      this.#goOn();
    });
    // A process that has nothing else to do ends without it.
    turn.unref();
  }
}
