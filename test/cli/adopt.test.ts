import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adoptCommand } from "../../cli/adopt.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { checkedService, type Service } from "../../components/service/model.ts";

const PLAIN = `
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: checkout, namespace: shop, labels: { team: shop } }
spec:
  selector: { matchLabels: { app.kubernetes.io/name: checkout } }
  endpoints: [{ port: web, path: /internal/metrics, interval: 15s }]
`;

const SECURED = `
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: vault, namespace: safe, labels: { team: platform } }
spec:
  selector: { matchLabels: { app: vault, component: server } }
  endpoints:
    - port: https-metrics
      interval: 15s
      scheme: HTTPS
      authorization: { credentials: { name: vault-metrics, key: token } }
      tlsConfig:
        serverName: vault.safe.svc
        ca: { secret: { name: vault-tls, key: ca.crt } }
`;

const UNCHECKED = `
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: agent, namespace: safe, labels: { team: platform } }
spec:
  selector: { matchLabels: { app.kubernetes.io/name: agent } }
  podMetricsEndpoints:
    - port: metrics
      interval: 5s
      scheme: https
      scrapeTimeout: 4s
      params: { token: [s3cr3t-of-the-agent] }
      tlsConfig: { insecureSkipVerify: true, minVersion: TLS12 }
`;

const ODD = `
apiVersion: v1
kind: List
items:
  - apiVersion: monitoring.coreos.com/v1
    kind: PodMonitor
    metadata: { name: legacy, namespace: monitoring }
    spec:
      selector: { matchLabels: { app: legacy, canary: "no" } }
      namespaceSelector: { matchNames: [shop, billing] }
      podMetricsEndpoints:
        - { port: metrics, honorLabels: true, metricRelabelings: [{ action: drop }] }
        - { port: other }
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: unrelated } }
`;

let folder: string;
const file = (text: string, name: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** The only definition of a text, with every default, as defineService takes it. */
function definitionIn(text: string): Service {
  const [, literal = ""] = /defineService\(([\s\S]*)\);\n$/.exec(text) ?? [];
  const checked = checkedService(new Function(`return (${literal})`)());
  if (!checked.ok) throw new InvalidInputError("adopted", checked.problems);
  return checked.value;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-adopt-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a ServiceMonitor that is taken over", () => {
  it("becomes a definition that scrapes the same port of the same Service", () => {
    const { text } = adoptCommand([file(PLAIN, "plain.yaml")], {});
    expect(text).toMatch(/name: "checkout",\n {2}owner: "shop",\n {2}tier: "standard",/);
    expect(text).toContain('http: { port: "web", path: "/internal/metrics", metrics: "otel" }');
  });

  it("is said to go on scraping, so that nobody counts everything twice", () => {
    const { report } = adoptCommand([file(PLAIN, "plain.yaml")], {});
    expect(report).toMatch(/^2 things to check before you delete/);
    expect(report).toContain("then delete the old monitor");
  });

  it("is scraped as it was: its labels, interval, TLS and credentials, whose Secrets are named and not read", () => {
    const { text, report } = adoptCommand([file(SECURED, "secured.yaml")], {});
    expect(definitionIn(text).scrape).toEqual({
      kind: "service",
      selector: { app: "vault", component: "server" },
      interval: "15s",
      scheme: "https",
      tlsConfig: { serverName: "vault.safe.svc", ca: { secret: "vault-tls", key: "ca.crt" } },
      auth: { kind: "bearer", secret: "vault-metrics", key: "token" },
    });
    expect(report).toContain("create the Secret vault-tls in the namespace of the platform");
    expect(report).toContain("create the Secret vault-metrics in the namespace of the platform");
  });

  it("is scraped by its pods where it is a PodMonitor, and says what a definition does not take", () => {
    const { text, report } = adoptCommand([file(UNCHECKED, "unchecked.yaml")], {});
    expect(definitionIn(text).scrape).toEqual({
      kind: "pod",
      scheme: "https",
      tlsConfig: { insecureSkipVerify: true },
    });
    for (const lost of ["interval", "scrapeTimeout", "params", "tlsConfig.minVersion"])
      expect(report).toContain(`unchecked.yaml: agent ${lost}`);
    expect(text + report).not.toContain("s3cr3t");
  });

  it("keeps credentials away from a target that nobody checks", () => {
    const insecure = SECURED.replace("serverName: vault.safe.svc", "insecureSkipVerify: true");
    const { text, report } = adoptCommand([file(insecure, "insecure.yaml")], {});
    expect(text).not.toContain("insecureSkipVerify");
    expect(report).toContain("insecure.yaml: vault tlsConfig.insecureSkipVerify");
  });

  it("takes a user and a password of one Secret, and no other", () => {
    const basic = (secret: string) =>
      SECURED.replace(
        /authorization: .*/,
        `basicAuth: { username: { name: login, key: user }, password: { name: ${secret}, key: pass } }`,
      );
    const one = definitionIn(adoptCommand([file(basic("login"), "basic.yaml")], {}).text).scrape;
    expect(one).toMatchObject({
      auth: { kind: "basic", secret: "login", usernameKey: "user", passwordKey: "pass" },
    });
    const two = adoptCommand([file(basic("other"), "two.yaml")], {});
    expect(definitionIn(two.text).scrape).not.toHaveProperty("auth");
    expect(two.report).toContain("two.yaml: vault basicAuth");
  });

  it("loses nothing silently: what a definition has no place for is told", () => {
    const { text, report } = adoptCommand([file(ODD, "odd.yaml")], { owner: "billing" });
    expect(text.match(/defineService\(/g)).toHaveLength(1);
    for (const lost of ["namespaceSelector", "endpoints", "honorLabels", "metricRelabelings"])
      expect(report).toContain(`odd.yaml: legacy ${lost}`);
  });

  it.each([
    ["no file", () => [], /no file/],
    ["a file that is not there", () => ["/nowhere.yaml"], /no file, or one without read permission/],
    ["no YAML", () => [file("{ broken", "broken.yaml")], /invalid YAML/],
    ["no monitor", () => [file("kind: ConfigMap", "other.yaml")], /no ServiceMonitor and no PodMonitor/],
  ])("is refused for %s", (_, files, message) => {
    expect(() => adoptCommand(files(), {})).toThrow(message);
  });
});
