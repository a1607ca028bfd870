import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What somebody changed of a thing in a simulated cloud, past the engine. */
export interface OutsideChange {
  /** Every input as it is now, where one changed that the program sets. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** What changed besides: what the program does not set. */
  readonly computed?: Readonly<Record<string, unknown>>;
}

/** Changes a thing that exists, by its path in `everythingIn`: a refresh finds it changed, until the engine updates it. */
export async function changeOutside(world: string, path: string, change: OutsideChange): Promise<void> {
  const file = fileOf(world, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(change));
}

/** Changes of a thing, or undefined. */
export async function outsideChange(world: string, path: string): Promise<OutsideChange | undefined> {
  const text = await readFile(fileOf(world, path), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as OutsideChange);
}

/** The engine updated or deleted a thing: it is again as the program says. */
export async function settleOutside(world: string, path: string): Promise<void> {
  await rm(fileOf(world, path), { force: true });
}

/** Beside the world, so that a change is nothing that exists in it. */
function fileOf(world: string, path: string): string {
  return join(`${world}-changed-outside`, encodeURIComponent(path));
}
