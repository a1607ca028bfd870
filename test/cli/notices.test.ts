import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { paintFor } from "../../cli/paint.ts";
import { preview } from "../../cli/preview.ts";
import { passes } from "../../cli/report/model.ts";
import { summary } from "../../cli/terminal.ts";
import { RUNBOOKS } from "../../components/core/runbooks.ts";
import { samplePlatform, stackText, TODAY, type Workspace, workspace } from "./sample.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const OWN = "https://runbooks.shop.example/bellwether";

/** The stack file of `local`, with a URL of its own for the runbooks. */
const published = stackText("local", [
  "    alertmanager:\n",
  `    alerts:\n      runbookBaseUrl: ${OWN}\n    alertmanager:\n`,
]);

let current: Workspace | undefined;
afterEach(() => {
  current?.dispose();
  current = undefined;
});

/** What a preview of stack files says: in the terminal, and in the two reports of `local`. */
async function said(stacks: Readonly<Record<string, string>>) {
  current = workspace(stacks);
  const { stacksFolder, outFolder } = current;
  const progress = { step: () => undefined };
  const result = await preview(samplePlatform(), {
    environments: [],
    today: TODAY,
    stacksFolder,
    outFolder,
    progress,
  });
  expect(result.mistaken).toEqual([]);
  const report = (file: string) => readFileSync(join(outFolder, "local", file), "utf8");
  return {
    passes: result.previewed.every(({ report: each }) => passes(each)),
    terminal: summary(result, paintFor({}, {}), String),
    html: report("report.html"),
    markdown: report("report.md"),
  };
}

describe("a preview of an environment with the default URL of the runbooks", () => {
  it("says so, with the field to set, in the terminal and in both reports", async () => {
    const { terminal, html, markdown } = await said({ local: stackText("local") });
    for (const text of [terminal, html, markdown]) {
      expect(text).toContain("The runbook links of the alerts use the default https://github.com/");
      expect(text).toContain("set alerts.runbookBaseUrl to its URL");
    }
  });

  it("passes all the same", async () => {
    expect((await said({ local: stackText("local") })).passes).toBe(true);
  });

  it("says it once for all such environments and names them", async () => {
    const { terminal } = await said({ local: stackText("local"), dev: stackText("dev") });
    expect(terminal.match(/use the default/g)).toHaveLength(1);
    expect(terminal).toMatch(/^local, dev: notice$/m);
  });

  it("names only the environments that have the default", async () => {
    const { terminal } = await said({ local: published, dev: stackText("dev") });
    expect(terminal).toMatch(/^dev: notice$/m);
  });

  it("names no default in the terminal and in the reports of an environment that has its own", async () => {
    for (const text of Object.values(await said({ local: published })))
      expect(String(text)).not.toContain("use the default");
  });
});

describe("a preview of an environment with an old name of a field", () => {
  it("gives the new name in the terminal and in both reports, and passes", async () => {
    const old = stackText("local", [
      "    alertmanager:\n",
      "    prometheus:\n      entrance: { kind: namespace, namespace: ingress }\n    alertmanager:\n",
    ]);
    const { terminal, html, markdown, passes: isPassed } = await said({ local: old });
    for (const text of [terminal, html, markdown])
      expect(text).toContain(
        "environment.prometheus.entrance has the new name environment.prometheus.ingress.",
      );
    expect(isPassed).toBe(true);
  });
});

describe("the default URL of the runbooks", () => {
  it("is a folder of the repository that package.json says it is published in", () => {
    const { repository } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      readonly repository: { readonly url: string };
    };
    const url = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
    expect(RUNBOOKS).toBe(`${url}/blob/main/docs/runbooks`);
  });
});
