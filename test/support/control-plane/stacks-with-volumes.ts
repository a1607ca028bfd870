import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parse, stringify } from "yaml";
import { ROOT } from "../../e2e/project.ts";

interface StackFile {
  readonly config: { readonly "bellwether:environment": Record<string, Record<string, unknown>> };
}

/** Staging with volumes of a size, as a folder of stacks below another one; the folder. */
export async function stacksWith(volume: string, folder: string): Promise<string> {
  const stacks = join(folder, `stacks-${volume}`);
  const file = parse(await readFile(join(ROOT, "stacks/Pulumi.staging.yaml"), "utf8")) as StackFile;
  const environment = file.config["bellwether:environment"];
  environment["prometheus"] = { ...environment["prometheus"], volume, activeSeries: 50_000 };
  for (const program of ["alertmanager", "grafana"])
    environment[program] = { ...environment[program], volume };
  await mkdir(stacks, { recursive: true });
  await writeFile(join(stacks, "Pulumi.staging.yaml"), stringify(file));
  return stacks;
}

/** How a command ended; the code is null where it was killed. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/**
 * Runs `bellwether` as a process.
 *
 * @param killAt after so many lines about steps it is killed, as by a power cut.
 */
export async function bellwetherProcess(
  args: readonly string[],
  kubeconfig: string,
  killAt = Number.POSITIVE_INFINITY,
): Promise<Ended> {
  const child = spawn(process.execPath, ["cli/bellwether.js", ...args], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1", KUBECONFIG: kubeconfig },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let error = "";
  let steps = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    error += `${line}\n`;
    if (/^ *[\d.]+ s /.test(line) && ++steps === killAt) child.kill("SIGKILL");
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, error };
}
