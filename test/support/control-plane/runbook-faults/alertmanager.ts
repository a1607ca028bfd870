import { join } from "node:path";
import { MONITORING } from "../platform.ts";
import {
  crashes,
  logFrom,
  misconfigured,
  type PageFault,
  removePods,
  undone,
  untilReady,
} from "./page-fault.ts";

// Faults of Alertmanager, whose servers run for real.

/** Receivers answer with an error, and the heartbeat goes to one of them each minute. */
const receiversAway = undone(async (stage) => {
  const written = await logFrom(stage, "pages-alertmanager-main-0");
  stage.sink.refuseAll(true);
  await written(/notify/i);
  return async () => stage.sink.refuseAll(false);
});

export const ALERTMANAGER_FAULTS: readonly PageFault[] = [
  {
    alert: "AlertmanagerDown",
    fault: "two of three end at their start, for want of a configuration that they take",
    ...undone(async ({ platform: { plane }, monitoring, streams }) => {
      const down = monitoring.alertmanagers.slice(1);
      const undos: (() => Promise<void>)[] = [];
      for (const each of down) {
        await each.stop();
        undos.push(await misconfigured(each));
        await each.start().catch(() => {});
        await crashes(plane.api, each.pod, "alertmanager");
        const file = join(plane.logs, `pages-${each.pod}.log`);
        streams.logs.set(`${MONITORING}/${each.pod}/alertmanager`, { current: file, previous: file });
      }
      return async () => {
        for (const undo of undos) await undo();
        await Promise.all(down.map((each) => each.start()));
        await removePods(plane.api, MONITORING, "alertmanager-main-");
        await untilReady(plane.api, MONITORING, "alertmanager-main-");
      };
    }),
    shows: [
      /alertmanager-main-1 +1\/2 +CrashLoopBackOff /,
      /Available[\s\S]*(False|Degraded)|(False|Degraded)[\s\S]*Available/,
      /no_such_section/,
    ],
  },
  {
    alert: "AlertmanagerFailedReload",
    fault: "a section that Alertmanager does not know",
    ...undone(async ({ monitoring: { alertmanagers } }) => {
      const [first] = alertmanagers;
      if (first === undefined) throw new Error("there is no Alertmanager");
      const undo = await misconfigured(first);
      await first.reload();
      return async () => {
        await undo();
        await first.reload();
      };
    }),
    shows: [/no_such_section/, /^global:\n/],
  },
  {
    alert: "AlertmanagerClusterFailedToSendAlerts",
    fault: "receivers answer with an error",
    ...receiversAway,
    shows: [/notify.*unexpected status code 5\d\d/i],
  },
  {
    alert: "NotificationsStopped",
    fault: "receivers answer with an error",
    ...receiversAway,
    shows: [/alertmanager-main-0 +2\/2 +Running /, /notify.*unexpected status code 5\d\d/i],
  },
];
