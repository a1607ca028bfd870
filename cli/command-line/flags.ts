import { TODAY_VARIABLE } from "../../policies/rules/today.ts";
import { isDay, isEnvironment, isFile, isFolder, isPatience, isWritable, oneOf } from "./checks.ts";
import type { Check, Flag } from "./subcommand.ts";

// Flags that several subcommands take; what they mean is the same everywhere.

/** The day that a preview is made as of. */
export const TODAY = {
  type: "text",
  value: "<YYYY-MM-DD>",
  summary: `read waivers and dates of support as of this day; default: ${TODAY_VARIABLE}, else today`,
  variable: TODAY_VARIABLE,
  check: isDay,
} as const satisfies Flag;

/** The day that was given, else today in UTC. */
export function dayOf({ today }: { readonly today?: string }): string {
  return today ?? new Date().toISOString().slice(0, 10);
}

export const STACKS = {
  type: "text",
  value: "<folder>",
  summary: "the folder of the files Pulumi.<environment>.yaml; default: stacks/",
  where: "repository",
  check: isFolder,
} as const satisfies Flag;

export const ENVIRONMENT = {
  type: "text",
  value: "<environment>",
  check: isEnvironment,
} as const;

export const OUT = { type: "text", value: "<folder>", check: isWritable } as const;

/** Which part of a history is looked at, and what is known of it. */
export const PERIOD = {
  since: { type: "text", value: "<duration>", summary: "how much of the history is replayed; default: 30d" },
  until: {
    type: "text",
    value: "<moment>",
    summary: "where the replay ends; default: now, or the newest sample of a folder",
  },
  night: {
    type: "text",
    value: "<hours and time zone>",
    summary: "what counts as night; default: 22:00-07:00 UTC",
  },
  incidents: {
    type: "text",
    value: "<file>",
    summary: "a YAML list of incidents: name, start, end, environment, services",
    check: isFile,
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Loaded when it is asked for: the list stands beside the schema of services. */
const isTier: Check = async (value) => {
  const { SERVICE_TIERS } = await import("../../components/service/model.ts");
  return oneOf(value, SERVICE_TIERS);
};

/** What a command line says of services whose files do not say it. */
export const OF_FILES = {
  owner: { type: "text", value: "<team>", summary: "the team of services whose file names none" },
  namespace: {
    type: "text",
    value: "<namespace>",
    summary: "the namespace of services whose file names none",
  },
  tier: {
    type: "text",
    value: "<tier>",
    summary: "the tier of the services: critical, standard or best-effort; default: standard",
    check: isTier,
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Of commands that change a cluster. */
export const CONTEXT = {
  type: "text",
  value: "<context>",
  summary:
    "a context of the kubeconfig; default: cluster.context of the environment, or the EKS cluster of its name",
} as const satisfies Flag;

export const DRY_RUN = {
  type: "switch",
  summary: "print the steps and do none; the exit code is 1 if there are any",
} as const satisfies Flag;

export const YES = {
  type: "switch",
  summary: "do not ask; needed where there is no terminal",
} as const satisfies Flag;

export const SNAPSHOT = {
  type: "switch",
  summary: "take a snapshot of each volume of the pods first; needs a VolumeSnapshotClass",
} as const satisfies Flag;

export const PATIENCE = { type: "text", value: "<duration>", check: isPatience } as const;
