import { setTimeout as sleep } from "node:timers/promises";
import { seconds } from "../../components/core/duration.ts";
import type { Experiment } from "./experiment.ts";
import { type GameDayState, type PlacedStep, placed, type Scenario } from "./scenarios.ts";

/** Plays a scenario on a lab: switches its faults at their times. */
export class GameDay {
  readonly scenario: Scenario;
  readonly steps: readonly PlacedStep[];
  readonly #experiment: Experiment;
  readonly #faster: number;
  readonly #stopped = new AbortController();
  #from: number | undefined;
  #done = 0;

  constructor(scenario: Scenario, experiment: Experiment, faster: number) {
    this.scenario = scenario;
    this.#experiment = experiment;
    this.#faster = faster;
    this.steps = placed(scenario, experiment.args, (service, fault) => experiment.canHave(service, fault));
  }

  /** When it began, in milliseconds since 1970. */
  get from(): number | undefined {
    return this.#from;
  }

  state(now: number): GameDayState {
    const { title, about, end } = this.scenario;
    return {
      title,
      about,
      age: this.#from === undefined ? undefined : ((now - this.#from) / 1000) * this.#faster,
      end: seconds(end),
      steps: this.steps.map((step, index) => ({ ...step, isDone: index < this.#done })),
    };
  }

  /** Waits until all is well, and then plays it to its end, or until it is stopped. */
  async play(): Promise<void> {
    while (!this.#experiment.isWell) if (!(await this.#wait(200))) return;
    const from = Date.now();
    this.#from = from;
    const until = (at: string) => this.#wait(from + (seconds(at) * 1000) / this.#faster - Date.now());
    for (const { at, targets, fault, switch: to } of this.steps) {
      if (!(await until(at))) return;
      for (const service of targets)
        this.#experiment.switchFault({ service, fault: to === "on" ? fault : null });
      this.#done++;
    }
    await until(this.scenario.end);
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** False: it was stopped meanwhile. */
  async #wait(milliseconds: number): Promise<boolean> {
    await sleep(Math.max(0, milliseconds), undefined, { signal: this.#stopped.signal }).catch(() => {});
    return !this.#stopped.signal.aborted;
  }
}
