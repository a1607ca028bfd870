import { RECIPES, type ToolName } from "./recipes.ts";
import { tool } from "./tools.ts";

// `npm run build-programs -- prometheus alertmanager`: builds what is neither on PATH in the pinned version nor built already, and
// prints where each is. How far a build is goes to standard error.

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in RECIPES));
if (names.length === 0 || unknown.length > 0) {
  console.error(`${unknown.join(", ") || "nothing"}: name one or more of ${Object.keys(RECIPES).join(", ")}`);
  process.exitCode = 1;
} else {
  try {
    for (const name of names) console.log(await tool(name as ToolName));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
