import { z } from "zod";
import { InvalidInputError } from "../../core/problems.ts";
import { dnsLabel, text } from "../../core/schema.ts";
import { validate } from "../../core/validation.ts";

const exclusionSchema = z.strictObject({
  check: text(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "the id of a check, such as target-job"),
  /** The uid's beginning up to the environment, such as `bellwether-costs`. Left out: every dashboard. */
  dashboard: text(/^[A-Za-z0-9_-]{1,40}$/, "the beginning of a uid").optional(),
  /** Left out: the dashboard itself and each of its panels. */
  panel: text(/^\S.{0,98}\S$/, "the title of a panel").optional(),
  reason: text(/^\S.{18,298}\S$/, "one line of 20 to 300 characters that says why"),
  owner: dnsLabel(),
  expires: z.iso.date({ error: "a day that exists, such as 2027-03-31" }),
});

/** Findings that somebody answers for, until a day. */
export type Exclusion = Readonly<z.output<typeof exclusionSchema>>;

/** Exclusions that are written as they must be. Throws an InvalidInputError that lists every mistake in them. */
export function checkedExclusions(exclusions: readonly unknown[], file: string): readonly Exclusion[] {
  const validated = validate(z.array(exclusionSchema), exclusions, "exclusions");
  if (!validated.ok) throw new InvalidInputError(file, validated.problems);
  return validated.value;
}

/** What the platform's own dashboards are excused from. */
export const EXCLUSIONS: readonly Exclusion[] = checkedExclusions(
  [
    {
      check: "template-job",
      reason:
        "The platform sets every job itself, so each query names the one that it means; there is nothing to choose.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "template-instance",
      reason:
        "Instances are addresses that change with every pod; nodes, namespaces and pods are chosen instead.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-instance",
      reason:
        "Instances are addresses that change with every pod; nodes, namespaces and pods are chosen instead.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-costs",
      reason: "What each job costs is asked of all jobs: Prometheus writes these series of every scrape.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-prometheus",
      panel: "Series by job",
      reason: "All jobs are compared: Prometheus writes this series of every scrape.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-prometheus",
      panel: "Targets that answer",
      reason: "All jobs are compared: Prometheus writes this series of every scrape.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-overview",
      panel: "Targets down",
      reason: "The targets of all jobs are counted, whoever added them.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-network",
      panel: "Life of the certificates that are probed",
      reason: "Probes have a job each, called after whoever added them, and all are shown.",
      owner: "platform",
      expires: "2027-06-30",
    },
  ],
  "components/grafana/lint/exclusions.ts",
);
