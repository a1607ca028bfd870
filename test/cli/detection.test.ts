import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fromExposition } from "../../cli/new-service/from.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { GRPC_LIBRARIES, JOB_LIBRARIES } from "../../components/signals/conventions/index.ts";
import { recordings } from "../expositions/conventions/recording.ts";

const folder = mkdtempSync(join(tmpdir(), "bellwether-from-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, "metrics.prom");
  writeFileSync(path, text);
  return path;
}

async function problemOf(source: string) {
  const error = await fromExposition(source).catch((caught: unknown) => caught);
  if (!(error instanceof InvalidInputError)) throw error;
  return error.problems[0];
}

describe("the convention of an exposition", () => {
  it.each(recordings().map((recording) => [recording.name, recording] as const))(
    "is found in what the library exposed: %s",
    async (name, { text }) => {
      const { kind, set, text: said } = await fromExposition(file(text));
      expect(set).toEqual([`metrics=${name}`]);
      expect(kind).toBe(
        Object.hasOwn(JOB_LIBRARIES, name) ? "worker" : Object.hasOwn(GRPC_LIBRARIES, name) ? "grpc" : "http",
      );
      expect(said).not.toContain("fit as well");
      expect(said).toMatch(
        text.includes("_bucket{")
          ? /latency {7}threshold of \d/
          : /latency {7}not measured: it has no histogram of durations/,
      );
    },
  );

  // Programs of the platform, real and written by hand.
  const FOLDER = new URL("../expositions/captured/", import.meta.url);
  it.each(readdirSync(FOLDER))(
    "is not known of a program that serves no requests of a team: %s",
    async (name) => {
      const text = readFileSync(new URL(name, FOLDER), "utf8");
      expect((await problemOf(file(text)))?.found).toContain("of no known convention");
    },
  );

  it("is not known of what an exporter of CloudWatch writes, and the reason is said", async () => {
    const problem = await problemOf(
      file(
        '# TYPE aws_elb_request_count_sum gauge\naws_elb_request_count_sum{load_balancer_name="web"} 42\n',
      ),
    );
    expect(problem?.found).toContain("of no known convention");
    expect(problem?.fix).toContain("a rate of them means nothing");
  });

  const recorded = (name: string) => recordings().find((each) => each.name === name)?.text ?? "";

  it("has the buckets that the service has, if they are not the usual ones", async () => {
    const text = recorded("promhttp").replaceAll('le="0.005"', 'le="0.007"');
    const { set } = await fromExposition(file(text));
    expect(set[1]).toMatch(/^buckets=7ms,10ms,25ms,50ms,100ms,250ms,500ms,1s,[^,]+,5s,10s$/);
  });

  it("says that latency is not measured without buckets", async () => {
    const text = recorded("spring-boot").replaceAll(/^.*_bucket.*\n/gm, "");
    const { text: said, set } = await fromExposition(file(text));
    expect(said).toContain("not measured: there is no http_server_requests_seconds_bucket");
    expect(set).toEqual(["metrics=spring-boot"]);
  });

  it("says that a label has a value for each address, and what to set", async () => {
    const { text } = await fromExposition(file(recorded("flask-exporter")));
    expect(text).toContain("such as /orders/1, /orders/2, /orders/3");
    expect(text).toContain('Set PrometheusMetrics(app, group_by="url_rule")');
    expect((await fromExposition(file(recorded("starlette-exporter")))).text).not.toContain("each address");
  });

  it("has notes of a job that counts as several, and of the queue", async () => {
    const { text, kind } = await fromExposition(file(recorded("celery-exporter")));
    expect(kind).toBe("worker");
    expect(text).toContain(
      "success       measured by celery_task_succeeded_total and celery_task_failed_total",
    );
    expect(text).toContain("backlog       measured by celery_queue_length");
    expect(text).toContain("longer than its time limit counts as 2 failed jobs");
    expect((await fromExposition(file(recorded("rq-exporter")))).text).toContain(
      "each try that fails counts as a failed job",
    );
  });

  it("is not known before the first request, and the message says so", async () => {
    const problem = await problemOf(file("# TYPE http_requests_total counter\n"));
    expect(problem?.fix).toContain("send the service a request");
  });

  it("is read from a URL, whose path the definition gets", async () => {
    const server = createServer((_, answer) => answer.end(recorded("spring-boot"))).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const { set } = await fromExposition(`http://127.0.0.1:${port}/actuator/prometheus`);
      expect(set).toEqual(["metrics=spring-boot", "path=/actuator/prometheus"]);
    } finally {
      server.close();
    }
  });

  it("refuses what is no exposition, and what cannot be read, without a password", async () => {
    expect((await problemOf(file("<html>")))?.found).toBe("line 1 is no sample: <html>");
    expect((await problemOf(join(folder, "nothing")))?.found).toContain("ENOENT");
    const problem = await problemOf("http://me:secret@127.0.0.1:1/metrics");
    expect(problem?.path).toBe("--from http://[hidden]@127.0.0.1:1/metrics");
    expect(JSON.stringify(problem)).not.toContain("secret");
  });
});
