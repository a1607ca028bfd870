import { resolve } from "node:path";
import { oneOf } from "../command-line/checks.ts";
import { dayOf, TODAY } from "../command-line/flags.ts";
import { both, type Check, subcommand } from "../command-line/subcommand.ts";
import { EXIT } from "../exit.ts";

/** Loaded when it is asked for, as the other lists of checks are. */
const isTierOfPolicies: Check = async (value) =>
  oneOf(value, (await import("../../policies/rules/policy.ts")).TIERS);

const isPack: Check = async (value) => oneOf(value, (await import("../../policies/packs/packs.ts")).PACKS);

export const audit = subcommand({
  name: "audit",
  summary: "judge what is deployed by the policies: the state of a stack, or the objects of a cluster",
  description:
    "Reads what `pulumi stack export` wrote, of any program, or with --context every object of a cluster, and asks the policies about it as a preview " +
    "does. Of a cluster it reads no Secret but the configuration of an Alertmanager; it leaves out the objects of Kubernetes itself and " +
    "those that a controller made of others. Changes nothing.",
  arguments: [
    {
      name: "state",
      summary: "the file that `pulumi stack export` wrote; without it, --context",
      count: "optional",
    },
  ],
  flags: {
    context: { type: "text", value: "<context>", summary: "the context of a kubeconfig: audit its cluster" },
    kubeconfig: {
      type: "text",
      value: "<path>",
      summary: "the kubeconfig; default: KUBECONFIG, then ~/.kube/config",
      of: { flags: ["context"] },
    },
    namespaces: {
      type: "text",
      value: "<namespace,…>",
      summary: "only these namespaces of the cluster; default: all but those of Kubernetes itself",
      of: { flags: ["context"] },
    },
    pack: {
      type: "text",
      value: "<pack>",
      summary: "bellwether (all policies), reliability, security or observability; default: bellwether",
      check: isPack,
    },
    tier: {
      type: "text",
      value: "<tier>",
      summary: "whose levels apply: production, staging, development or local; default: production",
      check: isTierOfPolicies,
    },
    config: {
      type: "text",
      value: "<file>",
      summary: "levels and settings in place of the tier's, as --policy-pack-config of pulumi takes them",
    },
    waivers: {
      type: "text",
      value: "<file>",
      summary: "a file of waivers for the stack, such as stacks/waivers.yaml; default: none",
    },
    format: {
      type: "text",
      value: "<format>",
      summary: "text or sarif; default: text",
      check: (value) => oneOf(value, ["text", "sarif"]),
    },
    today: TODAY,
  },
  examples: [
    {
      line: "audit /dev/stdin",
      summary:
        "Audits a stack: pulumi stack export --show-secrets --stack prod | npx bellwether audit /dev/stdin",
    },
    {
      line: "audit --context shop --pack security",
      summary: "Audits the cluster that the context shop leads to.",
    },
  ],
  exits: { 0: "no violation", 1: "violations; each is printed with its fix" },
  check: (words, { context }) =>
    words.length === 0 && context === undefined
      ? [
          {
            path: "<state>",
            found: "neither a state nor --context",
            allowed: "one of them",
            fix: "name the file that pulumi stack export wrote, or the context of a cluster",
          },
        ]
      : words.length > 0 && context !== undefined
        ? [
            {
              path: "--context",
              found: "a state and a context",
              allowed: "one of them",
              fix: "leave one out",
            },
          ]
        : [],
  run: both(async ([file], flags, surroundings) => {
    const { runAudit } = await import("../audit/run.ts");
    const { context, namespaces, today: _, ...others } = flags;
    const asked = {
      ...others,
      today: dayOf(flags),
      ...(namespaces !== undefined && { namespaces: namespaces.split(",") }),
    };
    const { violations } = await runAudit(
      context === undefined
        ? { file: resolve(surroundings.folder, file ?? ""), shownAs: file ?? "" }
        : { context },
      asked,
      surroundings,
    );
    return violations === 0 ? EXIT.fine : EXIT.refused;
  }),
});
