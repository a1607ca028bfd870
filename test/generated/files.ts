import { alertReviewJsonSchema } from "../../cli/alert-review/result.ts";
import { reviewJsonSchema } from "../../cli/review/review.ts";
import { policies } from "../../policies/rules/index.ts";
import { waiversJsonSchema } from "../../policies/rules/waivers-schema.ts";
import { environmentJsonSchema } from "../../stacks/json-schema.ts";
import { cataloguePages } from "./catalogue-pages.ts";
import { checkPages } from "./check-tables.ts";
import { conventionsPage } from "./conventions-page.ts";
import { goldenFiles } from "./golden-files.ts";
import { policyFiles } from "./policy-files.ts";
import { readmeAlert } from "./readme-alert.ts";
import { referencePages } from "./reference-pages.ts";

/** What writes every generated file; the test's message names it. */
export const COMMAND = "npm run generate";

/** Every generated file that follows from the code alone, by its path in the repository. */
function filesOfCode(): Readonly<Record<string, string>> {
  return {
    "stacks/environment.schema.json": `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`,
    "stacks/waivers.schema.json": `${JSON.stringify(waiversJsonSchema(policies.map(({ id }) => id)), null, 2)}\n`,
    "docs/reference/alert-review.schema.json": `${JSON.stringify(alertReviewJsonSchema(), null, 2)}\n`,
    "docs/reference/review.schema.json": `${JSON.stringify(reviewJsonSchema(), null, 2)}\n`,
    ...referencePages(),
    ...cataloguePages(),
    ...checkPages(),
    ...conventionsPage(),
    ...policyFiles(),
  };
}

/** Every generated file, from the folder of the environments' previews. */
export function generatedFiles(previews: string): Readonly<Record<string, string>> {
  return { ...filesOfCode(), ...goldenFiles(previews), ...readmeAlert(previews) };
}
