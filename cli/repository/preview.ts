import { join, relative, resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { STACKS_FOLDER, stackNames } from "../../stacks/names.ts";
import { refuseOtherFolders, removeFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { DRAWINGS_FOLDER, OUT_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { loadPlatform } from "../platform.ts";
import { preview } from "../preview.ts";
import { passes } from "../report/model.ts";
import { progressOn, summary } from "../terminal.ts";

/** How a preview is asked for. */
export interface PreviewFlags {
  /** As YYYY-MM-DD. */
  readonly today: string;
  readonly stacks?: string;
  readonly out?: string;
  /** Only what a review compares. */
  readonly comparable?: boolean;
  /** The URL of a Prometheus server. */
  readonly prometheus?: string;
}

/** Previews this repository's platform in environments; none is all of them. */
export async function previewEnvironments(
  environments: readonly string[],
  { today, stacks, out, comparable, prometheus }: PreviewFlags,
  { folder, stdout, stderr, env }: Surroundings,
): Promise<Exit> {
  const stacksFolder = stacks === undefined ? STACKS_FOLDER : resolve(folder, stacks);
  const outFolder = out === undefined ? OUT_FOLDER : resolve(folder, out);
  refuseOtherFolders(outFolder, environments.length > 0 ? environments : stackNames(stacksFolder));
  const pictures =
    prometheus === undefined ? undefined : await prometheusAt(prometheus, env["PROMETHEUS_TOKEN"]);
  const platform = await loadPlatform(today, { stacksFolder }).catch((error: unknown) => {
    if (!(error instanceof InvalidInputError)) throw error;
    // A mistake in a service or a waiver is one of every environment that was asked for.
    for (const environment of environments.length > 0 ? environments : stackNames(stacksFolder))
      removeFolder(join(outFolder, environment));
    throw error;
  });
  const result = await preview(platform, {
    environments,
    today,
    stacksFolder,
    outFolder,
    progress: progressOn(stderr, paintFor(stderr, env)),
    drawingsFolder: DRAWINGS_FOLDER,
    content: comparable === true ? "comparable" : "everything",
    ...(pictures && { pictures }),
  });
  const shownPath = (path: string) => relative(folder, path) || ".";
  if (comparable !== true || result.mistaken.length > 0)
    stdout.write(`\n${summary(result, paintFor(stdout, env), shownPath)}`);
  if (result.mistaken.length > 0) return EXIT.mistake;
  return result.previewed.every(({ report }) => passes(report)) ? EXIT.fine : EXIT.refused;
}

/** Seconds that one question may take: a preview is no place to wait. */
const PATIENCE = 20;

/** Pictures from a real Prometheus, as of now; their numbers differ from run to run. Asked once before anything is previewed. */
async function prometheusAt(url: string, token: string | undefined) {
  const [{ prometheusSource }, { connectionTo }] = await Promise.all([
    import("../pictures/prometheus.ts"),
    import("../verify/connection.ts"),
  ]);
  const connection = connectionTo(url, token, "preview", { limit: PATIENCE });
  await connection.ask("query", { query: "vector(1)" });
  return prometheusSource(connection, Math.floor(Date.now() / 1000));
}
