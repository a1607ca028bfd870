import { describe, expect, it } from "vitest";
import { recorded } from "./recorded.ts";
import { listed } from "./registries.ts";

const TAGS = "https://registry.example/v2/a/b/tags/list";
const image = { kind: "image", host: "registry.example", repository: "a/b" } as const;

describe("the versions that a registry lists", () => {
  it("are those of a Go module, as the tool prints them", async () => {
    const module = "github.com/prometheus/prometheus";
    const access = recorded(
      {},
      {
        [`go list -m -versions -json ${module}@latest`]: `{"Path":"${module}","Version":"v0.316.0","Versions":["v0.313.5","v0.316.0"]}`,
      },
    );
    const release = (version: string) => version.replace("0.3", "3.");
    expect(await listed({ kind: "go", module, release }, access)).toEqual(["3.13.5", "3.16.0"]);
  });

  it.each([
    ['["1.0.0","1.1.0"]', ["1.0.0", "1.1.0"]],
    ['"1.0.0"', ["1.0.0"]],
  ])("are those of an npm package, of which there may be one: %s", async (answer, versions) => {
    const access = recorded({}, { "npm view zod versions --json": answer });
    expect(await listed({ kind: "npm", name: "zod" }, access)).toEqual(versions);
  });

  it("are the tags of an image, page after page, with the token that anybody gets", async () => {
    const token = "anybody";
    const access = recorded({
      [`${TAGS}?n=1000`]: {
        token,
        headers: { link: '</v2/a/b/tags/list?n=1000&last=v1.0.0>; rel="next"' },
        body: { tags: ["latest", "v1.0.0"] },
      },
      [`${TAGS}?n=1000&last=v1.0.0`]: { token, body: { tags: ["v1.1.0"] } },
      "https://registry.example/auth?service=registry.example&scope=repository%3Aa%2Fb%3Apull": {
        body: { token },
      },
    });
    expect(await listed(image, access)).toEqual(["latest", "v1.0.0", "v1.1.0"]);
  });

  it("are at another host for images of docker.io", async () => {
    const access = recorded({
      "https://registry-1.docker.io/v2/grafana/grafana/tags/list?n=1000": { body: { tags: ["13.1.4"] } },
    });
    expect(await listed({ ...image, host: "docker.io", repository: "grafana/grafana" }, access)).toEqual([
      "13.1.4",
    ]);
  });

  it("are those of one chart in the index of a repository", async () => {
    const access = recorded({
      "https://charts.example/index.yaml": {
        body: `apiVersion: v1
entries:
  other:
  - version: 9.9.9
  prometheus-operator-crds:
  - appVersion: v0.94.0
    description: |
      Two

      lines
    version: 32.0.0
  - version: 31.0.1
  third:
  - version: 8.8.8
generated: "2026-11-29T00:00:00Z"
`,
      },
    });
    const chart = "prometheus-operator-crds";
    expect(await listed({ kind: "chart", repository: "https://charts.example", chart }, access)).toEqual([
      "32.0.0",
      "31.0.1",
    ]);
  });

  it("are the releases of an action", async () => {
    const access = recorded({
      "https://api.github.com/repos/actions/cache/releases?per_page=100": {
        body: [{ tag_name: "v5.0.5" }, { tag_name: "v5.1.0" }],
      },
    });
    expect(await listed({ kind: "github", repository: "actions/cache" }, access)).toEqual([
      "v5.0.5",
      "v5.1.0",
    ]);
  });

  it.each([
    [
      "answers with an error",
      { [`${TAGS}?n=1000`]: { status: 503, body: "" } },
      "registry.example answers 503",
    ],
    [
      "refuses without a word",
      { [`${TAGS}?n=1000`]: { status: 401, body: "" } },
      /refuses, and does not say/,
    ],
    [
      "has no end",
      {
        [`${TAGS}?n=1000`]: {
          headers: { link: '</v2/a/b/tags/list?n=1000>; rel="next"' },
          body: { tags: ["1.0.0"] },
        },
      },
      "registry.example lists more than 50 pages of a/b",
    ],
  ])("are not known where a registry %s", async (_, urls, message) => {
    await expect(listed(image, recorded(urls))).rejects.toThrow(message);
  });

  it("are not known where a client fails: the last line says why", async () => {
    await expect(listed({ kind: "npm", name: "zod" }, recorded({}))).rejects.toThrow(/^connection refused$/);
  });

  it("are for somebody with an account of AWS to list", async () => {
    const access = recorded({});
    await expect(listed({ kind: "aws", command: "aws grafana list-versions" }, access)).rejects.toThrow(
      "run: aws grafana list-versions",
    );
    expect(access.asked).toEqual([]);
  });
});
