/** A value in a unit of Grafana's, as short as an axis has room for. */
export function shown(value: number, unit: string): string {
  switch (unit) {
    case "percentunit":
      return `${trimmed(value * 100, Math.abs(value) < 0.02 ? 2 : 1)}%`;
    case "bytes":
      return scaled(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);
    case "Bps":
      return `${scaled(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB"])}/s`;
    case "s":
      return time(value);
    case "ms":
      return time(value / 1000);
    case "reqps":
    case "cps":
    case "pps":
      return `${scaled(value, 1000, ["", "k", "M", "G"])}/s`;
    default:
      return scaled(value, 1000, ["", "k", "M", "G"]);
  }
}

function scaled(value: number, step: number, units: readonly string[]): string {
  const size = Math.abs(value);
  const power = size < step ? 0 : Math.min(units.length - 1, Math.floor(Math.log(size) / Math.log(step)));
  const text = String(Number((value / step ** power).toPrecision(3)));
  const unit = units[power] ?? "";
  return unit.length > 1 || unit === "B" ? `${text} ${unit}` : `${text}${unit}`;
}

function time(value: number): string {
  const size = Math.abs(value);
  if (size >= 86_400) return `${trimmed(value / 86_400, 1)} d`;
  if (size >= 3600) return `${trimmed(value / 3600, 1)} h`;
  if (size >= 60) return `${trimmed(value / 60, 1)} min`;
  return size >= 1 || size === 0 ? `${trimmed(value, 2)} s` : `${trimmed(value * 1000, 1)} ms`;
}

function trimmed(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
