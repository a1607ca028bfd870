import { examplesOf, type Service, slosOf } from "../../components/service/model.ts";
import type { ExampleSeries } from "../../components/signals/ratio.ts";
import { GRACE } from "./cluster.ts";
import type { Fault } from "./faults.ts";
import { NativeRequests, type RequestShares } from "./native.ts";

/** Events of each objective per second of production's time: enough for the floor under the number of errors. */
const PER_SECOND = 50;

/**
 * Seconds of requests that went well, which come at once after the first scrape: the longest window of an alert that pages. Without them, a minute
 * of errors would be most of what such a window holds.
 */
const PAST = 3600;

/** Seconds after which what came at once has left the shortest window, so that faults are noticed as in production. */
export const SETTLED = 6 * 60;

/** The share of the requests that go to pods of one zone. */
const OF_A_ZONE = 1 / 3;

/** Seconds of the 30 days over which budgets are counted here. */
const MONTH = 30 * 86_400;

interface Simulated {
  readonly name: string;
  readonly examples: ExampleSeries;
  /** The share of events that may be bad, from 0 to 1. */
  readonly allowed: number;
  /** Bad events so far; of what is sampled, seconds of production's time in which it was bad. */
  bad: number;
}

/**
 * The traffic of a service, counted in the series that its objectives read. What kube-state-metrics says of its pods is in cluster.ts; what the
 * kubelet says is not there.
 */
export class Traffic {
  readonly service: Service;
  /** The objectives that are simulated, by name. */
  readonly objectives: readonly string[];
  /** The objectives that are not, by name, each with the reason. */
  readonly left: Readonly<Record<string, string>>;
  readonly #simulated: readonly Simulated[];
  readonly #faster: number;
  readonly #past: number;
  readonly #values = new Map<string, number>();
  readonly #native: NativeRequests | undefined;
  #scrapes = 0;
  #fault: Fault | undefined;
  #zoneLost: number | undefined;
  #until: number;

  /**
   * `faster` is how many times faster time passes than in production; `now` is in milliseconds since 1970. `past` is how many seconds of requests
   * come at once after the first scrape: none where several servers scrape, of which only one sees them come.
   */
  constructor(service: Service, environment: string, faster: number, now: number, past = PAST) {
    this.service = service;
    this.#faster = faster;
    this.#past = past;
    this.#until = now;
    const simulated: [string, Simulated][] = [];
    const left: Record<string, string> = {};
    for (const { name, objective } of slosOf(service, environment)) {
      const examples = examplesOf(service, name, environment);
      if (examples === undefined) left[name] = "the definition has no example of its series";
      else
        simulated.push([name, { name, examples, allowed: 1 - Number.parseFloat(objective) / 100, bad: 0 }]);
    }
    this.#simulated = simulated.map(([, one]) => one);
    this.objectives = simulated.map(([name]) => name);
    this.left = left;
    const native = this.#simulated
      .map(({ examples }) => examples)
      .filter((each) => each.native !== undefined);
    this.#native = native.length === 0 ? undefined : new NativeRequests(native);
    for (const { examples } of this.#simulated)
      for (const series of [...examples.good, ...examples.bad, ...(examples.always ?? [])])
        if (examples.sampled === undefined && examples.native === undefined) this.#values.set(series, 0);
  }

  /** Whether it has native histograms. */
  get isNative(): boolean {
    return this.#native !== undefined;
  }

  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** Has this fault from now on, or none. */
  switch(fault: Fault | undefined, now: number): void {
    this.#count(now);
    this.#fault = fault;
  }

  /** Has pods in a zone that is lost from now on, or in none. */
  loseZone(isLost: boolean, now: number): void {
    this.#count(now);
    this.#zoneLost = isLost ? now : undefined;
  }

  /** The shares of the budgets of 30 days of this traffic that were spent until a time, by the name of the objective. */
  spent(now: number): ReadonlyMap<string, number> {
    this.#count(now);
    return new Map(
      this.#simulated.map(({ name, examples, allowed, bad }) => [
        name,
        bad / (allowed * MONTH * (examples.sampled === undefined ? PER_SECOND : 1)),
      ]),
    );
  }

  /** What the service exposes at a time, in milliseconds since 1970; undefined: it answers no scrape. */
  exposition(now: number): string | undefined {
    this.#count(now);
    if (this.#fault?.isSilent) return undefined;
    if (++this.#scrapes === 2) this.#addPast();
    const counters = [...this.#values].map(([series, value]) => `${series} ${Math.round(value)}`);
    return `${[...counters, ...this.#gauges(now), ...(this.#native?.lines() ?? [])].join("\n")}\n`;
  }

  #addPast(): void {
    const events = this.#past * PER_SECOND;
    const counted = this.#simulated
      .map(({ examples }) => examples)
      .filter(({ sampled, native }) => sampled === undefined && native === undefined);
    for (const series of new Set(counted.flatMap(({ good }) => good)))
      this.#values.set(series, (this.#values.get(series) ?? 0) + events);
    this.#native?.count(events, { bad: 0, unclassified: 0, slow: 0 });
  }

  #count(now: number): void {
    const seconds = ((now - this.#until) / 1000) * this.#faster;
    const events = seconds * PER_SECOND;
    const lost = OF_A_ZONE * this.#shareWithoutZone(now);
    this.#until = now;
    // A series that several objectives read counts the events of one.
    const added = new Map<string, number>();
    const add = (series: string, amount: number) =>
      added.set(series, Math.max(added.get(series) ?? 0, amount));
    for (const each of this.#simulated) {
      const [own, unclassified] = this.#shares(each);
      if (each.examples.sampled !== undefined) {
        if (own === 1) each.bad += seconds;
        continue;
      }
      const bad = Math.max(own, lost);
      each.bad += bad * events;
      if (each.examples.native === undefined) countIn(each.examples, events, { bad, unclassified }, add);
    }
    this.#native?.count(events, this.#sharesOfRequests(lost));
    for (const [series, amount] of added) this.#values.set(series, (this.#values.get(series) ?? 0) + amount);
  }

  /** What is wrong with requests of which one series has the statuses and the durations. */
  #sharesOfRequests(lost: number): RequestShares {
    const { bad = 0, badOfAllowed, unclassified = 0, only } = this.#fault ?? {};
    const ofAllowed = this.#simulated.map(({ allowed }) => allowed * (badOfAllowed ?? 0));
    const isSlow = only === "latency";
    return {
      bad: Math.max(isSlow ? 0 : bad, lost, Math.min(...ofAllowed)),
      unclassified,
      slow: isSlow ? bad : 0,
    };
  }

  /** The share of the time since it was counted last in which requests still went to a zone that is lost. */
  #shareWithoutZone(now: number): number {
    if (this.#zoneLost === undefined || now === this.#until) return 0;
    const noticed = this.#zoneLost + (GRACE / this.#faster) * 1000;
    return Math.max(0, Math.min(now, noticed) - Math.max(this.#until, this.#zoneLost)) / (now - this.#until);
  }

  #shares({ name, allowed }: Simulated): readonly [bad: number, unclassified: number] {
    const { bad = 0, badOfAllowed = 0, unclassified = 0, only } = this.#fault ?? {};
    const isHit = only === undefined || name.startsWith(only);
    return [isHit ? Math.min(1, Math.max(bad, badOfAllowed * allowed)) : 0, unclassified];
  }

  #gauges(now: number): string[] {
    return this.#simulated.flatMap((each) => {
      const { good, sampled } = each.examples;
      if (sampled === undefined) return [];
      const value = this.#shares(each)[0] === 1 ? sampled.bad : sampled.good;
      return good.map((series) => `${series} ${sampled.since ? now / 1000 - value : value}`);
    });
  }
}

/** Counts the events of an objective in its series. */
function countIn(
  examples: ExampleSeries,
  events: number,
  { bad, unclassified }: { readonly bad: number; readonly unclassified: number },
  add: (series: string, amount: number) => void,
): void {
  const both = examples.good.filter((series) => examples.bad.includes(series));
  for (const series of both) add(series, events * (1 - unclassified));
  for (const series of examples.good)
    if (!both.includes(series)) add(series, events * (1 - bad - unclassified));
  for (const series of examples.bad) if (!both.includes(series)) add(series, events * bad);
  for (const series of examples.unclassified ?? []) add(series, events * unclassified);
}
