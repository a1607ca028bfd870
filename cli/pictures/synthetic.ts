import type { PanelJson, TargetJson } from "../../components/grafana/json.ts";
import { ALERTS, RECORDS } from "../../components/slo/conventions.ts";
import { legendOf, type PanelData, type PictureSource, POINTS, type Series } from "./data.ts";

// Series that fit a panel's queries: labels that its legend or its columns name, values of its unit, and within its limit but for a
// short while, so that a reviewer sees the line that an alert draws. The same panel has the same series each time.

/** What labels may say. Whatever is not listed is called after the label. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  alertname: ["KubePodCrashLooping", "SLOErrorBudgetBurnFast", "NodeFilesystemAlmostFull"],
  alertstate: ["firing", "pending"],
  code: ["200", "404", "503"],
  container: ["app", "proxy"],
  condition: ["MemoryPressure", "DiskPressure"],
  deployment: ["web", "cart", "search"],
  device: ["/dev/nvme0n1p1", "/dev/nvme1n1"],
  environment: ["this environment"],
  integration: ["pagerduty", "slack", "webhook"],
  job: ["kube-state-metrics", "node-exporter", "cadvisor", "apiserver"],
  kubelet_version: ["v1.35.2-eks", "v1.36.0-eks"],
  namespace: ["shop", "monitoring", "kube-system"],
  node: ["ip-10-40-11-23", "ip-10-40-12-40", "ip-10-40-13-8"],
  phase: ["Running", "Pending", "Failed"],
  pod: ["web-7d4b9c6f5-2xkq8", "web-7d4b9c6f5-9fz4p", "cart-5c9d7b8f6-wv7kx"],
  rule_group: ["service-storefront.availability", "nodes.alerts", "workloads.alerts"],
  service: ["storefront", "checkout", "search"],
  severity: ["critical", "warning", "warning"],
  slo: ["availability", "latency", "freshness"],
  state: ["active", "suppressed"],
  status: ["true", "false", "unknown"],
  team: ["shop", "platform", "no team"],
  type: ["A", "AAAA"],
  verb: ["GET", "LIST", "PATCH"],
};

/** Pods of the program that a query asks about itself. */
function podsOf(expr: string): typeof EXAMPLES {
  const program = /job="(prometheus|alertmanager)"/.exec(expr)?.[1];
  return program === undefined ? {} : { pod: [0, 1].map((index) => `${program}-${program}-${index}`) };
}

const SLO_ALERTS = [ALERTS.page, ALERTS.ticket, ALERTS.nearly];

/** What a value of a unit is like where no limit says it. */
const TYPICAL: Readonly<Record<string, number>> = {
  percentunit: 0.3,
  bytes: 6e9,
  Bps: 4e6,
  s: 0.08,
  ms: 80,
  reqps: 120,
  cps: 40,
  pps: 0.2,
  short: 4,
};

/** Synthetic series for previews without a Prometheus. */
export const SYNTHETIC: PictureSource = {
  label: "A preview: the series are synthetic and fit the queries",
  read: (panel) => syntheticData(panel),
};

function syntheticData(panel: PanelJson): PanelData {
  return { series: panel.targets.flatMap((target, query) => seriesOf(panel, target, query)) };
}

function seriesOf(panel: PanelJson, target: TargetJson, query: number): Series[] {
  const labels = panel.type === "table" ? columnsOf(panel) : named(target.legendFormat ?? "");
  const only = /^(\w+)=~?"([\w-]+)"$/;
  const fixed = Object.fromEntries(
    [...target.expr.matchAll(/\b(\w+)="([\w./-]+)"/g)].map(([text]) => {
      const [, label = "", value = ""] = only.exec(text) ?? [];
      return [label, value];
    }),
  );
  const count = labels.length === 0 ? 1 : 3;
  const examples: typeof EXAMPLES =
    labels.includes("slo") || target.expr.includes('slo!=""')
      ? { ...EXAMPLES, alertname: SLO_ALERTS }
      : { ...EXAMPLES, ...podsOf(target.expr) };
  return Array.from({ length: count }, (_, index) => {
    const values = Object.fromEntries(
      labels.map((label) => [
        label,
        fixed[label] ?? pick(examples[label] ?? [`${label} a`, `${label} b`, `${label} c`], index),
      ]),
    );
    return { name: legendOf(target, values), labels: values, query, values: course(panel, query, index) };
  }).filter(({ name, labels: own }, index, all) => {
    const key = panel.type === "table" ? JSON.stringify(own) : name;
    return (
      all.findIndex(
        (other) => (panel.type === "table" ? JSON.stringify(other.labels) : other.name) === key,
      ) === index
    );
  });
}

function named(legend: string): string[] {
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label = ""]) => label);
}

/** The labels that a table shows: what its last transformation renames, but for values. */
function columnsOf(panel: PanelJson): string[] {
  const organize = panel.transformations?.find(({ id }) => id === "organize")?.options as
    | { readonly renameByName?: Readonly<Record<string, string>> }
    | undefined;
  return Object.keys(organize?.renameByName ?? {}).filter((field) => !field.startsWith("Value"));
}

function pick(values: readonly string[], index: number): string {
  return values[index % values.length] ?? "";
}

function course(panel: PanelJson, query: number, index: number): number[] {
  const random = generator(`${panel.id} ${query} ${index}`);
  const { thresholds, unit: own = "short" } = panel.fieldConfig.defaults;
  const unit = columnUnit(panel, query) ?? own;
  const limit = thresholds?.steps[1]?.value ?? undefined;
  if (panel.type === "state-timeline") {
    const bad = index === 0 ? Math.floor(random() * (POINTS - 8)) : POINTS;
    return Array.from({ length: POINTS }, (_, at) => (at >= bad && at < bad + 5 ? 1 : 0));
  }
  const badBelow = thresholds?.steps[0]?.color === "red";
  if (OBJECTIVE.test(panel.targets[query]?.expr ?? "")) return new Array<number>(POINTS).fill(0.999);
  // A count of what is wrong is 0 on a good day, and what there must be one of is there.
  if (panel.type === "stat" && unit === "short" && limit === 1)
    return new Array<number>(POINTS).fill(badBelow ? 1 : 0);
  const level = levelOf(limit, badBelow, unit) * (1 - 0.18 * index) * (0.9 + 0.2 * random());
  const swell = 0.1 + 0.1 * random();
  const shift = random() * 6;
  if (panel.type === "table" && unit === "s") return new Array<number>(POINTS).fill(level * 60_000);
  const isWhole = unit === "short" && level >= 3 && panel.type !== "timeseries";
  return Array.from({ length: POINTS }, (_, at) => {
    const value = level * (1 + swell * Math.sin(at / 7 + shift) + 0.05 * (random() - 0.5));
    return isWhole ? Math.round(value) : Number(value.toPrecision(4));
  });
}

/** The unit of the column that a query of a table fills. */
function columnUnit(panel: PanelJson, query: number): string | undefined {
  const columns = panel.fieldConfig.overrides.filter(({ properties }) =>
    properties.some(({ id }) => id === "unit"),
  );
  const unit = columns[query]?.properties.find(({ id }) => id === "unit")?.value;
  return panel.type === "table" && typeof unit === "string" ? unit : undefined;
}

/** A query for what an objective promises. */
const OBJECTIVE = new RegExp(`^max by \\([^)]*\\) \\(${RECORDS.objective}`);

function levelOf(limit: number | undefined, badBelow: boolean, unit: string): number {
  const typical = TYPICAL[unit] ?? TYPICAL["short"] ?? 1;
  if (limit === undefined) return typical;
  if (badBelow) return unit === "percentunit" ? 0.5 + limit / 2 : limit === 0 ? typical : limit * 1.6;
  return limit === 1 && unit === "short" ? 0.35 : limit * 0.6;
}

/** Numbers from 0 to 1 that look random and are the same for the same seed: mulberry32 over FNV-1a. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
