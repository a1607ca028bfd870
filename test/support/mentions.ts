/** Fields in which the word is no namespace: what a workload is for, and what a dashboard is about. */
const OTHER_MEANING = new Set(["app.kubernetes.io/component", "tags"]);

/** The name alone, or as part of an address, a path, an argument or a matcher; not the operator's API group. */
const AS_NAME = /(?:^|[./=:"'])monitoring(?:-node)?(?!\.coreos\.com)(?=$|[./:"',\s])/;

/**
 * Where texts of a rendered tree name one of the default namespaces, as `path: text`, with only the name of texts that hold more. A text that is
 * JSON is searched as a tree.
 */
export function mentions(tree: unknown, path = ""): readonly string[] {
  if (typeof tree === "string") {
    const inner = parsed(tree);
    if (inner !== undefined) return mentions(inner, path);
    const [found] = AS_NAME.exec(tree) ?? [];
    return found === undefined ? [] : [`${path}: ${found}`];
  }
  if (Array.isArray(tree)) return tree.flatMap((item, index) => mentions(item, `${path}[${index}]`));
  if (tree === null || typeof tree !== "object") return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    OTHER_MEANING.has(key) ? [] : mentions(value, path === "" ? key : `${path}.${key}`),
  );
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
