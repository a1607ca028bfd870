import { spawnSync } from "node:child_process";

/** Lines that follow each other and are new, changed or gone. */
export interface ChangedLines {
  /** From the folder of the platform. */
  readonly file: string;
  /** The first of them as the file is now; of lines that are gone, the one before them. */
  readonly line: number;
  /** How many there are now. */
  readonly count: number;
  /** What stood and stands there. */
  readonly text: string;
}

/** Files in which a change of what is deployed can have its cause. */
const SOURCE = /\.(?:ts|js|json|ya?ml)$/;
const NO_SOURCE = /^(?:test|docs|findings|review|out)\//;

/** What differs between the files of a commit and those of a folder; nothing if git does not say it. */
export function changedLines(folder: string, tree: string): readonly ChangedLines[] {
  const args = ["diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-renames", "--relative", tree];
  const { status, stdout } = spawnSync("git", ["-C", folder, ...args, "--", "."], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return status === 0 ? linesOf(stdout) : [];
}

/** Reads a unified diff without context. A file that is gone has no lines. */
export function linesOf(diff: string): readonly ChangedLines[] {
  return diff.split(/^(?=diff --git )/m).flatMap((ofFile) => {
    const [header = "", ...hunks] = ofFile.split(/^(?=@@ -)/m);
    const file = /^\+\+\+ b\/(.*?)\t?$/m.exec(header)?.[1];
    if (file === undefined || !SOURCE.test(file) || NO_SOURCE.test(file)) return [];
    return hunks.map((hunk) => {
      const [, line = "1", count = "1"] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(hunk) ?? [];
      const text = hunk
        .split("\n")
        .slice(1)
        .filter((each) => /^[+-]/.test(each))
        .map((each) => each.slice(1));
      return { file, line: Math.max(1, Number(line)), count: Number(count), text: text.join("\n") };
    });
  });
}
