import { matchersInWords, type Silence, type SilenceMatcher } from "../alertmanager/silences.ts";
import { toTheMinute } from "../report/moments.ts";
import type { PlannedSilence } from "./file.ts";

/** What Alertmanager takes: a silence without an id is a new one. */
interface PostedSilence {
  readonly id?: string;
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

/** One thing that is to be done. */
export type Step =
  | {
      readonly kind: "create" | "change";
      readonly id: string;
      readonly what: string;
      readonly post: PostedSilence;
    }
  | { readonly kind: "remove"; readonly id: string; readonly what: string; readonly remove: string };

export interface Plan {
  readonly steps: readonly Step[];
  /** Silences that are as they should be, by their id in the file. */
  readonly same: readonly string[];
  /** Silences of the file that have ended, and are to be removed from it. */
  readonly ended: readonly string[];
  /** How many silences of people there are, which are left alone. */
  readonly others: number;
  /** Other environments that silences of the file were applied for: then this is their Alertmanager. */
  readonly elsewhere: readonly string[];
}

/** Ends the comment of each silence that comes from the file. The first ones had no environment. */
const MARK = /\[bellwether silence (?:([a-z0-9-]+)\/)?([a-z0-9-]+)\]$/;

/**
 * What to do so that Alertmanager has the silences of the file for an environment. Silences without the mark of the file are left alone. `now` is
 * in milliseconds.
 */
export function planOf(
  environment: string,
  planned: readonly PlannedSilence[],
  existing: readonly Silence[],
  now: number,
): Plan {
  const live = existing.filter(({ status }) => status.state !== "expired");
  const { known, elsewhere } = marked(live, environment);
  const [steps, same, ended]: [Step[], string[], string[]] = [[], [], []];
  const wanted = planned.filter(({ id, expires }) => {
    const isOver = Date.parse(expires) <= now;
    if (isOver) ended.push(id);
    return !isOver;
  });
  for (const silence of wanted) {
    const [first, ...more] = known.get(silence.id) ?? [];
    const post = postOf(environment, silence, first, now);
    const what = inWords(post);
    if (first === undefined) steps.push({ kind: "create", id: silence.id, what, post });
    else {
      const changes = changesOf(first, post);
      if (changes.length === 0) same.push(silence.id);
      else steps.push({ kind: "change", id: silence.id, what: changes.join("; "), post });
    }
    for (const double of more)
      steps.push({ kind: "remove", id: silence.id, what: "is there a second time", remove: double.id });
  }
  const ids = new Set(wanted.map(({ id }) => id));
  for (const [id, silences] of known)
    if (!ids.has(id))
      for (const silence of silences)
        steps.push({
          kind: "remove",
          id,
          what: `${matchersInWords(silence.matchers)}, no longer in the file`,
          remove: silence.id,
        });
  return {
    steps,
    same,
    ended,
    others: live.filter(({ comment }) => !MARK.test(comment)).length,
    elsewhere,
  };
}

/** The silences of an environment by their id in the file, and the other environments that have some. */
function marked(live: readonly Silence[], environment: string) {
  const known = new Map<string, Silence[]>();
  const elsewhere = new Set<string>();
  for (const silence of live) {
    const [mark, of = environment, id = ""] = MARK.exec(silence.comment) ?? [];
    if (mark === undefined) continue;
    if (of === environment) known.set(id, [...(known.get(id) ?? []), silence]);
    else elsewhere.add(of);
  }
  return { known, elsewhere: [...elsewhere].sort() };
}

function postOf(
  environment: string,
  { id, matchers, owner, reason, starts, expires }: PlannedSilence,
  existing: Silence | undefined,
  now: number,
): PostedSilence {
  const start = starts === undefined ? now : Date.parse(starts);
  // One that has begun keeps its beginning: Alertmanager would end it and make another one.
  const hasBegun = existing?.status.state === "active" && start <= now;
  return {
    ...(existing !== undefined && { id: existing.id }),
    matchers,
    startsAt: hasBegun ? existing.startsAt : new Date(Math.max(start, now)).toISOString(),
    endsAt: new Date(Date.parse(expires)).toISOString(),
    createdBy: owner,
    comment: `${reason} [bellwether silence ${environment}/${id}]`,
  };
}

function changesOf(existing: Silence, post: PostedSilence): readonly string[] {
  const [was, is] = [sorted(existing.matchers), sorted(post.matchers)];
  const isPending = existing.status.state === "pending";
  const moved = Math.abs(Date.parse(existing.startsAt) - Date.parse(post.startsAt)) >= 1000;
  return [
    ...(was === is ? [] : [`${was} → ${is}`]),
    ...(isPending || Date.parse(post.startsAt) > Date.parse(existing.startsAt)
      ? moved
        ? [`starts ${toTheMinute(existing.startsAt)} → ${toTheMinute(post.startsAt)}`]
        : []
      : []),
    ...(Date.parse(existing.endsAt) === Date.parse(post.endsAt)
      ? []
      : [`expires ${toTheMinute(existing.endsAt)} → ${toTheMinute(post.endsAt)}`]),
    ...(existing.createdBy === post.createdBy ? [] : [`owner ${existing.createdBy} → ${post.createdBy}`]),
    ...(existing.comment === post.comment
      ? []
      : [`reason ${JSON.stringify(post.comment.replace(MARK, "").trim())}`]),
  ];
}

/** Their order does not matter. */
function sorted(matchers: readonly SilenceMatcher[]): string {
  return matchers
    .map((matcher) => matchersInWords([matcher]))
    .sort()
    .join(", ");
}

function inWords({ matchers, startsAt, endsAt, createdBy }: PostedSilence): string {
  return `${sorted(matchers)} from ${toTheMinute(startsAt)} to ${toTheMinute(endsAt)}, owner ${createdBy}`;
}
