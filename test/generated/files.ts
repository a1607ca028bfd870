import { alertReviewJsonSchema } from "../../cli/alert-review/result.ts";
import { stackSchemas } from "../../cli/repository/schema.ts";
import { reviewJsonSchema } from "../../cli/review/review.ts";
import { sloReportJsonSchema } from "../../cli/slo-report/result.ts";
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
    ...Object.fromEntries(
      Object.entries(stackSchemas()).map(([name, schema]) => [
        `stacks/${name}`,
        `${JSON.stringify(schema, null, 2)}\n`,
      ]),
    ),
    "docs/reference/alert-review.schema.json": `${JSON.stringify(alertReviewJsonSchema(), null, 2)}\n`,
    "docs/reference/slo-report.schema.json": `${JSON.stringify(sloReportJsonSchema(), null, 2)}\n`,
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
