import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isLintable } from "../command-line/checks.ts";
import { dayOf, TODAY } from "../command-line/flags.ts";
import { both, subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";

export const lint = subcommand({
  name: "lint",
  summary: "check the PrometheusRules and dashboards in folders and files",
  description:
    "Reads every Kubernetes object in the YAML files, and every Grafana dashboard in the JSON files and ConfigMaps. Reports mistakes " +
    "in alert rules, recording rules and panels. All paths are read together: the rules are checked against the monitors, the " +
    "Prometheus and the Alertmanager in them, and the dashboards against the rules and the monitors.",
  arguments: [
    {
      name: "path",
      summary: "a folder, or a file: YAML with Kubernetes objects, or JSON with a dashboard",
      count: "some",
      check: isLintable,
    },
  ],
  flags: {
    waivers: {
      type: "text",
      value: "<file>",
      summary:
        "a file with snoozes and exclusions; default: stacks/waivers.yaml of the folder, if it is there",
    },
    today: TODAY,
  },
  examples: [
    { line: "lint out/prod/manifests", summary: "Checks the rules of a preview.", where: "repository" },
    { line: "lint out/preview/manifests", summary: "Checks the rules of a preview.", where: "package" },
    { line: "lint charts/rendered", summary: "Checks rules that come from anywhere else." },
    {
      line: "lint charts/rendered dashboards/orders.json",
      summary: "Checks a dashboard against the rules and monitors of a chart.",
    },
  ],
  exits: { 0: "no findings", 1: "findings; each is printed with its fix" },
  run: both(async (paths, flags, { folder, stdout }) => {
    const [{ hasFindings, lintPaths, lintText }, { answeredIn }] = await Promise.all([
      import("../lint.ts"),
      import("../policy/waivers.ts"),
    ]);
    const today = dayOf(flags);
    const usual = resolve(folder, "stacks/waivers.yaml");
    const file =
      flags.waivers === undefined ? (existsSync(usual) ? usual : undefined) : resolve(folder, flags.waivers);
    const result = lintPaths(
      paths.map((path) => resolve(folder, path)),
      today,
      file === undefined ? undefined : await answeredIn(file, today),
    );
    stdout.write(lintText(result));
    return hasFindings(result) ? EXIT.refused : EXIT.fine;
  }),
});
