import { z } from "zod";
import type { Problem } from "../../components/core/problems.ts";
import { shown } from "../../components/core/problems.ts";
import { dnsLabel, environmentNames, list, reasonLine } from "../../components/core/schema.ts";
import type { SilenceMatcher } from "../alertmanager/silences.ts";
import { readDataFile } from "../data-file.ts";
import { tooBroad } from "./breadth.ts";
import { matcherOf } from "./matcher.ts";

/** The name of the file, beside those of the stacks. */
export const SILENCES_FILE = "silences.yaml";

/** So many days from its start a silence may last, at most: what is silent for longer is an alert to change. */
const LONGEST = 30;
const DAY = 86_400_000;

const moment = () => z.iso.datetime({ offset: true, error: "a moment such as 2026-12-01T06:00:00Z" });
const MATCHER = 'a condition such as namespace="shop", pod=~"web-.*", node!="n1" or job!~"test-.*"';

const silenceSchema = z.strictObject({
  id: dnsLabel().meta({
    description: "A name that stays: by it the silence is found again in Alertmanager.",
  }),
  environments: environmentNames(),
  matchers: list(
    z.string({ error: MATCHER }).refine((value) => matcherOf(value) !== undefined, { error: MATCHER }),
    1,
    20,
  ).meta({
    description: "Conditions, all of which an alert must fulfil, as Alertmanager's page writes them.",
  }),
  owner: dnsLabel().meta({ description: "The team that is responsible for the cause." }),
  reason: reasonLine(),
  starts: moment()
    .optional()
    .meta({ description: "The moment from which it holds. Default: from when it is applied." }),
  expires: moment().meta({
    description: `The moment at which it ends: at most ${LONGEST} days from its start.`,
  }),
});

const fileSchema = z.strictObject({
  silences: z.array(silenceSchema).meta({ description: "Silences of Alertmanager, each with an owner." }),
});

/** A silence of the file. */
export type PlannedSilence = Omit<z.output<typeof silenceSchema>, "matchers"> & {
  readonly matchers: readonly SilenceMatcher[];
};

/**
 * The silences of a file. Throws an InvalidInputError that lists every mistake in it: in shape, in an id that is there twice, in an end that
 * is too far away or before the start, in one that hides everything, in an environment that is not known. `now` is in milliseconds.
 */
export function readSilences(
  path: string,
  environments: readonly string[],
  now: number,
): readonly PlannedSilence[] {
  const kind = {
    holds: "a map with a list silences",
    fill: "write silences: [] into it, or remove the file",
  };
  const { silences } = readDataFile(path, fileSchema, kind, (file) =>
    file.silences.flatMap((silence, index) => [
      ...timeProblems(silence, `silences[${index}]`, now),
      ...broadProblems(silence, `silences[${index}]`),
      ...silence.environments.flatMap((name, at) =>
        environments.includes(name)
          ? []
          : [unknown(name, `silences[${index}].environments[${at}]`, environments)],
      ),
      ...(file.silences.findIndex(({ id }) => id === silence.id) === index
        ? []
        : [
            {
              path: `silences[${index}].id`,
              found: `${shown(silence.id)} a second time`,
              allowed: "each id once",
              fix: "give it another one",
            },
          ]),
    ]),
  );
  return silences.map((silence) => ({
    ...silence,
    matchers: silence.matchers.flatMap((matcher) => matcherOf(matcher) ?? []),
  }));
}

type Written = z.output<typeof silenceSchema>;

function timeProblems({ starts, expires }: Written, path: string, now: number): Problem[] {
  const [start, end] = [starts === undefined ? now : Date.parse(starts), Date.parse(expires)];
  if (starts !== undefined && end <= start)
    return [
      {
        path: `${path}.expires`,
        found: `${shown(expires)}, which is not after its start`,
        allowed: `a moment after ${starts}`,
        fix: "correct one of them",
      },
    ];
  if (end - start <= LONGEST * DAY) return [];
  const last = new Date(start + LONGEST * DAY).toISOString().slice(0, 16);
  return [
    {
      path: `${path}.expires`,
      found: shown(expires),
      allowed: `a moment up to ${last}Z, which is ${LONGEST} days from its start`,
      fix: "write an earlier one, or change the alert",
    },
  ];
}

function broadProblems({ matchers }: Written, path: string): Problem[] {
  const found = tooBroad(matchers.flatMap((matcher) => matcherOf(matcher) ?? []));
  if (found === undefined) return [];
  return [
    {
      path: `${path}.matchers`,
      found,
      allowed:
        "at least one condition with = or =~ on a label that few alerts share, such as alertname, service, namespace, pod or node, and that not every value fulfils",
      fix: "name the alert, the service or the object that it is about",
    },
  ];
}

function unknown(name: string, path: string, environments: readonly string[]): Problem {
  return {
    path,
    found: `an environment that does not exist, ${shown(name)}`,
    allowed: `one of ${environments.join(", ")}`,
    fix: "correct the name, or remove it if the environment is gone",
  };
}

/** The JSON Schema of the file, for editors. */
export function silencesJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(fileSchema, { io: "input" });
  return {
    $schema,
    title: "Silences of Alertmanager",
    description: "Generated by `npm run generate` from cli/silences/file.ts. Do not edit.",
    ...schema,
  };
}
