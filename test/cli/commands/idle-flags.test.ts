import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runHere } from "../surroundings.ts";

// A flag that would do nothing is refused: who gives it expects something of it.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-flags-"));
  writeFileSync(join(folder, "slo.yaml"), "version: prometheus/v1\nservice: shop\nslos: []\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["lab prod --debrief day.md", ["--debrief"]],
  ["review --base main --since 7d --night 22:00-06:00", ["--since", "--night"]],
  ["audit slo.yaml --kubeconfig config --namespaces shop", ["--kubeconfig", "--namespaces"]],
  ["rules slo.yaml --stacks .", ["--stacks"]],
  ["preview --comparable --prometheus http://localhost:9", ["--prometheus"]],
  ["import slo.yaml --name trial --context shop", ["--name", "--context"]],
  ["incident note x --services storefront --environment prod", ["--services", "--environment"]],
  ["incident start x --mark mitigated --alertmanager http://localhost:9", ["--mark", "--alertmanager"]],
  ["incident start x --grafana http://localhost:9 --file slo.yaml", ["--grafana", "--file"]],
  ["incident note x --prometheus http://localhost:9", ["--prometheus"]],
  ["incident resolve --mark detected", ["--mark"]],
])("%s is refused", async (line, flags) => {
  const { code, out, error } = await runHere(line.split(" "), { folder });
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(error.match(/^ {2}--\S+$/gm)?.map((path) => path.trim())).toEqual(flags);
});
