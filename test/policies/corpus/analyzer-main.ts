import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { judge } from "../../../cli/policy/analyzer.ts";
import { judgeByOwnPack } from "../../../cli/policy/own-pack.ts";
import { startPack } from "../../../cli/policy/server.ts";
import { NO_WAIVERS } from "../../../policies/rules/waivers-file.ts";
import { PROJECT, STACK, TODAY } from "../compliant-stack/fixture.ts";
import { recordingOf } from "../compliant-stack/recording.ts";
import { ALL_CASES, agrees, disagreement, withoutExclusions } from "./verdict.ts";

// npm run test:policies: every case of the corpus in Pulumi's Analyzer server, as the engine asks it, and in
// the preview's own process. It ends with 1 if a verdict differs
// from the one that the case states, which corpus.test.ts holds for the predicates.

const PACK = fileURLToPath(new URL("../../../policies/packs/bellwether", import.meta.url));
const server = await startPack(PACK, TODAY);
const OWN = { name: "bellwether", waivers: NO_WAIVERS, today: TODAY } as const;
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
    const own = await judgeByOwnPack(OWN, judged);
    const isSame = isDeepStrictEqual(own.diagnostics, diagnostics);
    if (agrees(one, found) && isSame) continue;
    different++;
    console.log(
      isSame ? disagreement(one, found) : `${one.policy}: another verdict in the preview's own process`,
    );
  }
} finally {
  await server.stop();
}
console.log(
  `${ALL_CASES.length - different} of ${ALL_CASES.length} cases have the same verdict through the server.`,
);
process.exitCode = different === 0 ? 0 : 1;
