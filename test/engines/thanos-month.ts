import { cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { seconds } from "../../components/core/duration.ts";
import { httpSeries } from "../../components/signals/http.ts";
import { printSelector } from "../../components/signals/promql.ts";
import { RECORDS } from "../../components/slo/conventions.ts";
import { ruleGroup } from "../../components/slo/rules.ts";
import { LINKS, SLO, TARGET } from "../components/slo/samples.ts";
import { run } from "../support/process.ts";
import { writeHistory } from "../support/prometheus.ts";
import { tool } from "../support/tools.ts";
import { labelsOfReplica } from "./thanos-servers.ts";

// A month of a service and of the records of its objective, in blocks of two hours as the sidecars of a pair uploaded them.

/** Seconds between two scrapes. */
const STEP = 60;
export const DAY = 86_400;
/** Seconds of a block. */
const BLOCK = 7200;
/** The end of the history, in Unix seconds: at the end of a block, and long enough ago that what is scraped now is in another. */
export const END = Math.floor(Date.now() / 1000 / BLOCK) * BLOCK - BLOCK;
const START = END - 32 * DAY;
const SCRAPES = (END - START) / STEP;
const PERIOD = seconds("30d");
/** The day whose blocks the second replica does not have. */
const LOST = START + 10 * DAY;
/** A thousand requests a minute by day, a hundred by night; every third day at noon a twentieth fails for an hour. */
const counters = (() => {
  const good = [0];
  const bad = [0];
  for (let scrape = 1; scrape <= SCRAPES; scrape++) {
    const hour = ((scrape * STEP) / 3600) % 24;
    const all = hour >= 6 && hour < 22 ? 1000 : 100;
    const fails = Math.floor((scrape * STEP) / DAY) % 3 === 0 && Math.floor(hour) === 12;
    const failed = fails ? all / 20 : 0;
    good.push((good[scrape - 1] ?? 0) + all - failed);
    bad.push((bad[scrape - 1] ?? 0) + failed);
  }
  return { good, bad };
})();

/** The ratio of failures over the 30 days before a moment, from what was counted. */
export function trueRatio(at: number): number {
  const index = (moment: number) => Math.floor((moment - START) / STEP);
  const within = (counter: readonly number[]) =>
    (counter[index(at)] ?? 0) - (counter[index(at - PERIOD)] ?? 0);
  return within(counters.bad) / (within(counters.bad) + within(counters.good));
}

const RECORDED = new Set<string>([
  RECORDS.totalStep,
  RECORDS.errorsStep,
  ...(["5m", "1h", "6h", "1d", "3d"] as const).flatMap((window) => [
    RECORDS.total(window),
    RECORDS.errors(window),
  ]),
]);
const GROUP = ruleGroup(SLO, "1m", LINKS);
const RULES = GROUP.rules.filter((rule) => "record" in rule && RECORDED.has(rule.record));
function exprOf(record: string): string {
  const rule = GROUP.rules.find((each) => "record" in each && each.record === record);
  if (rule === undefined) throw new Error(`no rule records ${record}`);
  return rule.expr;
}

/** The ratio of failures over 30 days, by the expressions that record its two parts. */
export const RATIO = `(${exprOf(RECORDS.errors("30d"))}) / (${exprOf(RECORDS.total("30d"))})`;

/** Writes the month, uploads all of it but its last day, and returns the blocks of that day, which are in `data` of the folder. */
export async function uploadedMonth(folder: string, config: string): Promise<readonly string[]> {
  await writeHistory(
    {
      start: START,
      end: END,
      step: STEP,
      block: BLOCK,
      series: ([200, 500] as const).map((status) => {
        const values = status === 200 ? counters.good : counters.bad;
        return `${printSelector(httpSeries("http_requests_total", status, { ...TARGET, pod: "a" }))} ${values.join(" ")}`;
      }),
      rules: [{ groups: [{ name: "slo", rules: RULES }], from: START }],
    },
    folder,
  );
  const { older, newer } = await sorted(join(folder, "data"));
  for (const replica of [0, 1]) await upload(folder, config, older, replica);
  return newer;
}

/** What of a block's meta.json is read. */
export interface Meta {
  readonly ulid: string;
  readonly minTime: number;
  readonly maxTime: number;
  readonly compaction: { readonly level: number };
  readonly thanos?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly downsample: { readonly resolution: number };
  };
}

/** The blocks in a folder. */
export async function metas(of: string): Promise<readonly Meta[]> {
  const entries = await readdir(of);
  const read = entries
    .filter((entry) => /^[0-9A-Z]{26}$/.test(entry))
    .map(async (entry) => JSON.parse(await readFile(join(of, entry, "meta.json"), "utf8")) as Meta);
  return Promise.all(read);
}

/** The blocks of all but the last day, and those of the last day. */
async function sorted(
  data: string,
): Promise<{ readonly older: readonly Meta[]; readonly newer: readonly string[] }> {
  const all = await metas(data);
  const isNew = ({ minTime }: Meta) => minTime >= (END - DAY) * 1000;
  return { older: all.filter((meta) => !isNew(meta)), newer: all.filter(isNew).map(({ ulid }) => ulid) };
}

/** What the sidecar of a replica uploaded in a month. The second one was away for a day. */
async function upload(
  folder: string,
  config: string,
  blocks: readonly Meta[],
  replica: number,
): Promise<void> {
  const from = join(folder, `uploaded-${replica}`);
  for (const { ulid, minTime } of blocks) {
    if (replica === 1 && minTime >= LOST * 1000 && minTime < (LOST + DAY) * 1000) continue;
    await copyBlock(join(folder, "data"), ulid, from, idOf(ulid, replica));
  }
  const labels = Object.entries(labelsOfReplica(replica)).map(
    ([name, value]) => `--label=${name}="${value}"`,
  );
  const { code, stderr } = await run(await tool("thanos"), [
    "tools",
    "bucket",
    "upload-blocks",
    `--path=${from}`,
    `--objstore.config-file=${config}`,
    "--shipper.upload-compacted",
    ...labels,
  ]);
  if (code !== 0) throw new Error(stderr);
}

/** The id of the block in which a replica has the same samples. An id names one block alone. */
export function idOf(ulid: string, replica: number): string {
  return replica === 0 ? ulid : `${ulid.slice(0, -1)}${ulid.endsWith("0") ? "1" : "0"}`;
}

/** Copies a block from one folder to another, under another id. It is there whole or not at all. */
export async function copyBlock(from: string, ulid: string, to: string, id: string): Promise<void> {
  const unfinished = join(dirname(to), `unfinished-${id}`);
  await cp(join(from, ulid), unfinished, { recursive: true });
  const meta = join(unfinished, "meta.json");
  await writeFile(meta, (await readFile(meta, "utf8")).replaceAll(ulid, id));
  await mkdir(to, { recursive: true });
  await rename(unfinished, join(to, id));
}
