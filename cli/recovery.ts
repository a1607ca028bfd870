import { z } from "zod";
import { shown } from "../components/core/problems.ts";
import { noExport, readExport } from "./stack-export.ts";

/** An operation that Pulumi had begun and did not see the end of, as `pulumi stack export` lists it. */
interface Interrupted {
  readonly operation: string;
  readonly urn: string;
  readonly type: string;
  /** The namespace and name of a Helm release. */
  readonly release?: { readonly namespace: string; readonly name: string };
}

/** What to do about interrupted operations of one kind. */
interface Advice {
  /** Continues "so many operations". */
  readonly about: (operation: Interrupted) => boolean;
  readonly heading: string;
  /** Commands, each with what it does. */
  readonly commands: (stack: string, operations: readonly Interrupted[]) => readonly string[];
}

const RELEASE = "kubernetes:helm.sh/v3:Release";

const isCreation = ({ operation }: Interrupted) => operation === "creating";
const isRelease = ({ type }: Interrupted) => type === RELEASE;
const isObject = (operation: Interrupted) =>
  operation.type.startsWith("kubernetes:") && !isRelease(operation);

// In the order in which the commands are run.
const ADVICE: readonly Advice[] = [
  {
    about: (operation) => isCreation(operation) && !operation.type.startsWith("kubernetes:"),
    heading: "Find out whether each exists. For one that does, run this with its id:",
    commands: (stack, operations) =>
      operations.map(
        ({ urn }) =>
          `pulumi refresh --stack ${stack} --import-pending-creates '${urn}' --import-pending-creates '<id>'`,
      ),
  },
  {
    about: (operation) => isCreation(operation) && isRelease(operation),
    heading:
      "Helm refuses the name of a release that did not finish. This removes Helm's record of it, and nothing else:",
    commands: (_, operations) =>
      operations.flatMap(({ release }) =>
        release === undefined
          ? []
          : [
              `kubectl delete secret --namespace ${release.namespace} --selector owner=helm,name=${release.name}`,
            ],
      ),
  },
  {
    about: (operation) => isCreation(operation) && isObject(operation),
    heading:
      "An object that exists is refused with `already exists`. This run takes it over; its preview must create only what is listed here " +
      "and what was not reached:",
    commands: (stack) => [`PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack ${stack}`],
  },
  {
    about: (operation) => !isCreation(operation),
    heading: "Pulumi reads what became of these:",
    commands: (stack) => [`pulumi refresh --stack ${stack}`],
  },
];

const EXPORT = z.object({
  deployment: z.object({
    resources: z.array(z.object({ urn: z.string() })).nullish(),
    pending_operations: z
      .array(
        z.object({
          type: z.string(),
          resource: z.object({
            urn: z.string(),
            type: z.string(),
            inputs: z.record(z.string(), z.unknown()).nullish(),
          }),
        }),
      )
      .nullish(),
  }),
});

/** What an interrupted deployment left behind, and the commands that recover from it. */
export interface Recovery {
  readonly text: string;
  /** How many operations were interrupted. */
  readonly interrupted: number;
}

/**
 * Reads what `pulumi stack export` wrote. Throws an InvalidInputError if the file cannot be read or is no such export.
 *
 * @param shownAs what the file is called in messages.
 */
export function recoveryFrom(file: string, shownAs = file): Recovery {
  const { deployment } = parsedExport(file, shownAs);
  const operations = (deployment.pending_operations ?? []).map(interruptedOf);
  if (operations.length === 0) return { text: "No operation was interrupted.\n", interrupted: 0 };
  const stack = stackOf(operations[0]?.urn ?? "");
  const sections = ADVICE.flatMap((advice) => sectionOf(advice, stack, operations.filter(advice.about)));
  const end = [
    "At the end, remove the list of interrupted operations from the state, and check that nothing is left to do:",
    "",
    `  pulumi refresh --clear-pending-creates --non-interactive --yes --stack ${stack}`,
    `  pulumi preview --refresh --expect-no-changes --stack ${stack}`,
  ];
  const count = operations.length === 1 ? "1 operation was" : `${operations.length} operations were`;
  const text = [`${stack}: ${count} interrupted.`, "", ...sections, ...end].join("\n");
  return { text: `${text}\n`, interrupted: operations.length };
}

function sectionOf(advice: Advice, stack: string, operations: readonly Interrupted[]): readonly string[] {
  if (operations.length === 0) return [];
  return [
    ...operations.map(({ operation, type, urn }) => `- ${operation} ${type} ${nameOf(urn)}`),
    "",
    advice.heading,
    "",
    ...advice.commands(stack, operations).map((command) => `  ${command}`),
    "",
  ];
}

function parsedExport(file: string, shownAs: string): z.infer<typeof EXPORT> {
  const result = EXPORT.safeParse(readExport(file, shownAs));
  // The path of what is missing, and no value: a state has secrets in it.
  if (!result.success)
    throw noExport(shownAs, `JSON without ${shown(result.error.issues[0]?.path.join(".") ?? "")}`);
  return result.data;
}

type Pending = NonNullable<z.infer<typeof EXPORT>["deployment"]["pending_operations"]>[number];

function interruptedOf({ type: operation, resource }: Pending): Interrupted {
  const { urn, type, inputs } = resource;
  const { name, namespace } = inputs ?? {};
  const release = typeof name === "string" && typeof namespace === "string" ? { name, namespace } : undefined;
  return { operation, urn, type, ...(type === RELEASE && release && { release }) };
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>` */
function stackOf(urn: string): string {
  return urn.split("::")[0]?.split(":")[2] ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
