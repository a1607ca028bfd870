import type { Gauge, JobServer } from "../job-server.ts";
import type { RequestServer } from "../request-server.ts";
import type { Marks, Source } from "./convention.ts";

// What a library or an exporter counts of the jobs or messages that a worker processes: data, one file for each in a version that was
// recorded.

/** The metrics of a worker's library, or of the exporter of its queue, and how they were found out. */
export interface JobConvention {
  /** The library as its registry calls it, with the version that was recorded. */
  readonly library: string;
  readonly source: Source;
  /** What counts the jobs that have ended; none for an exporter that knows the queue only. */
  readonly server?: RequestServer | JobServer;
  /** The number of waiting jobs or messages. */
  readonly backlog?: Gauge;
  /** The age of the oldest waiting one, in seconds. */
  readonly oldestMessage?: Gauge;
  readonly counts: JobCounts;
  /** What tells an exposition of this library from others. */
  readonly marks: Omit<Marks, "labels"> & { readonly metric: string; readonly labels: readonly string[] };
}

/** How often the counter of failed jobs, and that of the others, grow with one job. None: not known. */
interface JobCounts {
  /** The job raises an exception. */
  readonly failed?: Ended;
  /** It raises one, and succeeds when it is tried again. */
  readonly retried?: Ended;
  /** It takes longer than it may, and is ended. */
  readonly overtime?: Ended;
  /** Its process is killed. */
  readonly lost?: Ended;
}

interface Ended {
  readonly good: number;
  readonly failed: number;
}
