import { type Duration, duration, seconds } from "../core/duration.ts";
import { type Counters, eitherOf, selectorsOf } from "./counters.ts";
import {
  above,
  and,
  andOn,
  atLeast,
  atMost,
  dividedBy,
  histogramCount,
  type InstantVector,
  instant,
  lastOverTime,
  type Matcher,
  maxOverTime,
  metric,
  minOverTime,
  minus,
  or,
  over,
  plus,
  type Selector,
  same,
  scalar,
  sum,
  times,
  unlessOn,
} from "./promql.ts";
import { now } from "./promql-time.ts";

// How much counters increase from one scrape to the next: the value now minus the value one scrape interval ago. The differences of
// consecutive evaluations add up to the increase, at whatever times the scrapes are. A series that has ended adds nothing.

/**
 * The range, in scrape intervals, in which the previous value is searched. After one or two missing scrapes, the increase since the last
 * successful one is counted in one step.
 */
const LOOKBACK_SCRAPES = 3;

/**
 * The range in which the previous value of a pushed counter is searched. A counter of delta temporality is pushed only when it counts, and
 * the receiver goes on from its sum for five minutes (`max_stale` of deltatocumulative, looked at every minute); then it begins at 0.
 */
const LOOKBACK_PUSHED: Duration = "6m";

/** How the series of a counter come: at each scrape of a target, or by OTLP, when the service pushes. */
export type Arrival = "scraped" | "pushed";

/** The scrapes, or pushes, in which the previous value is searched. What more of them that are missing hide belongs to no step. */
export function scrapesBefore(arrival: Arrival, scrapeInterval: Duration): number {
  return Math.ceil(seconds(reach(arrival, scrapeInterval)) / seconds(scrapeInterval));
}

/** The samples that a step reads of each series of its counter: the current value twice, and the previous one. */
export function samplesOfCounter(arrival: Arrival, scrapeInterval: Duration): number {
  return 2 + scrapesBefore(arrival, scrapeInterval);
}

/** The samples that a step reads of each series of all events, to learn which targets are known. */
export function samplesOfFamily(arrival: Arrival, scrapeInterval: Duration): number {
  return arrival === "scraped" ? 1 : scrapesBefore(arrival, scrapeInterval);
}

/** The labels that identify a target. A label that a series does not have counts as empty. */
const TARGET = ["job", "instance", "pod"];

/** The labels of counters that the `up` of their target has too. */
const LABELS_OF_UP: ReadonlySet<string> = new Set(["job", "namespace", "cluster"]);

/** When a target is looked at to learn whether it is new. A target that exists for longer than the last one is not new. */
const LOOKS: readonly Duration[] = ["3m", "6m"];
const OLD: Duration = "10m";

/** A counter of some events, and the counter of all events. */
export interface Counted {
  readonly counter: Counters;
  readonly family: Counters;
  /** Default: scraped. */
  readonly arrival?: Arrival;
}

/**
 * Events per second in the newest step as one series; no data without a counter.
 *
 * The previous value is 0 if the counter restarted, and if its series is new on a target that is known: the target was scraped before, or
 * its process began a short time ago. In all other cases, such as after a long gap or when labels were renamed, it is not known what of
 * the value is new, and the target is not counted in this step.
 */
export function stepRate(counted: Counted, scrapeInterval: Duration): InstantVector {
  const { current, previous } = valuesOf(counted, scrapeInterval);
  const before = or(
    byTarget(atMost(previous, current)),
    ...targetsThatCount(counted, scrapeInterval).map((target) => times(scalar(0), byTarget(target))),
  );
  return perSecond(sum(minus(byTarget(current), before)), scrapeInterval);
}

/** The same of native histograms: the histogram of the newest step per second. */
export function histogramStepRate(counted: Counted, scrapeInterval: Duration): InstantVector {
  const { current, previous } = valuesOf(counted, scrapeInterval);
  // After a restart, Prometheus 3.13 drops the difference of two histograms, because their counter resets differ. It keeps their sum.
  const continued = and(
    times(scalar(-1), previous),
    atMost(histogramCount(previous), histogramCount(current)),
  );
  const [scraped, ...others] = targetsThatCount(counted, scrapeInterval) as [InstantVector];
  const before = or(byTarget(continued), times(scalar(0), byTarget(scraped)));
  // A number cannot be subtracted from a histogram, so the targets that `up` knows are a vector of their own.
  const known = others.map((target) => andOn(byTarget(current), TARGET, target));
  return perSecond(sum(or(plus(byTarget(current), before), ...known)), scrapeInterval);
}

/** The value of each series in the newest scrape, and the last one before that scrape. */
function valuesOf({ counter, arrival = "scraped" }: Counted, scrapeInterval: Duration) {
  const previousIn = reach(arrival, scrapeInterval);
  return {
    current: eitherOf(counter, (selector) => lastOverTime(over(selector, scrapeInterval))),
    previous: eitherOf(counter, (selector) => lastOverTime(over(selector, previousIn, scrapeInterval))),
  };
}

function perSecond(increase: InstantVector, scrapeInterval: Duration): InstantVector {
  return dividedBy(increase, scalar(seconds(scrapeInterval)));
}

function byTarget(operand: InstantVector): InstantVector {
  return sum(operand, ...TARGET);
}

function reach(arrival: Arrival, scrapeInterval: Duration): Duration {
  const scrapes = duration(LOOKBACK_SCRAPES * seconds(scrapeInterval));
  return arrival === "pushed" && seconds(scrapes) < seconds(LOOKBACK_PUSHED) ? LOOKBACK_PUSHED : scrapes;
}

/** The matchers of a counter that hold for the `up` of its target; none if it does not name a job. */
export function labelsOfUp(counters: Counters): readonly Matcher[] {
  const matchers = selectorsOf(counters)[0]?.matchers ?? [];
  return matchers.some(({ label }) => label === "job")
    ? matchers.filter(({ label }) => LABELS_OF_UP.has(label))
    : [];
}

/** The targets whose series are counted from 0 if they have no previous value: those with series in the last scrape come first. */
function targetsThatCount(
  { family, arrival = "scraped" }: Counted,
  scrapeInterval: Duration,
): readonly InstantVector[] {
  const ofUp = labelsOfUp(family);
  // A range and not an instant selector, which finds samples of up to five minutes before. A counter that is pushed may have paused for as
  // long as its previous value is searched.
  const range = arrival === "pushed" ? reach(arrival, scrapeInterval) : scrapeInterval;
  const scraped = eitherOf(family, (selector) => lastOverTime(over(selector, range, scrapeInterval)));
  if (ofUp.length === 0) return [scraped];
  const target = (name: string): Selector => metric(name, ...ofUp);
  const before = (name: string) =>
    maxOverTime(over(target(name), reach(arrival, scrapeInterval), scrapeInterval));
  // Each push has this series of its resource, whatever else it has. Nothing that belongs to scrapes exists.
  if (arrival === "pushed") return [scraped, before("target_info")];
  const onKnownLoop = (found: InstantVector) =>
    unlessOn(found, TARGET, newScrapeLoops(target, scrapeInterval));
  const answered = same(before("up"), scalar(1));
  return [onKnownLoop(scraped), onKnownLoop(answered), newTargets(target("up"), target, scrapeInterval)];
}

type OfTarget = (name: string) => Selector;

/**
 * The targets of which every series was new to Prometheus in a scrape of this step. This is so after a change of the scrape configuration, which
 * can rename the series of a process that has been counting for a long time. Two scrapes may lie in one step, and then only the first has new
 * series, and the second may have more of them.
 */
function newScrapeLoops(target: OfTarget, scrapeInterval: Duration): InstantVector {
  return atLeast(
    maxOverTime(over(target("scrape_series_added"), scrapeInterval)),
    minOverTime(over(target("scrape_samples_post_metric_relabeling"), scrapeInterval)),
  );
}

/**
 * The targets that answer now for the first time, beside others of the job that have existed for longer. Without those, it is Prometheus
 * or the monitor that is new. A process that says that it began earlier is not new.
 */
function newTargets(up: Selector, target: OfTarget, scrapeInterval: Duration): InstantVector {
  const one = scalar(1);
  const answered = [scrapeInterval, ...LOOKS].map((ago) => same(instant(up, ago), one));
  const known = or(answered[0] as InstantVector, ...answered.slice(1), instant(up, OLD));
  const began = instant(target("process_start_time_seconds"));
  const running = above(minus(now(), began), scalar(seconds(OLD)));
  const others = and(same(instant(up), one), same(instant(up, OLD), one));
  const fresh = unlessOn(unlessOn(same(instant(up), one), TARGET, known), TARGET, running);
  return andOn(fresh, ["job"], others);
}
