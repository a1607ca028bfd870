import { parsedQuery } from "../../components/promql/parse.ts";
import { ALERTMANAGER_CONFIG_KEY, parseRouting } from "../rules/alerting/routing.ts";
import { type ResourceView, TYPES } from "../rules/resource.ts";
import { judge } from "../rules/violation.ts";

/** For how many milliseconds texts are read before the pack looks whether the engine asks something. */
const TURN = 5;

/**
 * Reads the queries of rules and the routes of Alertmanager while the engine still registers other resources. The policies on the
 * whole stack come at the end, when nothing else is left to do, and find them read: half of their time is the reading. What is not known yet,
 * or cannot be read, is left to the policies, which say so.
 */
export class ReadAhead {
  readonly #waiting: (() => void)[] = [];

  /** Takes note of a resource, and reads later. */
  add(resource: ResourceView): void {
    const isIdle = this.#waiting.length === 0;
    judge(() => this.#note(resource));
    if (isIdle) this.#goOn();
  }

  #note({ type, properties }: ResourceView): undefined {
    if (type === TYPES.secret) {
      const routes = properties.at("stringData", ALERTMANAGER_CONFIG_KEY).text();
      if (routes !== undefined) this.#waiting.push(() => void parseRouting(routes));
    }
    if (type !== TYPES.prometheusRule) return;
    for (const group of properties.at("spec", "groups").items())
      for (const rule of group.at("rules").items()) {
        const query = rule.at("expr").text();
        if (query !== undefined) this.#waiting.push(() => void parsedQuery(query));
      }
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
