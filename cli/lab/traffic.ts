import { examplesOf, type Service, slosOf } from "../../components/service/model.ts";
import type { ExampleSeries } from "../../components/signals/ratio.ts";
import type { Fault } from "./faults.ts";

/** Events of each objective per second of production's time: enough for the floor under the number of errors. */
const PER_SECOND = 50;

interface Simulated {
  readonly examples: ExampleSeries;
  /** The share of events that may be bad, from 0 to 1. */
  readonly allowed: number;
}

/**
 * The traffic of a service, counted in the series that its objectives read. A service's own metrics are simulated and nothing else of it: what
 * kube-state-metrics and the kubelet say of its pods is not there.
 */
export class Traffic {
  readonly service: Service;
  /** The objectives that are simulated, by name. */
  readonly objectives: readonly string[];
  /** The objectives that are not, by name, each with the reason. */
  readonly left: Readonly<Record<string, string>>;
  readonly #simulated: readonly Simulated[];
  readonly #faster: number;
  readonly #values = new Map<string, number>();
  #fault: Fault | undefined;
  #until: number;

  /** `faster` is how many times faster time passes than in production; `now` is in milliseconds since 1970. */
  constructor(service: Service, environment: string, faster: number, now: number) {
    this.service = service;
    this.#faster = faster;
    this.#until = now;
    const simulated: [string, Simulated][] = [];
    const left: Record<string, string> = {};
    for (const { name, objective } of slosOf(service, environment)) {
      const examples = examplesOf(service, name, environment);
      if (examples === undefined) left[name] = "the definition has no example of its series";
      else if (examples.native !== undefined) left[name] = "the lab writes no native histograms";
      else simulated.push([name, { examples, allowed: 1 - Number.parseFloat(objective) / 100 }]);
    }
    this.#simulated = simulated.map(([, one]) => one);
    this.objectives = simulated.map(([name]) => name);
    this.left = left;
    for (const { examples } of this.#simulated)
      for (const series of [...examples.good, ...examples.bad, ...(examples.always ?? [])])
        if (examples.sampled === undefined) this.#values.set(series, 0);
  }

  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** Has this fault from now on, or none. */
  switch(fault: Fault | undefined, now: number): void {
    this.#count(now);
    this.#fault = fault;
  }

  /** What the service exposes at a time, in milliseconds since 1970; undefined: it answers no scrape. */
  exposition(now: number): string | undefined {
    this.#count(now);
    if (this.#fault?.isSilent) return undefined;
    const counters = [...this.#values].map(([series, value]) => `${series} ${Math.round(value)}`);
    return `${[...counters, ...this.#gauges(now)].join("\n")}\n`;
  }

  #count(now: number): void {
    const events = ((now - this.#until) / 1000) * PER_SECOND * this.#faster;
    this.#until = now;
    // A series that several objectives read counts the events of one.
    const added = new Map<string, number>();
    const add = (series: string, amount: number) =>
      added.set(series, Math.max(added.get(series) ?? 0, amount));
    for (const { examples, allowed } of this.#simulated) {
      if (examples.sampled !== undefined) continue;
      const [bad, unclassified] = this.#shares(allowed);
      const both = examples.good.filter((series) => examples.bad.includes(series));
      for (const series of both) add(series, events * (1 - unclassified));
      for (const series of examples.good)
        if (!both.includes(series)) add(series, events * (1 - bad - unclassified));
      for (const series of examples.bad) if (!both.includes(series)) add(series, events * bad);
      for (const series of examples.unclassified ?? []) add(series, events * unclassified);
    }
    for (const [series, amount] of added) this.#values.set(series, (this.#values.get(series) ?? 0) + amount);
  }

  #shares(allowed: number): readonly [bad: number, unclassified: number] {
    const { bad = 0, unclassified = 0 } = this.#fault ?? {};
    return [bad === "all" ? 1 : Math.min(1, bad * allowed), unclassified];
  }

  #gauges(now: number): string[] {
    return this.#simulated.flatMap(({ examples: { good, sampled } }) => {
      if (sampled === undefined) return [];
      const value = this.#fault?.bad === "all" ? sampled.bad : sampled.good;
      return good.map((series) => `${series} ${sampled.since ? now / 1000 - value : value}`);
    });
  }
}
