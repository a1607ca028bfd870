/**
 * The segments of a problem's path, the reverse of `joinPath`: `environment.cluster.logs[0]` is environment, cluster, logs
 * and 0. Undefined where the path is none, such as the name of a file.
 */
export function segmentsOf(path: string): readonly (string | number)[] | undefined {
  const segments: (string | number)[] = [];
  const part = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  while (part.lastIndex < path.length) {
    const match = part.exec(path);
    if (match === null) return undefined;
    const [, name, index, quoted] = match;
    if (name !== undefined) segments.push(name);
    else if (index !== undefined) segments.push(Number(index));
    else segments.push(JSON.parse(quoted ?? '""') as string);
  }
  return segments;
}
