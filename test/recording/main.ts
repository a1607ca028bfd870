import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/process.ts";
import { type ControlPlaneHour, controlPlaneHour } from "./control-plane-hour.ts";
import { metricsRead } from "./metrics.ts";
import { ENVIRONMENT, record } from "./record.ts";
import { written } from "./written.ts";

// npm run record: makes cli/pictures/recording anew, in about ten minutes. With --again it takes what the control plane lived through from
// the run before, which is enough where dashboards, rules or simulated programs changed.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LIVED = join(ROOT, ".cache", "recording", "control-plane-hour.json");
const progress = (text: string) =>
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const out = join(ROOT, ".cache", "recording", "previews");
progress(`previewing ${ENVIRONMENT}`);
const previewed = await run(process.execPath, [
  ...["--import", "tsx", join(ROOT, "cli", "main.ts")],
  ...["preview", ENVIRONMENT, "--out", out],
]);
if (previewed.code !== 0) throw new Error(`the preview ended with ${previewed.code}\n${previewed.stderr}`);
const preview = join(out, ENVIRONMENT);

// The programs of the control plane keep no process alive.
const waiting = setInterval(() => {}, 60_000);
try {
  const lived =
    process.argv.includes("--again") && existsSync(LIVED)
      ? (JSON.parse(readFileSync(LIVED, "utf8")) as ControlPlaneHour)
      : await controlPlaneHour(preview, metricsRead(preview), progress);
  mkdirSync(dirname(LIVED), { recursive: true });
  writeFileSync(LIVED, JSON.stringify(lived));
  const recording = await record(preview, lived, progress);
  const folder = join(ROOT, "cli", "pictures", "recording");
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of written(recording)) {
    writeFileSync(join(folder, file), text);
    progress(`${file}: ${Math.round(text.length / 1000)} kB`);
  }
} finally {
  clearInterval(waiting);
}
