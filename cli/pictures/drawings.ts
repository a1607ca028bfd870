import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeProblem } from "../writing.ts";
import type { Chart } from "./chart.ts";
import type { Picture } from "./kinds.ts";

/** Changes when the same chart is to be drawn differently: what was drawn before is then drawn anew. */
const EDITION = "echarts 6.1.0, 5";

/**
 * Charts as images, each drawn once: environments differ in few panels, and a preview from the one before it in fewer. What is drawn
 * is kept in a folder under the hash of what it shows, from which it can always be drawn again.
 */
export class Drawings {
  readonly #folder: string | undefined;
  readonly #known = new Map<string, Promise<string>>();
  readonly #panels = new Map<string, Promise<Picture>>();

  /** Without a folder, nothing outlives the process. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** A panel's picture: environments share most of them, whole with their data. */
  panel(key: string, draw: () => Promise<Picture>): Promise<Picture> {
    let picture = this.#panels.get(key);
    if (picture === undefined) {
      picture = draw();
      this.#panels.set(key, picture);
    }
    return picture;
  }

  /** The chart as the address of an image. */
  of(chart: Chart, draw: (id: string) => Promise<string>): Promise<string> {
    const id = `c${createHash("sha256")
      .update(`${EDITION} ${JSON.stringify(chart)}`)
      .digest("hex")
      .slice(0, 20)}`;
    let image = this.#known.get(id);
    if (image === undefined) {
      image = this.#kept(id, draw);
      this.#known.set(id, image);
    }
    return image;
  }

  async #kept(id: string, draw: (id: string) => Promise<string>): Promise<string> {
    const file = this.#folder === undefined ? undefined : join(this.#folder, `${id}.txt`);
    if (file !== undefined && existsSync(file)) return readFileSync(file, "utf8");
    const image = address(await draw(id));
    if (file !== undefined) keep(file, image);
    return image;
  }
}

/** Written beside its place first: another preview may be reading. A picture that cannot be kept is drawn again the next time. */
function keep(file: string, image: string): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(unfinished, image);
    renameSync(unfinished, file);
  } catch (error) {
    if (writeProblem(error, file) === undefined) throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** SVG as a data URI, with no more escapes than it needs. */
function address(svg: string): string {
  const text = svg
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll("%", "%25")
    .replaceAll("#", "%23")
    .replaceAll("<", "%3C")
    .replaceAll(">", "%3E")
    .replaceAll('"', "'");
  return `data:image/svg+xml,${text}`;
}
