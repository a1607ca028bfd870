import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { balanceOf } from "./balance.ts";
import { costOf } from "./process-cost.ts";

// What hundreds of services cost: the preview of staging with 0, 500 and 1,000 services more, CPU time of the whole process tree. The
// second five hundred must not cost much more than the first. Then the rules of the largest: how they are spread over groups, and
// whether each object fits where it is kept. Run by `npm run bench`, never by a test.

const SIZES = [0, 500, 1000] as const;
/** (t1000 - t500) / (t500 - t0): 1 is linear. */
const STEEPEST = 1.1;
const MOST_RESOURCES = 6;
/**
 * The operator bundles rule files into ConfigMaps of at most half of their 1 MiB, and no file is split; etcd takes objects of 1.5 MiB.
 */
const LARGEST_RULE_FILE = 512 * 1024;
const LARGEST_OBJECT = 1.5 * 1024 * 1024;
/** What GitHub takes for a comment, in characters. */
const LONGEST_COMMENT = 65_536;
/** Rules of a group run one after the other: a group must be done long before it is due again. */
const MOST_RULES_IN_A_GROUP = 60;
/** Prometheus gives each group a turn by its name and file: a tenth of a thousand groups has a hundred, give or take thirty. */
const FULLEST_TENTH = 1.35;

interface Measured {
  readonly services: number;
  /** Seconds of user and system time, of all processes. */
  readonly cpu: number;
  readonly resources: number;
  /** MiB at most. */
  readonly preview: number;
}

function measure(services: number, out: string): Measured {
  const { cpu, stdout } = costOf(
    "--max-semi-space-size=64",
    "test/bench/as-command.js",
    "test/bench/scale-preview.ts",
    String(services),
    out,
  );
  const found = JSON.parse(stdout.split("\n")[0] ?? "{}") as Omit<Measured, "services" | "cpu">;
  return { services, cpu, ...found };
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly unknown[] }[];
}

function filesIn(folder: string): { readonly name: string; readonly path: string; readonly bytes: number }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({
    name,
    path: join(folder, name),
    bytes: statSync(join(folder, name)).size,
  }));
}

const work = mkdtempSync(join(tmpdir(), "bellwether-scale-"));
const failures: string[] = [];
const hold = (holds: boolean, what: string) => {
  console.log(`${holds ? "holds" : "FAILS"}  ${what}`);
  if (!holds) failures.push(what);
};

try {
  const results = SIZES.map((services) => {
    const result = measure(services, join(work, String(services)));
    console.log(
      `${String(services).padStart(5)} services  ${result.cpu.toFixed(1).padStart(6)} s CPU  ${String(Math.round(result.preview)).padStart(5)} MiB preview  ${String(result.resources).padStart(5)} resources`,
    );
    return result;
  });
  const [none, half, all] = results;
  if (none === undefined || half === undefined || all === undefined) throw new Error("three sizes");
  const steepness = (all.cpu - half.cpu) / (half.cpu - none.cpu);
  const perService = (all.resources - none.resources) / all.services;
  hold(steepness <= STEEPEST, `(t1000 - t500) / (t500 - t0) is ${steepness.toFixed(2)}, at most ${STEEPEST}`);
  hold(perService <= MOST_RESOURCES, `${perService} resources a service, at most ${MOST_RESOURCES}`);

  const staging = join(work, String(all.services), "staging");
  const rules = filesIn(join(staging, "prometheus/rules"));
  const groups = rules.flatMap(({ path }) => (parse(readFileSync(path, "utf8")) as RuleFile).groups);
  const largestGroup = Math.max(...groups.map(({ rules: inGroup }) => inGroup.length));
  const largestRules = Math.max(...rules.map(({ bytes }) => bytes));
  const largestObject = Math.max(...filesIn(join(staging, "manifests")).map(({ bytes }) => bytes));
  const ruleCount = groups.reduce((sum, { rules: inGroup }) => sum + inGroup.length, 0);
  console.log(`${ruleCount} rules in ${groups.length} groups of ${rules.length} files`);
  hold(
    largestGroup <= MOST_RULES_IN_A_GROUP,
    `the largest group has ${largestGroup} rules, at most ${MOST_RULES_IN_A_GROUP}`,
  );
  hold(
    largestRules <= LARGEST_RULE_FILE,
    `the largest rule file has ${largestRules} bytes, at most ${LARGEST_RULE_FILE}`,
  );
  hold(
    largestObject <= LARGEST_OBJECT,
    `the largest object has ${largestObject} bytes, at most ${LARGEST_OBJECT}`,
  );

  const comment = readFileSync(join(staging, "report.md"), "utf8").length;
  hold(
    comment <= LONGEST_COMMENT,
    `the report for a pull request has ${comment} characters, at most ${LONGEST_COMMENT}`,
  );
  const page = statSync(join(staging, "report.html")).size / 1024 / 1024;
  console.log(`the report for the browser has ${page.toFixed(1)} MiB`);

  const balance = await balanceOf(join(staging, "prometheus/rules"));
  const { fullestTenth, slowest, busy } = balance;
  console.log(
    `Prometheus evaluates ${balance.groups} groups: the slowest in ${(slowest * 1000).toFixed(0)} ms, all in ${(busy * 100).toFixed(0)}% of an interval, without series`,
  );
  hold(
    fullestTenth <= FULLEST_TENTH,
    `the fullest tenth of an interval has ${fullestTenth.toFixed(2)} times its share of groups, at most ${FULLEST_TENTH}`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failures.length === 0 ? 0 : 1;
