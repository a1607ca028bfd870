import type { Subcommand } from "../command-line/subcommand.ts";
import { adopt } from "./adopt.ts";
import { adoptCluster } from "./adopt-cluster.ts";
import { alertReview } from "./alert-review.ts";
import { audit } from "./audit.ts";
import { doctor } from "./doctor.ts";
import { drain } from "./drain.ts";
import { drift } from "./drift.ts";
import { explain } from "./explain.ts";
import { exportSlo } from "./export.ts";
import { growVolumes } from "./grow-volumes.ts";
import { importSlo } from "./import.ts";
import { incident } from "./incident.ts";
import { init } from "./init.ts";
import { lab } from "./lab.ts";
import { lint } from "./lint.ts";
import { newService } from "./new-service.ts";
import { preview } from "./preview.ts";
import { recover } from "./recover.ts";
import { rename } from "./rename.ts";
import { restartRollout } from "./restart-rollout.ts";
import { review } from "./review.ts";
import { rules } from "./rules.ts";
import { runbook } from "./runbook.ts";
import { schema } from "./schema.ts";
import { silences } from "./silences.ts";
import { sloReport } from "./slo-report.ts";
import { verify } from "./verify.ts";

/** Every subcommand, in the order of the help. A new one is a file of this folder and a line here. */
export const COMMANDS: readonly Subcommand[] = [
  preview,
  explain,
  review,
  drift,
  lint,
  rules,
  newService,
  rename,
  recover,
  adopt,
  adoptCluster,
  importSlo,
  exportSlo,
  growVolumes,
  restartRollout,
  drain,
  schema,
  init,
  doctor,
  verify,
  audit,
  alertReview,
  sloReport,
  runbook,
  incident,
  silences,
  lab,
];
