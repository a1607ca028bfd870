import { resolve } from "node:path";
import { isFolder } from "../command-line/checks.ts";
import { dayOf, TODAY } from "../command-line/flags.ts";
import { both, subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";

export const lint = subcommand({
  name: "lint",
  summary: "check the PrometheusRules in a folder of Kubernetes manifests",
  description:
    "Reads every Kubernetes object in the YAML files of a folder, and reports mistakes in its alert and recording rules. The rules " +
    "are checked against the monitors, the Prometheus and the Alertmanager in the same folder.",
  arguments: [{ name: "folder", summary: "a folder of YAML files", check: isFolder }],
  flags: { today: TODAY },
  examples: [
    { line: "lint out/prod/manifests", summary: "Checks the rules of a preview.", where: "repository" },
    { line: "lint out/preview/manifests", summary: "Checks the rules of a preview.", where: "package" },
    { line: "lint charts/rendered", summary: "Checks rules that come from anywhere else." },
  ],
  exits: { 0: "no findings", 1: "findings; each is printed with its fix" },
  run: both(async ([path = ""], flags, { folder, stdout }) => {
    const { lintFolder, lintText } = await import("../lint.ts");
    const result = lintFolder(resolve(folder, path), dayOf(flags));
    stdout.write(lintText(result));
    return result.findings.length > 0 ? EXIT.refused : EXIT.fine;
  }),
});
