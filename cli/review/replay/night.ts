/** Hours of the day in a time zone; the end is earlier than the start if midnight is between them. */
export interface Night {
  /** Minutes after midnight. */
  readonly start: number;
  readonly end: number;
  /** A name of the IANA database. */
  readonly zone: string;
}

const FORM = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})(?: (\S+))?$/;

/** Reads `22:00-07:00 Europe/Berlin`; undefined for anything else. Without a zone it is UTC. */
export function nightOf(text: string): Night | undefined {
  const found = FORM.exec(text);
  if (found === null) return undefined;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = found.slice(1, 5).map(Number);
  const zone = found[5] ?? "UTC";
  if (Math.max(fromHour, toHour) > 23 || Math.max(fromMinute, toMinute) > 59 || !isZone(zone))
    return undefined;
  return { start: fromHour * 60 + fromMinute, end: toHour * 60 + toMinute, zone };
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Whether a moment, in Unix seconds, is at night. */
export function atNight({ start, end, zone }: Night): (at: number) => boolean {
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const [hour = 0, minute = 0] = clock
      .format(at * 1000)
      .split(":")
      .map(Number);
    const minutes = hour * 60 + minute;
    return start <= end ? start <= minutes && minutes < end : start <= minutes || minutes < end;
  };
}
