import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { definitionSource } from "../../components/exchange/definition-source.ts";
import { checkedService } from "../../components/service/model.ts";
import { type Answers, interview } from "../new-service/interview.ts";
import { constantIn } from "../new-service/listing.ts";
import { writing } from "../writing.ts";
import { handoversIn } from "./handovers.ts";
import { readPlatforms } from "./project.ts";

/**
 * Asks for a service and writes its definition to `services/<name>.ts`; returns the lines to add to the program. Throws an InvalidInputError before anything is written where an answer is wrong.
 */
export async function newServiceFile(folder: string, answers: Answers): Promise<string> {
  const handovers = [...handoversIn(readPlatforms(folder)).values()];
  const teams = [...new Set(handovers.flatMap(({ teams: known }) => Object.keys(known)))].sort();
  const taken = handovers.flatMap(({ services }) => Object.keys(services));
  const definition = await interview(answers, { teams, taken });
  const checked = checkedService(definition);
  if (!checked.ok) throw new InvalidInputError("new-service", checked.problems);
  const { name } = checked.value;
  const source = definitionSource([definition], "bellwether/service");
  const path = `services/${name}.ts`;
  const file = join(folder, path);
  if (existsSync(file))
    throw new InvalidInputError("new-service", [
      {
        path,
        found: "a file that exists already",
        allowed: "a service without a file",
        fix: "edit that file, or choose another name",
      },
    ]);
  writing(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, source);
  });
  const constant = constantIn(source);
  return [
    `${path} has the definition. Add to the program, after its platform:`,
    "",
    `import { ${constant} } from "./${path}";`,
    `new ServiceMonitoring("${name}", { service: ${constant}, platform });`,
    "",
    "Then preview it: npx bellwether preview",
    "",
  ].join("\n");
}
