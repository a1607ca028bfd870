/** How much a memoized function keeps. */
export interface MemoizeOptions {
  /** Results that are kept. When a further one is needed, all are dropped: a process that asks for more computes some twice. */
  readonly most?: number;
}

/** The same function, which computes each result once. Keys are compared as a Map does: text and numbers by value. */
export function memoize<Key, Value>(
  compute: (key: Key) => Value,
  { most = Number.POSITIVE_INFINITY }: MemoizeOptions = {},
): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Value;
    const value = compute(key);
    if (known.size >= most) known.clear();
    known.set(key, value);
    return value;
  };
}

/** The same function, which computes each result once per object and keeps it as long as the object. */
export function memoizeByObject<Key extends object, Value>(
  compute: (key: Key) => Value,
): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Value;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
