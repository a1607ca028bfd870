// The files in cli/pictures/recording, which `npm run record` writes. Series are texts, because most of them hardly change: runs of
// values, such as `0*20 0.17*19 - 0`, where `-` is a minute without a value.

/** What happened in the recorded hour. Minutes count from its start. */
export interface RecordedHour {
  /** As YYYY-MM-DD. */
  readonly day: string;
  readonly minutes: number;
  /** The environment whose dashboards and rules were recorded. */
  readonly environment: string;
  readonly incident: {
    /** Such as `a bad rollout of storefront`. */
    readonly what: string;
    readonly service: string;
    readonly from: number;
    readonly to: number;
  };
  /** The minute of the values that are shown as numbers and in tables. */
  readonly asOf: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** The number of its query, its labels, and its values as a text: one for each minute from 0 on, or one alone. */
export type RecordedSeries = readonly [
  query: number,
  labels: Readonly<Record<string, string>>,
  values: string,
];

export interface RecordedPanel {
  /** How many queries the panel asked. */
  readonly queries: number;
  readonly series: readonly RecordedSeries[];
}

/** Panels by their ids. */
export type RecordedBoard = Readonly<Record<string, RecordedPanel>>;

export interface RecordedBoards {
  /** The platform's dashboards, by the names that they go by in every environment. */
  readonly platform: Readonly<Record<string, RecordedBoard>>;
  /** Those of services, by the services' names. */
  readonly services: Readonly<Record<string, RecordedService>>;
}

export interface RecordedService {
  readonly owner: string;
  /** Whether the service runs in the environment that was recorded; else it was recorded for others of its kind. */
  readonly isOfEnvironment: boolean;
  readonly panels: RecordedBoard;
}

export function encode(values: readonly (number | null)[]): string {
  const runs: string[] = [];
  for (let from = 0; from < values.length; ) {
    let to = from + 1;
    while (to < values.length && values[to] === values[from]) to++;
    const text = values[from] === null ? "-" : String(values[from]);
    runs.push(to - from === 1 ? text : `${text}*${to - from}`);
    from = to;
  }
  return runs.join(" ");
}

/** Throws a RangeError for a text that {@link encode} does not write. */
export function decode(text: string): (number | null)[] {
  return text.split(" ").flatMap((run) => {
    const [, value = "", length = "1"] = /^(-?[\d.]+(?:e[+-]?\d+)?|-)(?:\*(\d+))?$/.exec(run) ?? [];
    const number = value === "-" ? null : Number(value);
    if (value === "" || Number.isNaN(number))
      throw new RangeError(`${JSON.stringify(run)} is no run of values`);
    return new Array<number | null>(Number(length)).fill(number);
  });
}
