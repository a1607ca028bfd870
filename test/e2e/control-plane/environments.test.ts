import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { changedBySecondApply } from "../../support/control-plane/deployment.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { inspect, jobsOf } from "../../support/control-plane/inspection.ts";
import { type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { rulesOf, targetsOf } from "../../support/control-plane/query.ts";
import { type MonitoringServers, startMonitoring } from "../../support/control-plane/servers.ts";
import { type Sink, startSink } from "../../support/control-plane/sink.ts";
import { table } from "../../support/control-plane/table.ts";
import { until } from "../../support/servers.ts";

// What real servers make of every environment: the API server with strict validation, pod security and permissions; the operator; and
// Prometheus with the configuration that the operator generates.

describe.each(["local", "dev", "staging", "prod"])("%s", (environment) => {
  let sink: Sink;
  let platform: Platform;
  let monitoring: MonitoringServers;

  beforeAll(async () => {
    sink = await startSink();
    platform = await startPlatform(join(inject("previews"), environment), (_, key) => `stand-in for ${key}`);
  });
  keepLogsOfFailures(() => platform?.plane);
  afterAll(async () => {
    await monitoring?.stop();
    await platform?.stop();
    await sink?.stop();
  });

  it("is taken by the API server, which refuses nothing, drops nothing and warns of nothing", () => {
    const { applied, steps } = platform;
    const refused = applied.flatMap((each) => each.refused ?? []);
    const lost = applied.flatMap(({ object, lost: fields }) => fields.map((field) => `${object}${field}`));
    const warnings = applied.flatMap((each) => each.warnings.map((text) => `${each.object}: ${text}`));
    console.log(
      table(
        ["environment", "objects", "refused", "fields lost", "warnings"],
        [[environment, ...[applied, refused, lost, warnings].map(({ length }) => String(length))]],
      ),
    );
    expect(applied.length).toBe(steps.flatMap(({ objects }) => objects).length);
    expect(refused).toEqual([]);
    expect(lost).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it("is the same after it is applied again", async () => {
    expect(await changedBySecondApply(platform.plane.api, platform.steps)).toEqual([]);
  });

  it("is reconciled by the operator, scraped whole, and evaluated without a failure", async () => {
    // Three times faster, so that every target is scraped soon, on a busy machine too: see faster.ts.
    monitoring = await startMonitoring(platform, { name: "fast", sink, factor: 3, history: 0 });
    let findings: readonly string[] = [];
    await until(async () => {
      findings = await inspect(platform, monitoring);
      return findings.length === 0;
    }, 120).catch(() => {});
    const [server] = monitoring.prometheus;
    const targets = server === undefined ? [] : await targetsOf(server);
    const rules = server === undefined ? [] : (await rulesOf(server)).flatMap((group) => group.rules);
    console.log(
      table(
        ["environment", "jobs", "targets", "up", "rules", "failing"],
        [
          [
            environment,
            String(jobsOf(platform.steps).length),
            String(targets.length),
            String(targets.filter(({ health }) => health === "up").length),
            String(rules.length),
            String(rules.filter(({ health }) => health === "err").length),
          ],
        ],
      ),
    );
    expect(findings).toEqual([]);
  });
});
