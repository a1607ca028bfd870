import { DURATION_PATTERN, seconds } from "../../../components/core/duration.ts";
import { memoizeByObject } from "../../../components/core/memoize.ts";
import type { ScrapedJob, Surroundings } from "../../../components/lint/surroundings.ts";
import { ANY_JOB, SCRAPED_ELSEWHERE } from "../../../components/service/model.ts";
import { unseenObjects } from "../related-resources.ts";
import { type StackResource, TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge, type Violation } from "../violation.ts";
import { routingOf } from "./routing.ts";

/** What the operator puts where a Prometheus says nothing: its API reference, 0.94. */
const DEFAULTS = { scrapeInterval: 30, evaluationInterval: 30, retention: 24 * 3600 } as const;

/** The label of our alerts that names their owner. */
const OWNER_LABEL = "team";

/**
 * What the rules of a stack run in: its monitors, its Prometheus and the routes of its Alertmanager. What is known only after the
 * deployment is left out and is a violation; without Prometheus or monitors, no metric counts as unscraped.
 */
export interface StackSurroundings {
  readonly surroundings: Surroundings;
  readonly undecided: readonly Violation[];
}

/** Read once for each list of resources: the linters of rules and of dashboards both need it. */
export const surroundingsOf: (resources: readonly StackResource[]) => StackSurroundings =
  memoizeByObject(readSurroundingsOf);

function readSurroundingsOf(resources: readonly StackResource[]): StackSurroundings {
  const undecided: Violation[] = [];
  /** What a reader answers, or what to go on with where it cannot yet. */
  const read = <T>(resource: StackResource, reader: () => T, otherwise: T): T => {
    let answer = otherwise;
    undecided.push(
      ...judge(() => {
        answer = reader();
        return undefined;
      }, resource),
    );
    return answer;
  };

  const prometheus = resources.find(({ type }) => type === TYPES.prometheus);
  const server = prometheus && read(prometheus, () => serverOf(prometheus.properties.at("spec")), undefined);
  const scrapeInterval = server?.scrapeInterval ?? DEFAULTS.scrapeInterval;
  const jobs = resources.flatMap((resource) => read(resource, () => jobsOf(resource, scrapeInterval), []));
  const routingLabels = resources
    .filter(({ type }) => type === TYPES.alertmanager)
    .flatMap((resource) => read(resource, () => routingOf(resource, resources)?.labels ?? [], []));
  return {
    surroundings: {
      jobs,
      scrapeInterval,
      evaluationInterval: server?.evaluationInterval ?? DEFAULTS.evaluationInterval,
      // Without a Prometheus in the stack its rules run on somebody else's.
      retention: server?.retention ?? Infinity,
      externalLabels: server?.externalLabels ?? [],
      routingLabels,
      ownerLabel: OWNER_LABEL,
      complete:
        server !== undefined &&
        !server.scrapesMore &&
        undecided.length === 0 &&
        // A chart may bring monitors and rules of its own.
        unseenObjects(resources) === undefined,
    },
    undecided,
  };
}

function serverOf(spec: Value) {
  return {
    scrapeInterval: secondsOf(spec.at("scrapeInterval"), DEFAULTS.scrapeInterval),
    evaluationInterval: secondsOf(spec.at("evaluationInterval"), DEFAULTS.evaluationInterval),
    retention: secondsOf(
      spec.at("retention"),
      spec.at("retentionSize").exists ? Infinity : DEFAULTS.retention,
    ),
    externalLabels: Object.keys(spec.at("externalLabels").texts()),
    scrapesMore: spec.at("additionalScrapeConfigs").exists,
  };
}

function secondsOf(value: Value, otherwise: number): number {
  const text = value.text();
  // What is no duration, the API server refuses.
  return text === undefined || !DURATION_PATTERN.test(text) ? otherwise : seconds(text);
}

function jobsOf({ type, properties }: StackResource, scrapeInterval: number): ScrapedJob[] {
  const spec = properties.at("spec");
  switch (type) {
    case TYPES.serviceMonitor:
      return spec
        .at("endpoints")
        .items()
        .map((endpoint) => endpointJob(spec, endpoint, scrapeInterval));
    case TYPES.podMonitor:
      return spec
        .at("podMetricsEndpoints")
        .items()
        .map((endpoint) => endpointJob(spec, endpoint, scrapeInterval));
    case TYPES.probe:
      return [{ ...endpointJob(spec, spec, scrapeInterval), name: spec.at("jobName").text() }];
    case TYPES.scrapeConfig:
      return [
        {
          name: spec.at("jobName").text(),
          interval: secondsOf(spec.at("scrapeInterval"), scrapeInterval),
          dropped: droppedMetrics(spec.at("metricRelabelings")),
        },
      ];
    case TYPES.prometheusRule:
      return jobsElsewhere(properties, scrapeInterval);
    default:
      return [];
  }
}

/** The jobs that a service says something else scrapes; its rules are evaluated as often. */
function jobsElsewhere(rule: Value, scrapeInterval: number): ScrapedJob[] {
  const jobs = rule.at("metadata", "annotations", SCRAPED_ELSEWHERE).text();
  if (jobs === undefined) return [];
  const [group] = rule.at("spec", "groups").items();
  const interval = group === undefined ? scrapeInterval : secondsOf(group.at("interval"), scrapeInterval);
  return jobs
    .split(" ")
    .map((name) => ({ name: name === ANY_JOB ? undefined : name, interval, dropped: [] }));
}

function endpointJob(spec: Value, endpoint: Value, scrapeInterval: number): ScrapedJob {
  return {
    name: relabelledJob(endpoint) ?? labelledJob(spec),
    interval: secondsOf(endpoint.at("interval"), scrapeInterval),
    dropped: droppedMetrics(endpoint.at("metricRelabelings")),
  };
}

/** A relabelling that sets `job` outright. */
function relabelledJob(endpoint: Value): string | undefined {
  return endpoint
    .at("relabelings")
    .items()
    .filter((rule) => rule.at("targetLabel").is("job"))
    .map((rule) => rule.at("replacement").text())
    .findLast((replacement) => replacement !== undefined && !replacement.includes("$"));
}

/** `jobLabel` takes the job from a label of the Service or pod, which is known where the selector asks for it. */
function labelledJob(spec: Value): string | undefined {
  const label = spec.at("jobLabel").text();
  return label === undefined ? undefined : spec.at("selector", "matchLabels", label).text();
}

/** The metrics that are thrown away by their name alone, or that are not among those to keep. */
function droppedMetrics(relabelings: Value): RegExp[] {
  return relabelings.items().flatMap((rule) => {
    const sources = rule.at("sourceLabels").items();
    if (sources.length !== 1 || !sources[0]?.is("__name__")) return [];
    const pattern = rule.at("regex").text() ?? "";
    const action = (rule.at("action").text() ?? "replace").toLowerCase();
    try {
      if (action === "drop") return [new RegExp(`^(?:${pattern})$`)];
      if (action === "keep") return [new RegExp(`^(?!(?:${pattern})$)`)];
      return [];
    } catch {
      // A pattern that only RE2 reads: nothing is known to be dropped.
      return [];
    }
  });
}
