import { z } from "zod";
import { InvalidInputError } from "../../core/problems.ts";
import { dnsLabel, text } from "../../core/schema.ts";
import { type Validated, validate } from "../../core/validation.ts";

export const exclusionSchema = z.strictObject({
  check: text(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "the id of a check, such as target-job"),
  /** The uid, or what it begins with before a hyphen, such as `bellwether-costs`. Left out: all dashboards. */
  dashboard: text(
    /^[A-Za-z0-9_-]{1,40}$/,
    "a uid, or what it begins with before a hyphen, such as bellwether-costs",
  ).optional(),
  /** Left out: the dashboard itself and each of its panels. */
  panel: text(/^\S.{0,98}\S$/, "the title of a panel").optional(),
  reason: text(/^\S.{18,298}\S$/, "one line of 20 to 300 characters that says why"),
  owner: dnsLabel(),
  expires: z.iso.date({ error: "a day that exists, such as 2027-03-31" }),
});

/** An exclusion of findings with a reason, an owner and a last day. */
export type Exclusion = Readonly<z.output<typeof exclusionSchema>>;

/** The exclusions, or every mistake in them. */
export function validateExclusions(exclusions: unknown): Validated<readonly Exclusion[]> {
  return validate(z.array(exclusionSchema, { error: "a list of exclusions" }), exclusions, "exclusions");
}

/** Validates exclusions. Throws an InvalidInputError that lists all mistakes. */
export function checkedExclusions(exclusions: readonly unknown[], file: string): readonly Exclusion[] {
  const validated = validateExclusions(exclusions);
  if (!validated.ok) throw new InvalidInputError(file, validated.problems);
  return validated.value;
}

/** What the dashboards of the components begin with. */
const OWN = "bellwether";

/** The exclusions of the dashboards that the components render. They cover no other dashboard of a stack. */
export const EXCLUSIONS: readonly Exclusion[] = checkedExclusions(
  [
    {
      check: "template-job",
      dashboard: OWN,
      reason:
        "The platform sets all job labels, so each query has a fixed job and a variable would have no use.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "template-instance",
      dashboard: OWN,
      reason:
        "The label instance is an address that changes with every pod; the dashboards have variables for node, namespace and pod.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-instance",
      dashboard: OWN,
      reason:
        "The label instance is an address that changes with every pod; the dashboards have variables for node, namespace and pod.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-costs",
      reason: "The dashboard compares all jobs, with series that Prometheus writes for every scrape.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-prometheus",
      panel: "Series by job",
      reason: "The panel compares all jobs, with a series that Prometheus writes for every scrape.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-prometheus",
      panel: "Targets up",
      reason: "The panel compares all jobs, with a series that Prometheus writes for every scrape.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-overview",
      panel: "Targets down",
      reason: "The panel counts the targets of all jobs.",
      owner: "platform",
      expires: "2027-06-30",
    },
    {
      check: "target-job",
      dashboard: "bellwether-network",
      panel: "TLS certificate expiry of probed targets",
      reason: "Each probe has its own job, and the panel shows all of them.",
      owner: "platform",
      expires: "2027-06-30",
    },
  ],
  "components/grafana/lint/exclusions.ts",
);

/**
 * The same for every dashboard that is on the platform, a team's own among them: what is said of jobs and instances is about how the
 * platform scrapes, not about who draws.
 */
export const PLATFORM_EXCLUSIONS: readonly Exclusion[] = EXCLUSIONS.map(({ dashboard, ...rest }) =>
  dashboard === undefined || dashboard === OWN ? rest : { dashboard, ...rest },
);
