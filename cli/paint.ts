/** Styles of text for a terminal, or plain text where colours are not shown. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Colours for a terminal, none for a file, and none where NO_COLOR is set to anything. */
export function paintFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Paint {
  const colourful = stream.isTTY === true && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
  const style = (code: number, end: number) => (text: string) =>
    colourful ? `\u001b[${code}m${text}\u001b[${end}m` : text;
  return {
    bold: style(1, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    dim: style(2, 22),
  };
}
