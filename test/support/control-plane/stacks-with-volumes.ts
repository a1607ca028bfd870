import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
