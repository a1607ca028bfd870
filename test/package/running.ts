import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Finished } from "../support/process.ts";
import { freePort, type Server, serve, until } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { PROGRAM, platformOutputs, type TeamFolder } from "./project.ts";

// A real Prometheus with the rules that the preview of a team's program wrote, which scrapes its service as the operator would configure it.
// The platform says two seconds, so that nothing has to be waited for.

const MINUTES = 60_000;
const INTERVAL = "2s";

const METRICS = `# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="200",le="+Inf"} 7
http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200"} 7
http_server_request_duration_seconds_sum{http_request_method="GET",http_response_status_code="200"} 1
`;

/** The tests that need a server of the platform; `team` is the folder with the program and the package. */
export function onRunningPlatform(team: () => TeamFolder): void {
  describe("a program of a team on a platform that runs", () => {
    it("is as defined on its Prometheus, by npx bellwether verify, until a rule is missing there", {
      timeout: 5 * MINUTES,
    }, async () => {
      const found = await servicesOnPrometheus(team());
      expect(found.defined.stderr).toBe("");
      expect(found.defined).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("1 service, as defined"),
      });
      expect(found.withoutRules.code).toBe(1);
      expect(found.withoutRules.stdout).toMatch(/rules service-checkout\.availability[\s\S]*not loaded/);
      expect(found.withoutServer.code).toBe(2);
      expect(found.withoutServer.stderr).toContain("--namespace monitoring port-forward");
    });

    it("gives a service another name by npx bellwether rename, and keeps its error budgets", {
      timeout: 3 * MINUTES,
    }, async () => {
      const bellwether = (...line: string[]) => team().node(["node_modules/.bin/bellwether", ...line]);
      const text = () => readFileSync(join(team().folder, "index.ts"), "utf8");
      const refused = await bellwether("rename", "checkout", "storefront");
      expect([refused.code, text()]).toEqual([2, PROGRAM]);
      expect(refused.stderr).toContain("the platform's own program monitors for team shop");
      const { code, stdout, stderr } = await bellwether("rename", "checkout", "till");
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/^checkout is called till in index\.ts\.[\s\S]*ready to deploy/);
      expect(text()).toBe(
        PROGRAM.replace('  name: "checkout",\n', '  name: "till",\n  formerly: ["checkout"],\n'),
      );
      const rules = join(team().folder, "out/preview/prometheus/rules/service-till.availability.yaml");
      expect(readFileSync(rules, "utf8")).toContain('service=~"till|checkout"');
      team().write({ "index.ts": PROGRAM });
    });
  });
}

/** What `bellwether verify` says of the service checkout: with its rules, without them, and without a server. */
async function servicesOnPrometheus(
  team: TeamFolder,
): Promise<Readonly<Record<"defined" | "withoutRules" | "withoutServer", Finished>>> {
  const outputs = (interval: { readonly scrapeInterval?: string }) => {
    const { bellwether } = platformOutputs("prod") as { readonly bellwether: object };
    const text = JSON.stringify({ bellwether: { ...bellwether, ...interval } });
    team.write({ "platforms/acme.bellwether.prod.json": text });
  };
  const bellwether = (...line: string[]) => team.node(["node_modules/.bin/bellwether", ...line]);
  const verify = (url: string) => bellwether("verify", "preview", "--prometheus", url);
  const exposing = createServer((_, answer) =>
    answer.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(METRICS),
  ).listen(0, "127.0.0.1");
  let server: Server | undefined;
  try {
    outputs({ scrapeInterval: INTERVAL });
    const { code, stderr } = await bellwether("preview", "--out", "running");
    // The policies refuse an interval of two seconds; the rules are written all the same.
    if (code > 1) throw new Error(stderr);
    server = await prometheus(team, `127.0.0.1:${(exposing.address() as AddressInfo).port}`);
    const { url } = server;
    let defined = await verify(url);
    await until(async () => {
      defined = await verify(url);
      return defined.code === 0;
    }, 60).catch(() => undefined);
    const rules = join(team.folder, "running/rules");
    for (const file of readdirSync(rules)) rmSync(join(rules, file));
    await fetch(`${url}/-/reload`, { method: "POST" });
    return { defined, withoutRules: await verify(url), withoutServer: await verify("http://127.0.0.1:1") };
  } finally {
    await server?.stop();
    exposing.close();
    outputs({});
  }
}

async function prometheus({ folder, write }: TeamFolder, target: string): Promise<Server> {
  const running = join(folder, "running");
  cpSync(join(running, "preview/prometheus/rules"), join(running, "rules"), { recursive: true });
  write({
    "running/prometheus.yaml": stringify({
      global: { evaluation_interval: INTERVAL, scrape_interval: INTERVAL, scrape_timeout: INTERVAL },
      rule_files: [join(running, "rules/*.yaml")],
      scrape_configs: [
        {
          job_name: "checkout",
          static_configs: [
            { targets: [target], labels: { namespace: "shop", service: "checkout", team: "shop", pod: "a" } },
          ],
        },
      ],
    }),
  });
  const port = await freePort();
  return serve(
    await tool("prometheus"),
    [
      `--config.file=${join(running, "prometheus.yaml")}`,
      `--storage.tsdb.path=${join(running, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-lifecycle",
    ],
    { port, ready: "/-/ready" },
  );
}
