import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { compareFolders } from "../../../cli/review/folders.ts";
import type { EnvironmentModel } from "../../../cli/review/model.ts";
import { outputs } from "../../../cli/review/outputs.ts";
import { reviewOf } from "../../../cli/review/review.ts";
import { alert, model, resource } from "./sample-model.ts";
import { ANYWHERE, core, FORMS, NAMED, ONE_WORD, type Place } from "./secret-places.ts";

const scratch = mkdtempSync(join(tmpdir(), "bellwether-secrets-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Writes a model as a preview does. */
function written(
  name: string,
  { resources, outputs: stack, dashboards, policies, alertmanager, ...rest }: EnvironmentModel,
): string {
  const folder = join(scratch, name);
  rmSync(folder, { recursive: true, force: true });
  const files: Readonly<Record<string, string>> = {
    "model.json": JSON.stringify(rest),
    "graph.json": JSON.stringify({ resources, outputs: stack }),
    "policies.json": JSON.stringify(policies),
    "alertmanager/alertmanager.yaml": stringify(alertmanager ?? {}),
    ...Object.fromEntries(
      Object.entries(dashboards).map(([uid, board]) => [`dashboards/${uid}.json`, JSON.stringify(board)]),
    ),
  };
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, "prod", file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

/** All that a review writes of two models, and of a mistake whose message holds a text. */
function reviewed(before: EnvironmentModel, after: EnvironmentModel, mistake?: string): string {
  const compared = compareFolders(written("before", before), written("after", after), {
    environments: [],
    today: "2026-11-23",
    mistakes: new Map(mistake === undefined ? [] : [["staging", mistake]]),
  });
  return [...outputs(reviewOf("main", compared, [], () => null)).values()].map(asRead).join("\n");
}

/** What a reader or a program gets out of Markdown, HTML and JSON. */
function asRead(text: string): string {
  return text
    .replace(/<!-- -->/g, "")
    .replace(
      /&(?:amp;)?(quot|#34|lt|gt|amp|#39);/g,
      (_, name: string) => ({ quot: '"', "#34": '"', lt: "<", gt: ">", "#39": "'" })[name] ?? "&",
    )
    .replace(/\\(.)/g, "$1");
}

/** Models with more than one place at once keep the resources of each. */
function together(parts: readonly Partial<EnvironmentModel>[]): EnvironmentModel {
  const all = model({
    alerts: [alert()],
    services: { shop: { name: "shop" } },
    dashboards: { d: { title: "D", panels: [] } },
  });
  const resources = parts
    .flatMap((part) => part.resources ?? [])
    .map((each, index) => ({ ...each, urn: `${each.urn}-${index}` }));
  return Object.assign({}, all, ...parts, {
    resources: [...all.resources, ...resources],
  }) as EnvironmentModel;
}

/** Any part of a secret that is long enough to be of use. */
function partsOf(word: string): readonly string[] {
  const texts = [word, Buffer.from(word).toString("base64").replace(/=+$/, ""), encodeURIComponent(word)];
  return texts.flatMap((text) => [text.slice(0, 10), text.slice(-10), text.slice(7, 17)]);
}

function holds(text: string, word: string): boolean {
  return partsOf(word).some((part) => text.includes(part));
}

const sides = fc.constantFrom("changed", "added", "removed", "same") as fc.Arbitrary<
  "changed" | "added" | "removed" | "same"
>;

/** More with BELLWETHER_FUZZ_RUNS. */
const RUNS = Number(process.env["BELLWETHER_FUZZ_RUNS"] ?? 50);

describe("a secret before or after", () => {
  it("is in none of the four outputs if its place says that it is one", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(NAMED)),
        fc.constantFrom(...Object.keys(NAMED)),
        core,
        core,
        sides,
        (first, second, old, fresh, side) => {
          const at = (word: string) => [NAMED[first]?.(word) ?? {}, NAMED[second]?.(word) ?? {}];
          const before = together(side === "added" ? [] : at(old));
          const after = together(side === "removed" ? [] : at(side === "same" ? old : fresh));
          const text = reviewed(before, after);
          expect(holds(text, old), `${first}, ${second}, ${side}: the old one\n${text}`).toBe(false);
          expect(holds(text, fresh), `${first}, ${second}, ${side}: the new one\n${text}`).toBe(false);
        },
      ),
      { numRuns: RUNS, seed: 17 },
    );
  });

  it("is in none of the four outputs if it has the form of one, wherever it stands, and in no mistake's message", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(ANYWHERE)),
        fc.constantFrom(...FORMS),
        core,
        core,
        sides,
        (place, form, old, fresh, side) => {
          // A label is one word.
          fc.pre(!(ONE_WORD.has(place) && /\s/.test(form(old))));
          const at = (word: string) => [ANYWHERE[place]?.(form(word)) ?? {}];
          const before = together(side === "added" ? [] : at(old));
          const after = together(side === "removed" ? [] : at(side === "same" ? old : fresh));
          const text = reviewed(
            before,
            after,
            `environment.url found ${form(fresh)}\n  allowed something else`,
          );
          expect(holds(text, old), `${place}, ${form}, ${side}: the old one\n${text}`).toBe(false);
          expect(holds(text, fresh), `${place}, ${form}, ${side}: the new one\n${text}`).toBe(false);
        },
      ),
      { numRuns: RUNS, seed: 17 },
    );
  });

  it.each(Object.entries({ ...NAMED, ...ANYWHERE }))(
    "shows at %s what is no secret, or that it changed",
    (_, place) => {
      const text = reviewed(
        together([place("https://one.example.com")]),
        together([place("https://two.example.com")]),
      );
      expect(text).not.toContain("No change");
    },
  );
});

describe("a secret that changes", () => {
  it("is seen to change, and one that stays is not", () => {
    const at = NAMED["a key of PagerDuty"] as Place;
    const changed = reviewed(together([at("Abcdefgh12345678")]), together([at("Zyxwvuts87654321")]));
    expect(changed).toContain("[secret before]");
    expect(changed).toContain("[new secret]");
    expect(reviewed(together([at("Abcdefgh12345678")]), together([at("Abcdefgh12345678")]))).toContain(
      "No change",
    );
  });

  it("keeps what is no secret: names of secrets, references, public addresses", () => {
    const settings = (channel: string) => ({
      settings: {
        "alertmanager.receivers.pager.routingKeySecret": `key-${channel}`,
        "grafana.url": `https://${channel}.example.com/d/x?viewPanel=1`,
      },
      resources: [
        resource("kubernetes:apps/v1:Deployment", "d", {
          inputs: { configSecret: `config-${channel}`, tokenFile: `/etc/${channel}` },
        }),
      ],
    });
    const text = reviewed(model(settings("one")), model(settings("two")));
    for (const shown of [
      "key-one",
      "key-two",
      "https://two.example.com/d/x?viewPanel=1",
      "config-two",
      "/etc/one",
    ])
      expect(text).toContain(shown);
    expect(text).not.toContain("[new secret]");
  });
});
