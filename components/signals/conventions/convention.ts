import type { RequestServer } from "../request-server.ts";

// What a library counts of the requests that a program serves: data, one file for each library in a version that was recorded.

/** The metrics of a library, and how they were found out. */
export interface Convention {
  /** The library as its registry calls it, with the version that was recorded. */
  readonly library: string;
  /** Recorded by running the library (test/expositions/conventions), or the page of its documentation. */
  readonly source: Source;
  readonly server: RequestServer;
  readonly counts: Counts;
  /** The label that says which address was asked for; none where the metrics do not tell addresses apart. */
  readonly route?: Route;
  /** What tells an exposition of this library from others with the same counter. */
  readonly marks: Marks;
}

export type Source = "recorded" | `https://${string}`;

/** What a library that does not count something has of it. */
export const UNCOUNTED = "not counted";

/** Of a library that was not run. */
export const UNKNOWN = "not known";

/** What the status label says of requests that need attention. Each is a value of the label, `not counted` or `not known`. */
interface Counts {
  /** The handler raises an exception or panics; behind an edge, the program closes the connection. */
  readonly raised: string;
  /** An address that no handler has. */
  readonly unknownRoute: string;
  /** The client hangs up before the handler ends. */
  readonly hangUp: string;
  /** Until when such a request lasts for the histogram: until its handler ends, or until its client leaves. None: it is not observed. */
  readonly hangUpLasts: "handler" | "client" | "none" | typeof UNKNOWN;
  /** Whether a scrape of the metrics counts as a request. */
  readonly scrapes: boolean;
}

/** A label with the address of a request. */
interface Route {
  readonly label: string;
  /** What it has of /orders/1 and /orders/2: one value for the route of both, or a value for each address. */
  readonly values: "routes" | "addresses";
  /** What it has of addresses that no handler has: one value for all, a value for each, or nothing because they are not counted. */
  readonly unknown: "one" | "each" | "none";
  /** Where it has a value for each address: the setting that changes that. */
  readonly fix?: string;
}

/** Labels and metrics that an exposition must have to be one of a library. */
export interface Marks {
  /** Labels of the counter, all of which the library writes. */
  readonly labels: readonly string[];
  /** Other metrics, or values of a label. */
  readonly others?: readonly Mark[];
}

interface Mark {
  readonly metric: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Whether anybody who asks for addresses that do not exist, or for many that do, makes as many series. */
export function explodes({ route }: Convention): boolean {
  return route !== undefined && (route.values === "addresses" || route.unknown === "each");
}
