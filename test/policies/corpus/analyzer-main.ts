import { fileURLToPath } from "node:url";
import { judge } from "../../../cli/policy/analyzer.ts";
import { startPack } from "../../../cli/policy/server.ts";
import { PROJECT, STACK, TODAY } from "../compliant-stack/fixture.ts";
import { recordingOf } from "../compliant-stack/recording.ts";
import { CASES } from "./case.ts";

// npm run test:policies: every case of the corpus in Pulumi's Analyzer server, as the preview asks it. It ends with 1 if a verdict differs
// from the one that the case states, which corpus.test.ts holds for the predicates.

const PACK = fileURLToPath(new URL("../../../policies/packs/bellwether", import.meta.url));
const server = await startPack(PACK, TODAY);
let different = 0;
try {
  for (const { policy, when, verdict, says, stack, config } of CASES) {
    const judged = {
      project: PROJECT,
      stack: STACK,
      recording: recordingOf(stack),
      config: { [policy]: { ...config } },
    };
    const { diagnostics } = await judge(server, judged);
    // What the platform's exclusions cover on the fixture's dashboards.
    const found = diagnostics.filter(({ message }) => !/ does not hold in \d+ places? on /.test(message));
    const own = found.filter((one) => one.policy === policy && one.message.includes(says));
    const isUnknown = found.every(({ message }) => /^\[not judged/.test(message));
    const agrees =
      verdict === "sound"
        ? found.length === 0
        : own.length > 0 &&
          found.every((one) => one.policy === policy) &&
          (verdict === "unknown" ? isUnknown : !isUnknown);
    if (agrees) continue;
    different++;
    console.log(`${policy}: when ${when}: expected ${verdict}, and the server says:`);
    for (const one of found) console.log(`  ${one.policy}: ${one.message.split("\n")[0]}`);
  }
} finally {
  await server.stop();
}
console.log(`${CASES.length - different} of ${CASES.length} cases have the same verdict through the server.`);
process.exitCode = different === 0 ? 0 : 1;
