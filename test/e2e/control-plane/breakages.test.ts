import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BREAKAGES, type Breakage, broken } from "../../support/control-plane/breakages.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { inspect } from "../../support/control-plane/inspection.ts";
import { type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Sink, startSink } from "../../support/control-plane/sink.ts";
import { until } from "../../support/servers.ts";

// What the inspection of an environment is worth: production with one mistake at a time, each of which it must notice, and with none
// of them, of which it must say nothing.

let sink: Sink;
let platform: Platform;
let monitoring: MonitoringServers;

beforeAll(async () => {
  sink = await startSink();
  platform = await startPlatform(join(inject("previews"), "prod"), (_, key) => `stand-in for ${key}`);
  // Ten times faster: see faster.ts.
  monitoring = await startMonitoring(platform, { name: "fast", sink, factor: 10, history: 0 });
  await untilFound((findings) => findings.length === 0, Date.now());
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  await monitoring?.stop();
  await platform?.stop();
  await sink?.stop();
});

/** Takes over what the operator generates, and looks, until there is what is looked for. */
async function untilFound(sought: (findings: readonly string[]) => boolean, since: number): Promise<void> {
  let findings: readonly string[] = [];
  const look = async () => {
    monitoring.network.forget();
    await monitoring.refresh();
    findings = await inspect(platform, monitoring, since);
    return sought(findings);
  };
  await until(look, 45).catch(() => {
    throw new Error(`not noticed; what is found is: ${JSON.stringify(findings, null, 2)}`);
  });
}

function rendered({ kind, name }: Breakage) {
  const found = platform.steps
    .flatMap(({ objects }) => objects)
    .find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`production has no ${kind} ${name}`);
  return found;
}

async function restartOperator(): Promise<void> {
  await platform.operator.kill();
  await platform.operator.start();
}

describe("the inspection of an environment", () => {
  it.each(BREAKAGES)("notices that $mistake", async (breakage) => {
    const { api } = platform.plane;
    const object = rendered(breakage);
    const since = Date.now();
    try {
      await api.apply(broken(breakage, object));
      if (breakage.restartsOperator) await restartOperator();
      await untilFound((findings) => findings.some((finding) => breakage.noticed.test(finding)), since);
    } finally {
      await api.apply(object);
      if (breakage.restartsOperator) await restartOperator();
    }
    await untilFound((findings) => findings.length === 0, Date.now());
  });

  it("need not notice an unknown field: the API server refuses it", async () => {
    const object = platform.steps.flatMap(({ objects }) => objects).find(({ kind }) => kind === "Prometheus");
    if (object === undefined) throw new Error("production has no Prometheus");
    const spec = { ...(object["spec"] as object), replica: 2 };
    await expect(platform.plane.api.apply({ ...object, spec })).rejects.toThrow(
      /field not declared|unknown field/,
    );
  });
});
