import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { EXCLUSIONS } from "../../components/grafana/lint/exclusions.ts";
import { policies } from "../../policies/rules/index.ts";
import { judge } from "../../policies/rules/violation.ts";
import { BREAKS } from "./breaks/index.ts";
import { type FixtureStack, resourcesOf, TODAY } from "./compliant-stack/fixture.ts";
import { compliantStack } from "./compliant-stack/index.ts";
import { CASES } from "./corpus/case.ts";

// Policies see secrets in plain text. Secrets of many forms are put where secrets are, or are wrongly, in stacks that break every policy; no
// message of any policy contains one.

const STACKS = [
  compliantStack(),
  ...BREAKS.map(({ stack }) => stack),
  ...CASES.filter(({ verdict }) => verdict !== "sound").map(({ stack }) => stack),
];
const TRIALS = 200;

/** Forms of secrets, each around its own digits. */
const FORMS: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => `hunter2 ${digits}`,
  (digits) => `https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/${digits}`,
  (digits) => `https://metrics:${digits}@example.com/push`,
  (digits) => `https://example.com/alerts?token=${digits}`,
  (digits) => `--password=${digits}`,
  (digits) => `Bearer ${digits}`,
  (digits) => `postgres://shop:${digits}@db.example.com/orders`,
  (digits) => `-----BEGIN PRIVATE KEY-----\n${digits}\n-----END PRIVATE KEY-----`,
];

/** Where secrets are, or are wrongly, by the path within a resource. */
const PLACES: readonly RegExp[] = [
  /^(data|stringData)\./,
  /\.env\.\d+\.value$/,
  /\.(args|command)\.\d+$/,
  /\.annotations\./,
  /\.(params|headers|httpHeaders|basicAuth|authorization|oauth2|url|targets)\b/,
  /^(settings|pagerduties|slacks|webhooks|userData|configJson|secureJsonData|notifiers)\b/,
];

type Holder = Record<string | number, unknown>;
interface Leaf {
  readonly holder: Holder;
  readonly key: string | number;
  /** Which of {@link PLACES} it is at. */
  readonly place: number;
}

/** Every text of a value at the places, with what holds it. */
function leavesOf(value: unknown, at = "", found: Leaf[] = []): Leaf[] {
  if (value === null || typeof value !== "object") return found;
  for (const [key, inner] of Object.entries(value)) {
    const path = at === "" ? key : `${at}.${key}`;
    if (typeof inner !== "string") leavesOf(inner, path, found);
    else {
      const place = PLACES.findIndex((one) => one.test(path));
      if (place !== -1) found.push({ holder: value as Holder, key, place });
    }
  }
  return found;
}

/** Puts a secret in place of a text; in the configuration of Alertmanager, in place of one of its texts. */
function put({ holder, key }: Leaf, secret: string, choose: (count: number) => number): void {
  const config = key === "alertmanager.yaml" ? (parse(String(holder[key])) as unknown) : undefined;
  if (config === undefined) {
    holder[key] = secret;
    return;
  }
  const inner = textsOf(config);
  const chosen = inner[choose(inner.length)];
  if (chosen !== undefined) chosen.holder[chosen.key] = secret;
  holder[key] = stringify(config);
}

/** The texts of a configuration that may be secrets: those of its receivers and of what they have in common. */
function textsOf(config: unknown): readonly Leaf[] {
  const { receivers, global } = config as { readonly receivers?: unknown; readonly global?: unknown };
  const found: Leaf[] = [];
  const collect = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    for (const [key, inner] of Object.entries(value))
      if (typeof inner === "string" && key !== "name") found.push({ holder: value as Holder, key, place: 0 });
      else collect(inner);
  };
  collect(receivers);
  collect(global);
  return found;
}

/** Gives every container arguments and a variable, which few of the fixture have. */
function withArguments(value: unknown): void {
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    withArguments(inner);
    if (key !== "containers" || !Array.isArray(inner)) continue;
    for (const container of inner as Holder[]) {
      container["args"] ??= ["--log.level=info"];
      container["env"] ??= [{ name: "API_TOKEN", value: "$(TOKEN)" }];
    }
  }
}

function messagesOf(stack: FixtureStack): readonly string[] {
  const resources = resourcesOf(stack);
  const context = { today: TODAY, exclusions: EXCLUSIONS };
  return policies.flatMap((policy) =>
    (policy.scope === "stack"
      ? judge(() => policy.check(resources, context))
      : resources
          .filter(({ type }) => policy.types?.includes(type) ?? true)
          .flatMap((resource) => judge(() => policy.check(resource, context)))
    ).map(({ what }) => `${policy.id}: ${what}`),
  );
}

/** Numbers from 0 to below 1, the same for the same seed. */
function numbersFrom(seed: number): () => number {
  let count = 0;
  return () => createHash("sha256").update(`${seed}:${count++}`).digest().readUInt32BE() / 2 ** 32;
}

describe("the messages of the policies", () => {
  it.each([1, 2, 3])("contain no secret, wherever it is (seed %i)", (seed) => {
    const random = numbersFrom(seed);
    const choose = (count: number) => Math.floor(random() * count);
    let said = 0;
    let placed = 0;
    for (let trial = 0; trial < TRIALS / 3; trial++) {
      const stack = JSON.parse(JSON.stringify(STACKS[choose(STACKS.length)])) as FixtureStack;
      withArguments(stack);
      const leaves = Object.values(stack).flatMap(({ properties }) => leavesOf(properties));
      const digits: string[] = [];
      // Each place as often as any other: the texts of dashboards are a thousand, and the arguments of containers a few.
      const places = [...new Set(leaves.map(({ place }) => place))];
      for (let count = 0; count < 12; count++) {
        const place = places[choose(places.length)];
        const there = leaves.filter((leaf) => leaf.place === place);
        const leaf = there[choose(there.length)];
        if (leaf === undefined) continue;
        const own = Array.from({ length: 32 }, () => choose(16).toString(16)).join("");
        digits.push(own);
        put(leaf, FORMS[choose(FORMS.length)]?.(own) ?? own, choose);
      }
      placed += digits.length;
      const messages = messagesOf(stack);
      said += messages.length;
      const leaked = messages.filter((message) => digits.some((own) => message.includes(own)));
      expect(leaked).toEqual([]);
    }
    expect(placed).toBeGreaterThan(TRIALS);
    expect(said).toBeGreaterThan(TRIALS);
  });
});
