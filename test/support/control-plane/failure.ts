import { cp, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import type { ControlPlane } from "./control-plane.ts";

const KEPT = fileURLToPath(new URL("../../../.cache/control-plane-logs/", import.meta.url));

/** Keeps what every program wrote when a test of the file fails, in .cache/control-plane-logs/, one folder for each test file. */
export function keepLogsOfFailures(plane: () => ControlPlane | undefined): void {
  afterEach(async ({ task }) => {
    const logs = plane()?.logs;
    if (task.result?.state !== "fail" || logs === undefined) return;
    const kept = join(KEPT, basename(task.file.filepath, ".test.ts"));
    await rm(kept, { recursive: true, force: true });
    await cp(logs, kept, { recursive: true });
    console.error(`the logs are kept in ${kept}`);
  });
}
