import { spawn } from "node:child_process";
import { access } from "node:fs/promises";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { run } from "../../support/process.ts";
import { until } from "../../support/servers.ts";

describe("npm run control-plane", () => {
  let child: ReturnType<typeof spawn> | undefined;
  afterEach(() => child?.kill("SIGKILL"));

  it.each(["SIGINT", "SIGKILL"] as const)("leaves nothing behind after %s", async (signal) => {
    const program = ["--import", "tsx", "test/support/control-plane/main.ts"];
    const started = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
    child = started;
    let folder = "";
    for await (const line of createInterface({ input: started.stdout })) {
      folder = /KUBECONFIG=(\S+)\/admin\.kubeconfig/.exec(line)?.[1] ?? folder;
      if (line.startsWith("Its logs")) break;
    }
    expect((await processesOf(folder)).length).toBeGreaterThanOrEqual(5);

    started.kill(signal);
    await until(async () => (await processesOf(folder)).length === 0 && !(await exists(folder)));
  });
});

/** Every process that has the folder in its command line: all of them do. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const { stdout } = await run("ps", ["-A", "-ww", "-o", "args"]);
  return stdout.split("\n").filter((line) => line.includes(folder));
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
