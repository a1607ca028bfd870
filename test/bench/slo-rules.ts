import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";

// The rules of 1,000 objectives, from one file of Sloth's format to one file of rules, by a whole process: Bellwether's command,
// as the npm package ships it and as it runs from this repository, and `sloth generate` on the same file. Run by
// `npm run bench`. In turns, so that a busy moment of the machine hits all; of the seconds only the ratio says anything.

const OBJECTIVES = 1_000;
const ROUNDS = 10;
const LIMIT = 2;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Run {
  readonly seconds: number;
  /** The most memory that the process held, in MiB. */
  readonly memory: number;
}

function slothFile(): string {
  const objective = (index: number) => {
    const selector = `http_requests_total{job="shop",handler="/endpoint/${index}"`;
    return {
      name: `requests-${index}`,
      objective: 99.9,
      description: `Requests of endpoint ${index} that are answered.`,
      sli: {
        events: {
          error_query: `sum(rate(${selector},code=~"5.."}[{{.window}}]))`,
          total_query: `sum(rate(${selector}}[{{.window}}]))`,
        },
      },
      alerting: {
        name: "SLOErrorBudgetBurn",
        page_alert: { labels: { severity: "critical" } },
        ticket_alert: { labels: { severity: "warning" } },
      },
    };
  };
  const slos = Array.from({ length: OBJECTIVES }, (_, index) => objective(index));
  return stringify({ version: "prometheus/v1", service: "shop", labels: { team: "shop" }, slos });
}

async function timed(program: string, args: readonly string[]): Promise<Run> {
  const begin = performance.now();
  const child = spawn(program, [...args], { cwd: ROOT, stdio: "ignore" });
  let memory = 0;
  // The high-water mark only rises, so that the last look is the most that was ever held, but for the last moments.
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    memory = Math.max(memory, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }, 10);
  const code = await new Promise((resolve) => child.once("exit", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return { seconds: (performance.now() - begin) / 1000, memory };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [
    sorted[(sorted.length - 1) >> 1] ?? Number.NaN,
    sorted[sorted.length >> 1] ?? Number.NaN,
  ];
  return (low + high) / 2;
}

const folder = await mkdtemp(join(tmpdir(), "bellwether-rules-"));
try {
  const input = join(folder, "slos.yaml");
  await writeFile(input, slothFile());
  const built = await run(process.execPath, ["--import", "tsx", "packaging/build.ts"], { cwd: ROOT });
  if (built.code !== 0) throw new Error(built.stderr);
  const compiled = join(ROOT, "dist/cli/team/main.js");
  const rules = ["rules", input, "--out", join(folder, "out")];
  const contestants = [
    { name: "bellwether, package", program: process.execPath, args: [compiled, ...rules] },
    {
      name: "bellwether, repository",
      program: process.execPath,
      args: ["cli/bellwether.js", ...rules],
    },
    {
      name: "sloth 0.12",
      program: await tool("sloth"),
      args: ["generate", "-i", input, "-o", join(folder, "s.yaml")],
    },
  ];
  const runs = contestants.map((): Run[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, { program, args }] of contestants.entries())
      runs[index]?.push(await timed(program, args));
  const seconds = runs.map((each) => median(each.map((one) => one.seconds)));
  for (const [index, { name }] of contestants.entries()) {
    const memory = Math.max(...(runs[index] ?? []).map((one) => one.memory));
    const ratio = (seconds[index] ?? Number.NaN) / (seconds[2] ?? Number.NaN);
    console.log(
      `${name.padEnd(22)} ${(seconds[index] ?? Number.NaN).toFixed(2)} s  ${ratio.toFixed(2)} times Sloth's  ${memory.toFixed(0)} MiB at most`,
    );
    if (index === 0 && ratio > LIMIT) process.exitCode = 1;
  }
  const mebibytes = async (paths: readonly string[]) => {
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    return `${(sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20).toFixed(1)} MiB in ${paths.length === 1 ? "one file" : `${paths.length} files`}`;
  };
  const written = (await readdir(join(folder, "out"))).map((file) => join(folder, "out", file));
  const theirs = await mebibytes([join(folder, "s.yaml")]);
  console.log(`rules of ${OBJECTIVES} objectives: ${await mebibytes(written)}, Sloth's ${theirs}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
