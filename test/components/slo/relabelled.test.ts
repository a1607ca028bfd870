import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { httpAvailability } from "../../../components/signals/http.ts";
import { RECORDS } from "../../../components/slo/conventions.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { freePort } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";
import { LINKS, SLO } from "./samples.ts";

// The rules of an objective in the real Prometheus while the scrape configuration changes. Its process has counted 100,000 requests before:
// a series under new labels must not count them again, and a new series of errors must count its first value.

// Two scrapes between two evaluations look like none of a new series: on a busy machine that happens with intervals of two seconds now and then.
const SECONDS = 5;
const INTERVAL = `${SECONDS}s` as const;
const TRIES = 3;
const BEFORE = 100_000;
const PER_SCRAPE = 5;
const FIRST_ERRORS = 7;

const slo: Slo = { ...SLO, signal: httpAvailability("http_requests_total", { job: "storefront" }) };

interface Change {
  readonly label?: boolean;
  readonly metricLabel?: boolean;
}

describe("a change of the scrape configuration of a process that has counted for long", () => {
  let folder: string;
  let target: Server;
  let prometheus: ChildProcess;
  let api: string;
  let counted = BEFORE;
  let fails = false;

  const configure = ({ label = false, metricLabel = false }: Change) =>
    writeFile(
      join(folder, "prometheus.yaml"),
      stringify({
        global: { scrape_interval: INTERVAL, evaluation_interval: INTERVAL },
        rule_files: ["rules.yaml"],
        scrape_configs: [
          {
            job_name: "storefront",
            static_configs: [
              {
                targets: [`127.0.0.1:${(target.address() as AddressInfo).port}`],
                labels: label ? { zone: "a" } : {},
              },
            ],
            metric_relabel_configs: metricLabel ? [{ target_label: "tier", replacement: "critical" }] : [],
          },
        ],
      }),
    );
  const reload = async (change: Change) => {
    await configure(change);
    expect((await fetch(`${api}/-/reload`, { method: "POST" })).ok).toBe(true);
  };
  const ask = async (query: string): Promise<number> => {
    const response = await fetch(`${api}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1] ?? Number.NaN);
  };
  const until = async (query: string) => {
    for (let attempt = 0; attempt < 150 && !((await ask(query)) > 0); attempt++) await sleep(200);
    expect(await ask(query), query).toBeGreaterThan(0);
  };

  beforeEach(async () => {
    counted = BEFORE;
    fails = false;
    folder = await mkdtemp(join(tmpdir(), "bellwether-relabelled-"));
    target = createServer((_, response) => {
      counted += PER_SCRAPE;
      response.setHeader("content-type", "text/plain; version=0.0.4");
      const errors = fails ? `http_requests_total{code="500"} ${FIRST_ERRORS}\n` : "";
      response.end(
        `# TYPE http_requests_total counter\nhttp_requests_total{code="200"} ${counted}\n${errors}build_info 1\n`,
      );
    });
    await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
    const { name, rules } = ruleGroup(slo, INTERVAL, LINKS);
    await writeFile(
      join(folder, "rules.yaml"),
      stringify({ groups: [{ name, interval: INTERVAL, rules: rules.filter((rule) => "record" in rule) }] }),
    );
    await configure({});
    const port = await freePort();
    api = `http://127.0.0.1:${port}`;
    prometheus = spawn(
      await tool("prometheus"),
      [
        `--config.file=${join(folder, "prometheus.yaml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--web.enable-lifecycle",
      ],
      { stdio: "ignore" },
    );
    for (let attempt = 0; attempt < 300; attempt++) {
      if ((await fetch(`${api}/-/ready`).catch(() => undefined))?.ok === true) break;
      await sleep(100);
    }
  }, 300_000);

  afterEach(async () => {
    if (prometheus?.exitCode === null) {
      const gone = new Promise((resolve) => prometheus.once("exit", resolve));
      prometheus.kill();
      await gone;
    }
    target?.closeAllConnections();
    target?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("counts no request twice, and the first errors of a new series", {
    timeout: 300_000,
    retry: TRIES - 1,
  }, async () => {
    await until("count_over_time(slo:sli_total:irate[50s]) >= 3");
    await reload({ label: true });
    await until('count_over_time(http_requests_total{zone="a"}[50s]) >= 4');
    await reload({ label: true, metricLabel: true });
    await until('count_over_time(http_requests_total{tier="critical"}[50s]) >= 4');
    fails = true;
    await until('count_over_time(http_requests_total{code="500"}[50s]) >= 4');
    // Steps are per second. Scrapes and evaluations are not quite as far apart on a busy machine: one step can hold several scrapes.
    expect(await ask(`max_over_time(${RECORDS.totalStep}[5m]) * ${SECONDS}`)).toBeLessThan(BEFORE / 100);
    expect(await ask(`sum_over_time(${RECORDS.errorsStep}[5m]) * ${SECONDS}`)).toBeCloseTo(FIRST_ERRORS, 6);
  });
});
