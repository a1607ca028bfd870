import { join } from "node:path";
import { shownPath } from "../components/core/call-site.ts";
import { InvalidInputError, type Problem } from "../components/core/problems.ts";
import type { DashboardJson } from "../components/grafana/json.ts";
import { type Artefacts, artefactsOf, policyFiles } from "./artefacts/artefacts.ts";
import { type FileContent, FreshFolder, removeFolder } from "./artefacts/folder.ts";
import { type MistakenStack, type ReadyStack, readStacks } from "./environments.ts";
import type { PictureSource } from "./pictures/data.ts";
import { Drawings } from "./pictures/drawings.ts";
import { type DashboardPicture, pictureOf } from "./pictures/picture.ts";
import { readRecording, recordedSource } from "./pictures/recorded.ts";
import type { Platform } from "./platform.ts";
import { judgeStack } from "./policy/judged-stack.ts";
import { waiverNotices } from "./policy/waiver-uses.ts";
import type { Recording } from "./recording/monitor.ts";
import type { Program } from "./recording/recorder.ts";
import { type Comparison, type Pictures, reportOf } from "./report/compose.ts";
import { differences, inOrder } from "./report/differences.ts";
import { renderHtml } from "./report/html.ts";
import { renderMarkdown } from "./report/markdown.ts";
import type { Report } from "./report/model.ts";
import { routeComparison } from "./report/routes.ts";
import { sizeInWords } from "./report/sentences.ts";
import { modelFile } from "./review/model.ts";
import { previewConfig, showsSecret } from "./secrets.ts";

/** What to preview, and where to put it. */
export interface PreviewOptions {
  /** The environments that were asked for; none is all of them. */
  readonly environments: readonly string[];
  /** As YYYY-MM-DD: the day that support calendars and waivers are read at. */
  readonly today: string;
  readonly stacksFolder: string;
  readonly outFolder: string;
  readonly progress: Progress;
  /** Where the data of the dashboards' pictures comes from. Default: the recorded hour. */
  readonly pictures?: PictureSource;
  /** Default: everything. `comparable` is what a review compares, without reports and pictures. */
  readonly content?: "everything" | "comparable";
  /** Where charts that were drawn before are kept. Default: nowhere. */
  readonly drawingsFolder?: string;
}

/** Receives the progress of a preview. */
export interface Progress {
  readonly step: (text: string) => void;
}

/** An environment that was previewed: its report, and its folder. */
export interface Previewed {
  readonly stack: string;
  readonly report: Report;
  readonly folder: string;
}

export interface PreviewResult {
  readonly previewed: readonly Previewed[];
  readonly mistaken: readonly MistakenStack[];
}

/**
 * Previews environments: reads them all, records the program once for each, judges each recording by the policies, and
 * writes `out/<environment>/`. An environment with mistakes loses its folder, so that an old preview is not read as a new
 * one. Rejects only for defects.
 */
export async function preview(platform: Platform, options: PreviewOptions): Promise<PreviewResult> {
  const { outFolder, progress, stacksFolder } = options;
  const stacks = readStacks(stacksFolder, options.environments, platform);
  const asked = options.environments.length > 0 ? new Set(options.environments) : new Set(stacks.keys());
  const chosen = [...stacks.values()].filter(({ stack }) => asked.has(stack));
  const mistaken = chosen.filter((stack) => !stack.ok);
  const ready = chosen.filter((stack) => stack.ok);
  for (const { stack } of mistaken) removeFolder(join(outFolder, stack));
  if (ready.length === 0) return { previewed: [], mistaken };

  const comparison = comparisonOf([...stacks.values()].filter((stack) => stack.ok));
  progress.step(`Loading the providers' SDKs for ${ready.map(({ stack }) => stack).join(", ")}`);
  const program = await platform.program();
  const drawings = new Drawings(options.drawingsFolder);
  const previewed: Previewed[] = [];
  for (const stack of ready) {
    const outcome = await previewOf(stack, program, { comparison, drawings }, platform, options);
    if ("report" in outcome) previewed.push(outcome);
    else mistaken.push(outcome);
  }
  const order = comparison.environments;
  previewed.sort((a, b) => order.indexOf(a.stack) - order.indexOf(b.stack));
  return { previewed, mistaken };
}

/** Records one environment, judges it, and writes its files, or says why they cannot be written: the others are written all the same. */
async function previewOf(
  stack: ReadyStack,
  program: Program,
  sources: { readonly comparison: Comparison; readonly drawings: Drawings },
  platform: Platform,
  options: PreviewOptions,
): Promise<Previewed | MistakenStack> {
  const folder = join(options.outFolder, stack.stack);
  const recorded = await recordStack(program, stack, platform, options);
  if (!recorded.ok) {
    removeFolder(folder);
    return recorded;
  }
  const fresh = new FreshFolder(folder);
  try {
    const report = await write(stack, recorded.recording, fresh, sources, platform, options);
    fresh.finish();
    options.progress.step(`${stack.stack}: ${sizeInWords(report)}`);
    return { stack: stack.stack, report, folder };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    try {
      removeFolder(folder);
    } catch {
      // The problem names the place already.
    }
    return { ok: false, stack: stack.stack, path: shownPath(folder), problems: error.problems };
  } finally {
    fresh.discard();
  }
}

function comparisonOf(ready: readonly ReadyStack[]): Comparison {
  const environments = inOrder(ready.map(({ environment }) => environment));
  return {
    environments: environments.map(({ name }) => name),
    differences: differences(environments),
    routes: routeComparison(environments),
  };
}

interface Recorded {
  readonly ok: true;
  readonly recording: Recording;
}

async function recordStack(
  program: Program,
  { stack, file, secrets }: ReadyStack,
  platform: Platform,
  { today }: PreviewOptions,
): Promise<Recorded | MistakenStack> {
  const { isRefusal, record } = await import("./recording/recorder.ts");
  const context = { project: platform.project, stack, ...previewConfig(file, secrets) };
  try {
    return { ok: true, recording: await record(program, context, { today }) };
  } catch (error) {
    if (error instanceof InvalidInputError)
      return { ok: false, stack, path: file.path, problems: error.problems };
    if (isRefusal(error)) return { ok: false, stack, path: file.path, problems: [refusal(error)] };
    throw error;
  }
}

/** What only the program itself could find out, in its own words. */
function refusal(error: Error): Problem {
  return {
    path: "environment",
    found: error.message,
    allowed: "an environment that the program accepts",
    fix: "change the environment as the message says",
  };
}

/**
 * A report draws so many dashboards at most, about a megabyte and a half of its page each ten: with hundreds of services nobody looks
 * at the picture of each, and no browser likes to open them all.
 */
const MOST_DRAWN = 60;

async function picturesOf(
  { environment }: ReadyStack,
  { dashboards }: Artefacts,
  platform: Platform,
  drawings: Drawings,
  { pictures, content }: PreviewOptions,
): Promise<Pictures> {
  if (content === "comparable") return { from: "", byFile: new Map() };
  // What Grafana imports is what components/grafana renders: the recording holds it as it was handed over.
  const all = [...dashboards] as unknown as [file: string, DashboardJson][];
  const source =
    pictures ??
    recordedSource(
      readRecording(),
      { name: environment.name, services: platform.services(environment) },
      all.map(([, dashboard]) => dashboard),
    );
  const byFile = new Map<string, DashboardPicture>();
  for (const [file, dashboard] of all.sort(byReach).slice(0, MOST_DRAWN))
    byFile.set(file, await pictureOf(dashboard, source, drawings));
  return { from: source.label, byFile };
}

/** What is about the whole platform first, and then what is about one service. */
function byReach([, a]: readonly [string, DashboardJson], [, b]: readonly [string, DashboardJson]): number {
  return Number(isOfService(a)) - Number(isOfService(b));
}

function isOfService({ tags }: DashboardJson): boolean {
  return tags?.includes("service") === true;
}

function reportFiles(report: Report): readonly (readonly [file: string, text: string])[] {
  return [
    ["report.md", renderMarkdown(report)],
    ["report.html", renderHtml(report)],
  ];
}

function* each(parts: Iterable<string>, read: (part: string) => string): Generator<string> {
  for (const part of parts) yield read(part);
}

/** Each file is written as soon as it is rendered: with a thousand services, all of them together would take gigabytes. */
async function write(
  ready: ReadyStack,
  recording: Recording,
  fresh: FreshFolder,
  { comparison, drawings }: { readonly comparison: Comparison; readonly drawings: Drawings },
  platform: Platform,
  options: PreviewOptions,
): Promise<Report> {
  const { stack, environment } = ready;
  const { today, content } = options;
  const checked = (path: string, text: string) => {
    if (showsSecret(text))
      throw new Error(
        `a secret of ${stack} would be in ${path}: a component renders a secret that it must mount`,
      );
    return text;
  };
  const put = (path: string, content: FileContent) =>
    fresh.write(
      path,
      typeof content === "string" ? checked(path, content) : each(content, (part) => checked(path, part)),
    );
  const { results, policiesAsked, config, waivers } = await judgeStack(ready, recording, platform, today);
  const artefacts = artefactsOf(recording, stack, today, platform.tests(environment), put);
  const promises = platform.promises(environment);
  const notices = [...platform.notices(environment), ...waiverNotices(waivers, stack, today)];
  const pictures = await picturesOf(ready, artefacts, platform, drawings, options);
  const policies = { results, policiesAsked };
  const context = { comparison, promises, notices, pictures };
  const report = reportOf({ stack: ready, recording, artefacts, today, ...policies, ...context });
  const definitions = platform.definitions(environment);
  for (const [path, text] of policyFiles(results, config)) put(path, text);
  const globalRules = platform.globalRules(environment);
  if (globalRules !== undefined) put("store/rules/global.yaml", globalRules);
  put("model.json", modelFile(report, environment, { objectives: promises, definitions, waivers }));
  if (content !== "comparable") for (const [path, text] of reportFiles(report)) put(path, text);
  return report;
}
