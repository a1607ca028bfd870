import { labelSetKey } from "../../components/core/label-set.ts";
import { isAbout, type Silence } from "../alertmanager/silences.ts";
import type { Incident } from "../review/replay/incidents.ts";
import type { RecordedFiring } from "./firings.ts";

/** A firing and what is to be said of it. */
export interface JudgedFiring extends RecordedFiring {
  readonly isAtNight: boolean;
  /** It began soon after the one before of the same labels had ended. */
  readonly isFlap: boolean;
  /** It began within a day after that, but not so soon. */
  readonly isRepeated: boolean;
  readonly isClearedByItself: boolean;
  readonly isSilenced: boolean;
  /** The incidents that it told of. */
  readonly incidents: readonly Incident[];
}

/** Nobody finds and mends a cause in less, in seconds: the median time to mitigate is longer wherever it is published. */
const BY_ITSELF = 900;
/** In seconds. */
const FLAP = 900;
const DAY = 86_400;

/** What a firing is held against. */
export interface Surroundings {
  readonly isNight: (at: number) => boolean;
  readonly incidents: readonly Incident[];
  /** Empty where Alertmanager was not asked. */
  readonly silences: readonly Silence[];
  /** What the server adds to the alerts that it sends, and silences may be about. */
  readonly externalLabels: Readonly<Record<string, string>>;
}

/** Judges firings, in the order of their beginning. */
export function judged(
  firings: readonly RecordedFiring[],
  { isNight, incidents, silences, externalLabels }: Surroundings,
): readonly JudgedFiring[] {
  const ends = new Map<string, number>();
  const periods = silences.map((silence) => ({
    silence,
    from: Date.parse(silence.startsAt) / 1000,
    to: Date.parse(silence.endsAt) / 1000,
  }));
  return firings.map((firing) => {
    const { labels, from, to, isCutBefore, isOpen } = firing;
    const key = labelSetKey(labels);
    const since = from - (ends.get(key) ?? Number.NEGATIVE_INFINITY);
    ends.set(key, to);
    const sent = { ...externalLabels, ...labels };
    const isSilenced = periods.some(
      (period) => period.from < to && period.to > from && isAbout(period.silence, sent),
    );
    const told = incidents.filter((incident) => tellsOf(incident, firing));
    return {
      ...firing,
      isAtNight: !isCutBefore && isNight(from),
      isFlap: since <= FLAP,
      isRepeated: since > FLAP && since <= DAY,
      isClearedByItself:
        !isOpen && !isCutBefore && to - from <= BY_ITSELF && !isSilenced && told.length === 0,
      isSilenced,
      incidents: told,
    };
  });
}

/** Whether an alert with these labels fired during an incident of its service. */
export function tellsOf(
  { start, end, services }: Incident,
  { labels, from, to }: Pick<RecordedFiring, "labels" | "from" | "to">,
): boolean {
  const isOfService = services.length === 0 || services.includes(labels["service"] ?? "");
  return isOfService && from < end && to > start;
}
