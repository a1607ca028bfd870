import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Finished, run } from "./process.ts";

const CACHE = fileURLToPath(new URL("../../.cache/tools/", import.meta.url));

/** Python or its packages cannot be had. The message says what to install. */
class PythonUnavailable extends Error {
  override readonly name = "PythonUnavailable";
}

const known = new Map<string, Promise<string>>();

/**
 * The path of a Python that has the packages of a file of requirements with hashes, and no others: a virtual environment in .cache/tools,
 * made once for each content of the file.
 *
 * @throws {PythonUnavailable} without Python 3.10 or newer on PATH, or when pip does not install the packages.
 */
export function pythonWith(requirements: string): Promise<string> {
  let python = known.get(requirements);
  if (python === undefined) {
    python = find(requirements);
    known.set(requirements, python);
  }
  return python;
}

async function find(requirements: string): Promise<string> {
  const { stdout: version } = await done(
    run("python3", ["-c", "import sys; assert sys.version_info >= (3, 10), sys.version; print(sys.version)"]),
    "Install Python 3.10 or newer with its module venv (on Debian python3 and python3-venv).",
  );
  const digest = createHash("sha256")
    .update(version)
    .update(await readFile(requirements));
  const folder = join(CACHE, `python-${digest.digest("hex").slice(0, 8)}`);
  const python = join(folder, "bin", "python");
  if (existsSync(python)) return python;
  const unfinished = join(CACHE, `building-python-${randomUUID()}`);
  try {
    await done(run("python3", ["-m", "venv", unfinished]), "Install the module venv of Python.");
    // An environment knows its own path in its scripts alone; Python itself is run here, and so it may be moved.
    const install = ["-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary=:all:"];
    await done(
      run(join(unfinished, "bin", "python"), [...install, "-r", requirements]),
      `pip does not install ${requirements}.`,
    );
    // Another process may have been first, with the same content.
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(python)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return python;
}

async function done(running: Promise<Finished>, remedy: string): Promise<Finished> {
  const finished = await running.catch((error: unknown) => {
    throw new PythonUnavailable(`python3 cannot be run: ${String(error)}. ${remedy}`);
  });
  if (finished.code !== 0) throw new PythonUnavailable(`${remedy}\n${finished.stderr}`);
  return finished;
}
