import { fileURLToPath } from "node:url";
import { judge } from "../../../cli/policy/analyzer.ts";
import { startPack } from "../../../cli/policy/server.ts";
import { PROJECT, STACK, TODAY } from "../compliant-stack/fixture.ts";
import { recordingOf } from "../compliant-stack/recording.ts";
import { ALL_CASES, agrees, disagreement, withoutExclusions } from "./verdict.ts";

// npm run test:policies: every case of the corpus in Pulumi's Analyzer server, as the preview asks it. It ends with 1 if a verdict differs
// from the one that the case states, which corpus.test.ts holds for the predicates.

const PACK = fileURLToPath(new URL("../../../policies/packs/bellwether", import.meta.url));
const server = await startPack(PACK, TODAY);
let different = 0;
try {
  for (const one of ALL_CASES) {
    const judged = {
      project: PROJECT,
      stack: STACK,
      recording: recordingOf(one.stack),
      config: { [one.policy]: { ...one.config } },
    };
    const { diagnostics } = await judge(server, judged);
    const found = withoutExclusions(diagnostics);
    if (agrees(one, found)) continue;
    different++;
    console.log(disagreement(one, found));
  }
} finally {
  await server.stop();
}
console.log(
  `${ALL_CASES.length - different} of ${ALL_CASES.length} cases have the same verdict through the server.`,
);
process.exitCode = different === 0 ? 0 : 1;
