import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LONGEST } from "../../cli/review/markdown.ts";
import type { Review } from "../../cli/review/review.ts";
import { PROD, type RepositoryChange } from "./change.ts";
import { cloneOf, newBase, reviewedIn } from "./corpus.ts";

// `npm run test:review:large`: a change of 1,000 services and of the platform, reviewed as a user does. The comment must fit, be whole in
// every line and have what is riskiest; the other outputs must have everything.

const SERVICES = 1000;
const MANY = "stacks/services/many.ts";
const INDEX = "stacks/services/index.ts";

const definitions = `import { defineService } from "../../components/service/model.ts";

/** Services as teams write them, alike but for their names; what is changed is a different target for each. */
export const many = Array.from({ length: ${SERVICES} }, (_, index) =>
  defineService({
    name: \`service-\${String(index).padStart(4, "0")}\`,
    owner: "shop",
    tier: "standard",
    description: "One of many services",
    namespace: "shop",
    http: { port: "http", metrics: "otel" },
    objectives: { availability: targetOf(index) },
    environments: { dev: { enabled: false }, local: { enabled: false }, staging: { enabled: false } },
  }),
);

function targetOf(_: number): string {
  return "99.9";
}
`;

const CHANGE: RepositoryChange = {
  name: "many-services",
  subject: "shop: another target for each service, smaller volumes, no pager",
  edits: [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code.
    { file: MANY, from: 'return "99.9";', to: "return `99.${1 + (_ % 8)}${1 + (_ % 9)}`;" },
    { file: PROD, from: "    prometheus:\n", to: "    prometheus:\n      volume: 150Gi\n" },
    {
      file: PROD,
      from: "        shop-pager:\n          type: pagerduty\n          routingKeySecret: shopPagerdutyKey\n",
      to: "",
    },
    { file: PROD, from: "critical: [shop-pager]", to: "critical: [shop-chat]" },
  ],
  environments: ["prod"],
  headline: /critical alerts? of the team shop/,
};

const root = fileURLToPath(new URL("../../", import.meta.url));
const cache = mkdtempSync(join(tmpdir(), "bellwether-large-cache-"));
const clone = cloneOf(root, cache);
const failures: string[] = [];
const hold = (holds: boolean, what: string) => {
  console.log(`${holds ? "holds" : "FAILS"}  ${what}`);
  if (!holds) failures.push(what);
};

try {
  writeFileSync(join(clone.folder, MANY), definitions);
  const index = readFileSync(join(clone.folder, INDEX), "utf8");
  const listed = index
    .replace('} from "./shop.ts";', '} from "./shop.ts";\nimport { many } from "./many.ts";')
    .replace("helpPages];", "helpPages, ...many];");
  writeFileSync(join(clone.folder, INDEX), listed);
  newBase(clone.folder);
  const { page, json, html, log, code } = await reviewedIn(clone, CHANGE);
  if (page === "") throw new Error(`no page; it ended with ${code}:\n${log}`);
  const { changes, environments } = JSON.parse(json) as Review;
  if (!environments.every(({ state }) => state === "compared"))
    throw new Error(`it is not compared; the page says:\n${page}`);
  const lines = page.split("\n");
  const [first = ""] = lines;
  const items = lines.filter((line) => line.startsWith("- **"));
  hold(page.length <= LONGEST, `the comment has ${page.length} characters, at most ${LONGEST}`);
  hold(page.length > LONGEST * 0.9, "the comment has no room left");
  hold(
    CHANGE.headline !== "no change" && CHANGE.headline.test(first),
    `its headline is the riskiest: ${first}`,
  );
  hold(changes.length >= SERVICES, `review.json has ${changes.length} changes, at least one of each service`);
  hold(
    items.every((line) => / \(prod\)(?: `[\w-]+`)?$/.test(line)),
    `each of ${items.length} lines is whole`,
  );
  hold(lines.filter((line) => /^ *```/.test(line)).length % 2 === 0, "each block is closed");
  const [, hidden = "0"] = /([\d,]+) changes? of the least risk/.exec(page) ?? [];
  hold(
    Number(hidden.replaceAll(",", "")) + items.length === changes.length,
    `${hidden} changes are left out, and it says so`,
  );
  const least = Math.min(...changes.slice(0, items.length).map(({ risk }) => risk));
  const most = Math.max(0, ...changes.slice(items.length).map(({ risk }) => risk));
  hold(
    least >= most,
    `of the changes that are left out none is riskier (${most}) than one that is shown (${least})`,
  );
  const missing = changes.filter(({ about }) =>
    about.some((each) => !html.includes(each.replaceAll("&", "&amp;"))),
  );
  hold(missing.length === 0, `review.html has all; without ${missing.length}`);
} finally {
  clone.dispose();
  rmSync(cache, { recursive: true, force: true });
}
process.exitCode = failures.length === 0 ? 0 : 1;
