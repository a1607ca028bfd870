import { type Convention, explodes } from "../../components/signals/conventions/convention.ts";
import { GRPC_LIBRARIES, HTTP_LIBRARIES, JOB_LIBRARIES } from "../../components/signals/conventions/index.ts";
import type { JobConvention } from "../../components/signals/conventions/job-convention.ts";
import type { DurationHistogram } from "../../components/signals/histogram.ts";
import { type Gauge, printed } from "../../components/signals/job-server.ts";

// docs/conventions.md, from the catalogue of conventions.

const INTRODUCTION = `# Conventions of libraries

<!-- Generated from components/signals/conventions by npm run generate. -->

What libraries write, in the version that is named. A team writes the name: \`http: { port: "http", metrics: "fastapi-instrumentator" }\`.
\`npx bellwether new-service --from <file or URL of the metrics>\` finds it out.

Each row was recorded by running the library, unless a page is named (\`npm run record:conventions\`, see [test/expositions](../test/expositions/README.md)).
The columns of requests say what the status label has of them:

- **exception**: the handler raises an exception or panics; behind an edge, the program closes the connection without an answer
- **unknown address**: an address that no handler has
- **client leaves**: the client closes the connection before the handler ends. *Its time* says until when the histogram counts such a request:
  until its handler ends, and then a latency objective sees requests that hang; or until its client leaves.
- **scrapes**: whether a scrape of the metrics counts as a request. It makes the share of errors of a service with few requests smaller.
- **route label**: the label with the address. A label that has a value for *each address* makes a series for each; the cell has the setting that changes it.
- Edges serve many services, which labels tell apart: \`proxy\` of HAProxy, \`service\` of Traefik, \`exported_service\` of ingress-nginx. Istio's
  two proxies count a request each: select \`reporter: "destination"\` beside \`destination_service_name\`. Write them with
  \`scrape: { kind: "elsewhere", job, labels }\`.
- **buckets**: the thresholds that an objective of latency can have. A service with other buckets lists them in \`buckets\`.
`;

const PARTS = [
  ["HTTP: `http.metrics`", HTTP_LIBRARIES],
  ["gRPC: `grpc.metrics`", GRPC_LIBRARIES],
] as const;

const OF_JOBS = `## Messages and jobs: \`worker.metrics\`

A worker, or the exporter of its queue. Where one exporter serves many services, each says which series are its own:
\`scrape: { kind: "elsewhere", job: "celery-exporter", labels: { queue_name: "orders" } }\`.

- **good and failed**: the counters of jobs that ended
- **backlog**: what an objective \`backlog\` counts; **oldest**: what an objective \`freshness\` measures, in seconds
- The second table says how many good and failed jobs the counters have after one job: one that **raises** an exception, one that raises
  and succeeds when it is **tried again**, one that takes **longer than it may** and is ended, and one whose **process is killed**.

What to know of them:

- \`celery-exporter\`, \`flower\`: workers must send task events (\`celery worker --task-events\`). A task that takes longer than its hard time limit
  sends two events of a failure. The queue is without what workers have fetched.
- \`rq-exporter\`, \`kafkajs\`: each try that fails counts as a failed job.
- \`bullmq\`: its counters stay 0 unless each worker has \`metrics: { maxDataPoints: 60 }\`.
- \`sidekiq\`: each process exposes how many jobs wait in all, so that their sum is no backlog; the age of the oldest job is the same of all.
- \`kafka-exporter\`: the lag is without partitions whose consumer group has not committed an offset yet, however much waits in them.
`;

const WITHOUT = `## What has no convention

| metrics | why |
| --- | --- |
| AWS load balancers through an exporter of CloudWatch | The exporters write the sum of a period as a gauge, ten minutes late by default ([cloudwatch_exporter](https://github.com/prometheus/cloudwatch_exporter#readme)). A rate of gauges means nothing, and a page ten minutes late is no page. Count the requests in the service or in the ingress controller, or probe the service. |
| OpenTelemetry in .NET | It could not be run where the others were recorded. Write the objectives under \`objectives.custom\`. |
`;

/** The page by its path in the repository. */
export function conventionsPage(): Readonly<Record<string, string>> {
  const parts = PARTS.map(
    ([title, libraries]) => `## ${title}\n\n${countersTable(libraries)}\n\n${requestsTable(libraries)}\n`,
  );
  return {
    "docs/conventions.md": [
      INTRODUCTION,
      ...parts,
      OF_JOBS,
      `${jobsTable()}\n`,
      `${endsTable()}\n`,
      WITHOUT,
    ].join("\n"),
  };
}

type Libraries = Readonly<Record<string, Convention>>;

function countersTable(libraries: Libraries): string {
  return table(
    ["name", "library", "counter", "status label", "durations", "buckets"],
    Object.entries(libraries).map(([name, { library, source, server }]) => [
      code(name),
      source === "recorded" ? library : `${library} ([documentation](${source}))`,
      code(server.counter),
      `${code(server.statusLabel)}, such as ${code(server.statuses.bad)}`,
      ...durationsOf(server.durations),
    ]),
  );
}

function durationsOf(durations: DurationHistogram | undefined): readonly string[] {
  if (durations === undefined) return ["none", "none"];
  return [`${code(durations.metric)} in ${durations.unit}`, durations.boundaries.join(", ")];
}

const JOBS = Object.entries<JobConvention>(JOB_LIBRARIES);

function jobsTable(): string {
  return table(
    ["name", "library", "good and failed", "backlog", "oldest", "durations", "buckets"],
    JOBS.map(([name, { library, source, server, backlog, oldestMessage }]) => [
      code(name),
      source === "recorded" ? library : `${library} ([documentation](${source}))`,
      endedOf(server),
      gauge(backlog),
      gauge(oldestMessage),
      ...durationsOf(server?.durations),
    ]),
  );
}

function endedOf(server: JobConvention["server"]): string {
  if (server === undefined) return "none";
  if (!("ended" in server)) return `${code(server.counter)}, failed with ${code(server.statusLabel)}`;
  return `${gauge(server.ended.good)}, ${gauge(server.ended.failed)}`;
}

function gauge(found: Gauge | undefined): string {
  return found === undefined ? "none" : code(printed(found));
}

function endsTable(): string {
  return table(
    ["name", "raises", "tried again", "longer than it may", "process killed"],
    JOBS.map(([name, { counts }]) => [
      code(name),
      ...[counts.failed, counts.retried, counts.overtime, counts.lost].map((ended) =>
        ended === undefined ? "not known" : `${ended.good} good, ${ended.failed} failed`,
      ),
    ]),
  );
}

const LASTS = {
  handler: "until the handler ends",
  client: "until the client leaves",
  none: "not counted",
  "not known": "not known",
};

function requestsTable(libraries: Libraries): string {
  return table(
    ["name", "exception", "unknown address", "client leaves", "its time", "scrapes", "route label"],
    Object.entries(libraries).map(([name, convention]) => {
      const { raised, unknownRoute, hangUp, hangUpLasts, scrapes } = convention.counts;
      return [
        code(name),
        status(raised),
        status(unknownRoute),
        status(hangUp),
        LASTS[hangUpLasts],
        scrapes ? "counted" : "not counted",
        routeOf(convention),
      ];
    }),
  );
}

function routeOf(convention: Convention): string {
  const { route } = convention;
  if (route === undefined) return "none";
  if (!explodes(convention)) return `${code(route.label)}, one value for each route`;
  const which = route.values === "addresses" ? "each address" : "each unknown address";
  return `${code(route.label)}, a value for ${which}; use ${code(route.fix ?? "")}`;
}

function status(text: string): string {
  return text.startsWith("not ") ? text : code(text);
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
