import { createProject } from "../../e2e/project.ts";
import { askOfBatch, askOfStack, batchesOf } from "./engine.ts";
import { ALL_CASES, agrees, disagreement, isOfStack, type Said } from "./verdict.ts";

// npm run test:policies:engine: every case of the corpus in a preview of the real engine, with the pack as `--policy-pack`. It ends with 1
// if a verdict differs from the one that the case states. Two previews run at a time, and all of them take half an hour on two cores
// that do other work, too.

const AT_A_TIME = 2;

const different: string[] = [];
let asked = 0;
function compare(one: (typeof ALL_CASES)[number], said: readonly Said[]): void {
  asked++;
  if (agrees(one, said)) return;
  different.push(disagreement(one, said));
  console.log(different.at(-1));
}

const project = await createProject();
try {
  const jobs = [
    ...batchesOf(ALL_CASES).map((batch, index) => async () => {
      const said = await askOfBatch(project, batch, `batch-${index}`);
      for (const [at, one] of batch.entries()) compare(one, said[at] ?? []);
    }),
    ...ALL_CASES.filter(isOfStack).map((one, index) => async () => {
      compare(one, await askOfStack(project, one, `stack-${index}`));
      if (asked % 20 === 0) console.error(`${asked} of ${ALL_CASES.length} cases`);
    }),
  ];
  const worker = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
} finally {
  await project.remove();
}
console.log(
  `${asked - different.length} of ${ALL_CASES.length} cases have the same verdict through the engine.`,
);
process.exitCode = asked === ALL_CASES.length && different.length === 0 ? 0 : 1;
