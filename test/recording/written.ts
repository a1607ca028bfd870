import type { RecordedBoard } from "../../cli/pictures/recording-format.ts";
import type { Recording } from "./record.ts";

/** The files of a recording by name, a panel a line, so that a change shows in a diff. */
export function written({ hour, boards: { platform, services } }: Recording): Map<string, string> {
  return new Map([
    ["hour.json", `${JSON.stringify(hour, null, 2)}\n`],
    ["platform.json", object(platform, boardText)],
    [
      "services.json",
      object(
        services,
        ({ owner, isOfEnvironment, panels }) =>
          `{"owner":${JSON.stringify(owner)},"isOfEnvironment":${isOfEnvironment},"panels":${boardText(panels)}}`,
      ),
    ],
  ]);
}

function boardText(board: RecordedBoard): string {
  return object(board, (panel) => JSON.stringify(panel)).trimEnd();
}

function object<T>(entries: Readonly<Record<string, T>>, text: (value: T) => string): string {
  const lines = Object.entries(entries).map(([key, value]) => `${JSON.stringify(key)}:${text(value)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}
